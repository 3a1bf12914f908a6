/* SPDX-License-Identifier: Apache-2.0 */
#include "judge.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"

/*
 * `RSS_MORE_KIB` is far above what a thousand connections may hold back (breachd.8, LIMITS), and
 * far below what nobody takes away in a minute; a sanitizer keeps what was freed.
 */
enum {
    LEDGER_KIB = 8 * 1024,
    OWN_ALERTS = 400,
#if defined(__SANITIZE_ADDRESS__)
    ANSWER_MS = 9000, // it is some four times as slow
    RSS_MORE_KIB = 1536 * 1024
#else
    ANSWER_MS = 5000,
    RSS_MORE_KIB = 256 * 1024
#endif
};

static size_t complaints;

#define must(condition, ...)                                                                       \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, __VA_ARGS__);                                                          \
            complaints++;                                                                          \
        }                                                                                          \
    } while (0)

static size_t count_type(const json_t *alerts, const char *type)
{
    const json_t *alert;
    size_t n = 0, i;

    json_array_foreach(alerts, i, alert) n += strcmp(alert_text(alert, "type"), type) == 0;
    return n;
}

static size_t count_device(const json_t *alerts, const char *prefix)
{
    const json_t *alert;
    size_t n = 0, i;

    json_array_foreach(alerts, i, alert) n +=
        strncmp(alert_text(alert, "data.device"), prefix, strlen(prefix)) == 0;
    return n;
}

static bool ids_are_unique(const json_t *alerts)
{
    json_t *seen = json_object();
    const json_t *alert;
    bool ok = true;
    size_t i;

    json_array_foreach(alerts, i, alert)
    {
        const char *id = alert_text(alert, "id");

        ok = ok && json_object_get(seen, id) == NULL;
        json_object_set_new(seen, id, json_true());
    }
    json_decref(seen);
    return ok;
}

long rss_kib(const struct child *child)
{
    char path[64], line[256];
    FILE *file;
    long kib = 0;

    snprintf(path, sizeof path, "/proc/%d/status", (int)child->pid);
    file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL && kib == 0)
        sscanf(line, "VmRSS: %ld", &kib);
    if (file != NULL)
        fclose(file);
    return kib;
}

static long kib_of(const struct testbed *testbed, const char *name)
{
    FILE *file = fopen(testbed_path(testbed, name).text, "re");
    long size = 0;

    if (file != NULL && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file) / 1024;
    if (file != NULL)
        fclose(file);
    return size;
}

static void judge_alerts(struct testbed *testbed, const char *name)
{
    const json_t *alert;
    size_t i;

    must(count_type(testbed->alerts, "breachd.blind") == 0, "%s: blind\n", name);
    must(count_device(testbed->alerts, "evil-") <= OWN_ALERTS, "%s: %zu alerts of its own\n", name,
         count_device(testbed->alerts, "evil-"));
    must(ids_are_unique(testbed->alerts), "%s: an id comes twice\n", name);
    json_array_foreach(testbed->alerts, i, alert)
    {
        must(strcmp(alert_text(alert, "data.by"), "old") != 0, "%s: an old word was obeyed\n",
             name);
    }
}

/* The number of the order's newest incident, from its newest alert. */
static const char *newest_of(const struct testbed *testbed, const char *order)
{
    const char *number = "1";
    const json_t *alert;
    size_t i;

    json_array_foreach(testbed->alerts, i, alert)
    {
        const char *incident = alert_text(alert, "data.incident");

        if (strcmp(alert_text(alert, "data.order"), order) == 0 && strrchr(incident, '/') != NULL)
            number = strrchr(incident, '/') + 1;
    }
    return number;
}

/* What the control room says must be heard, whatever else was said to the same stream. */
static bool acks_are_heard(struct testbed *testbed)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    bool said = false;

    testbed_gather(testbed);
    while (now_ms() < deadline) {
        const json_t *alert;
        size_t i;

        if (!said) {
            redisReply *reply = redisCommand(
                testbed->db, "XADD {breachd}:acks * incident H0/home/%s action ack by %s",
                newest_of(testbed, "H0"), "honest");

            said = reply != NULL && reply->type == REDIS_REPLY_STRING;
            if (reply != NULL)
                freeReplyObject(reply);
        }
        testbed_gather(testbed);
        json_array_foreach(testbed->alerts, i, alert)
        {
            if (strcmp(alert_text(alert, "data.by"), "honest") == 0)
                return true;
        }
        poll(NULL, 0, 50);
    }
    return false;
}

static void judge_honest(const struct honest honest[HONEST], const struct testbed *testbed,
                         const struct evil_kind *kind)
{
    size_t stays = 0;

    for (int i = 0; i < HONEST; i++) {
        complaints += honest_unreported(&honest[i], testbed->alerts, kind->clock);
        stays += honest[i].n;
        must(honest[i].unserved == 0, "%s: %lu pings unserved\n", honest[i].device,
             honest[i].unserved);
        must(honest[i].slowest < ANSWER_MS, "%s: waited %" PRId64 " ms\n", honest[i].device,
             honest[i].slowest);
    }
    must(stays > 0, "%s: nobody ever came in\n", kind->name);
}

size_t judge(struct testbed *testbed, const struct honest honest[HONEST], struct evil *evil,
             const struct measured *measured)
{
    const char *name = evil->kind->name;

    complaints = 0;
    must(child_lives(&testbed->breachd), "%s: breachd died after %" PRId64 " ms\n", name,
         measured->played);
    if (complaints > 0)
        return complaints; // nothing can be asked any more
    must(testbed_get(testbed, "/readyz") == 200, "%s: not ready: %s\n", name, testbed->body);
    redisReconnect(testbed->db); // a liar may have cut it
    must(acks_are_heard(testbed), "%s: the control room is not heard\n", name);
    judge_honest(honest, testbed, evil->kind);
    must(measured->rss_most - measured->rss_before < RSS_MORE_KIB, "%s: holds %ld KiB, was %ld\n",
         name, measured->rss_most, measured->rss_before);
    judge_alerts(testbed, name);
    if (evil->kind->untrue != NULL)
        complaints += evil->kind->untrue(evil, testbed);
    return complaints;
}

size_t judge_ledger(struct testbed *testbed, const struct evil_kind *kind)
{
    struct path ledger = testbed_path(testbed, "ledger.db");
    long most = kind->ledger_kib > 0 ? kind->ledger_kib : LEDGER_KIB;

    complaints = 0;
    // Without the log, which is emptied at a stop.
    must(kib_of(testbed, "ledger.db") <= most, "%s: the ledger has %ld KiB\n", kind->name,
         kib_of(testbed, "ledger.db"));
    must(testbed_ctl(testbed, "verify", "--ledger", ledger.text, NULL) == 0, "%s: verify: %s%s\n",
         kind->name, testbed_ctl_said(testbed), testbed_ctl_complained(testbed));
    return complaints;
}
