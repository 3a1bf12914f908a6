/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ack.c - takes an incident, or closes it: a word in the stream of acknowledgements, and then what
 * breachd says to it.
 */
#include "adapter/print.h"
#include "core/custody.h"
#include "ctl/line.h"
#include "ctl/link.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ID_MAX = 48, WAIT_S = 10 };

struct asked {
    const char *incident, *action, *by;
    char id[ID_MAX];                      // of our word
    char alerts[ID_MAX], refused[ID_MAX]; // ids up to which both streams are read
    char refusal[REDIS_WHY_MAX];
    bool done;
};

static void take_id(const struct redis_reply *reply, void *arg)
{
    snprintf(arg, ID_MAX, "%s", reply->kind == REDIS_TEXT ? reply->text : "0");
}

/* The newest id of a stream, "0" when it is empty: [[id, fields]]. */
static void take_newest(const struct redis_reply *reply, void *arg)
{
    struct redis_reply entry = redis_item(reply, 0), id = redis_item(&entry, 0);

    snprintf(arg, ID_MAX, "%s", id.kind == REDIS_TEXT ? id.text : "0");
}

static const char *field(const struct redis_reply *fields, const char *name)
{
    for (size_t i = 0; i + 1 < fields->n; i += 2) {
        if (strcmp(redis_item(fields, i).text, name) == 0)
            return redis_item(fields, i + 1).text;
    }
    return "";
}

static void take_alert(struct asked *asked, const struct redis_reply *fields)
{
    bool ack = strcmp(asked->action, "ack") == 0;
    json_t *event = json_loads(field(fields, "event"), 0, NULL);

    if (strcmp(field(fields, "type"), alert_type_name(ack ? ALERT_ACKED : ALERT_CLOSED)) == 0 &&
        strcmp(line_text(event, "data.incident"), asked->incident) == 0 &&
        strcmp(line_text(event, "data.by"), asked->by) == 0)
        asked->done = true;
    json_decref(event);
}

/* [[stream, [[id, fields], …]], …], or nil when nothing came. */
static void take_news(const struct redis_reply *reply, void *arg)
{
    struct asked *asked = arg;

    for (size_t i = 0; i < reply->n; i++) {
        struct redis_reply stream = redis_item(reply, i), name = redis_item(&stream, 0);
        struct redis_reply entries = redis_item(&stream, 1);
        bool refusals = strstr(name.text, ":acks:refused") != NULL;

        for (size_t k = 0; k < entries.n; k++) {
            struct redis_reply entry = redis_item(&entries, k), fields = redis_item(&entry, 1);

            snprintf(refusals ? asked->refused : asked->alerts, ID_MAX, "%s",
                     redis_item(&entry, 0).text);
            if (!refusals)
                take_alert(asked, &fields);
            else if (strcmp(field(&fields, "ack"), asked->id) == 0)
                snprintf(asked->refusal, sizeof asked->refusal, "%s", field(&fields, "why"));
        }
    }
}

static bool send_ack(struct link *link, struct asked *asked, const struct ctl_options *options,
                     struct fault *why)
{
    char acks[LINK_KEY_MAX];

    link_key(link, "acks", acks);
    return link_ask(link, 13,
                    (const char *[]){ "XADD", acks, "*", "incident", asked->incident, "action",
                                      asked->action, "by", options->by, "reason",
                                      options->reason ? options->reason : "", "note",
                                      options->note ? options->note : "" },
                    take_id, asked->id, why);
}

static time_t second(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* What breachd makes of it: done, refused with a reason, or nothing within WAIT_S. */
static bool await_answer(struct link *link, struct asked *asked, struct fault *why)
{
    char alerts[LINK_KEY_MAX], refused[LINK_KEY_MAX];

    link_key(link, "alerts", alerts);
    link_key(link, "acks:refused", refused);
    // However much news of others comes meanwhile.
    for (time_t until = second() + WAIT_S;
         second() < until && !asked->done && asked->refusal[0] == '\0';) {
        if (!link_ask(link, 10,
                      (const char *[]){ "XREAD", "BLOCK", "500", "COUNT", "1000", "STREAMS", alerts,
                                        refused, asked->alerts, asked->refused },
                      take_news, asked, why))
            return false;
    }
    if (asked->refusal[0] != '\0')
        return fault_set(why, "%s: refused: %s", asked->incident, asked->refusal);
    return asked->done || fault_set(why,
                                    "%s: the word is sent, but breachd has not answered: does it "
                                    "watch? (breachctl status)",
                                    asked->incident);
}

static bool find_ends(struct link *link, struct asked *asked, struct fault *why)
{
    char key[LINK_KEY_MAX];

    return link_ask(link, 6,
                    (const char *[]){ "XREVRANGE", link_key(link, "alerts", key), "+", "-", "COUNT",
                                      "1" },
                    take_newest, asked->alerts, why) &&
           link_ask(link, 6,
                    (const char *[]){ "XREVRANGE", link_key(link, "acks:refused", key), "+", "-",
                                      "COUNT", "1" },
                    take_newest, asked->refused, why);
}

static void take_whether(const struct redis_reply *reply, void *arg)
{
    *(bool *)arg = reply->kind == REDIS_NUMBER && reply->number == 0;
}

/* Also what is over can be taken and closed; who meant what goes on now must hear of it. */
static bool is_over(struct link *link, const char *incident)
{
    char key[LINK_KEY_MAX];
    bool over = false;
    struct fault unheard;

    return link_ask(link, 3, (const char *[]){ "HEXISTS", link_key(link, "open", key), incident },
                    take_whether, &over, &unheard) &&
           over;
}

static int say(const char *action, int argc, char **argv)
{
    struct ctl_options options;
    struct link link = { 0 };
    struct asked asked = { .action = action };
    struct fault why;
    static const char device[] = "device/"; // whose incidents are never in `open`
    bool ok, ack = strcmp(action, "ack") == 0, over;
    int rest;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_one(argc, argv, rest, "INCIDENT") ||
        !ctl_given(options.by, "--by NAME"))
        return ctl_misused(action);
    if (strcmp(action, "close") == 0 && !ctl_given(options.reason, "--reason REASON"))
        return ctl_misused(action);
    if (options.reason != NULL && !custody_reason_check(options.reason, &why))
        return ctl_wrong("%s", why.text);
    asked.incident = argv[rest];
    asked.by = options.by;
    ok = link_init(&link, &options, &why) && find_ends(&link, &asked, &why) &&
         send_ack(&link, &asked, &options, &why) && await_answer(&link, &asked, &why);
    over = ok && ack && strncmp(asked.incident, device, sizeof device - 1) != 0 &&
           is_over(&link, asked.incident);
    link_fini(&link);
    if (!ok)
        return ctl_refuse("%s", why.text);
    print_line(stdout, "%s: %s by %s%s", asked.incident, ack ? "taken" : "closed", options.by,
               over ? "; it is over: `breachctl open` shows what goes on" : "");
    return CTL_DONE;
}

int ctl_ack(int argc, char **argv)
{
    return say("ack", argc, argv);
}

int ctl_close(int argc, char **argv)
{
    return say("close", argc, argv);
}
