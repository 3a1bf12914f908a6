/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adversary.c - several honest respondents with an oracle, and one adversary at a time. Every stay
 * of an honest one must be told as a breach within so many of his pings, every ping of his be
 * answered, and breachd live, ready, in sequence, to the end. The seed settles what the adversary
 * says; the instants are the machine's.
 */
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evil.h"
#include "honest.h"
#include "support/test.h"
#include "support/token_line.h"

enum { KINDS_MAX = 32, ANSWER_MS = 5000, LEDGER_KIB = 8 * 1024, OWN_ALERTS = 400 };

static struct args {
    unsigned long seed;
    int seconds, rounds; // of each adversary
    const char *only;
} args = { .seed = 20200623, .seconds = 6, .rounds = 1 };

const struct evil_kind *const evil_kinds[] = {
    &evil_nobody,         &evil_extremes, &evil_flips,     &evil_decoys,
    &evil_sprays,         &evil_gateway,  &evil_room,      &evil_stream,
    &evil_liar,           &evil_eater,    &evil_old_words, &evil_wall_ahead,
    &evil_wall_and_spray, &evil_reloads,  &evil_quota,     NULL
};

struct stage {
    struct testbed *testbed;
    struct honest honest[HONEST];
    struct evil evil;
    pthread_t thread;
    bool acts;
};

/* ---- the scene ---- */

/* The last honest device comes by the gateway that two of the adversary's use too. */
static void write_tokens(struct testbed *testbed, const struct honest honest[HONEST])
{
    FILE *out = fopen(testbed_path(testbed, "tokens").text, "we");
    char scope[128];

    assert_non_null(out);
    for (int i = 0; i < HONEST - 1; i++)
        token_line(out, honest[i].order, honest[i].token, honest[i].device);
    snprintf(scope, sizeof scope, "%s,evil-1,evil-2", honest[HONEST - 1].device);
    token_line(out, "gateway", GATEWAY_TOKEN, scope);
    token_line(out, "evil", EVIL_TOKEN, "evil-0");
    token_line(out, "ops", OPERATOR_TOKEN, "operator");
    fclose(out);
    testbed_set(testbed, "breachd.conf", "http", "tokens", "tokens");
    testbed->token = OPERATOR_TOKEN;
}

static void settle(struct stage *stage)
{
    const struct evil_kind *kind = stage->evil.kind;
    struct honest *honest = stage->honest;
    struct testbed *testbed = stage->testbed;
    char token[32];

    for (int i = 0; i < HONEST; i++) {
        snprintf(token, sizeof token, "honest-secret-%d", i);
        honest_init(&honest[i], testbed, i, i < HONEST - 1 ? token : GATEWAY_TOKEN);
    }
    evil_settle(testbed);
    write_tokens(testbed, honest);
    testbed_set(testbed, "breachd.conf", "redis", "pings", "on");
    testbed->first = 0; // a site whose numbers begin elsewhere is no matter here
    if (kind->before != NULL)
        kind->before(testbed);
    if (!kind->redis_away && testbed->db == NULL)
        testbed_redis_start(testbed, "");
    if (testbed->breachd.pid == 0)
        testbed_start(testbed, NULL);
}

/* ---- one round ---- */

static void *act(void *arg)
{
    struct evil *evil = arg;

    evil->kind->act(evil);
    return NULL;
}

/* Nobody sleeps: the next step is waited for like everything else, by poll(). */
static void play(struct stage *stage)
{
    const struct evil_kind *kind = stage->evil.kind;
    struct testbed *testbed = stage->testbed;
    int64_t began = now_ms(), next = began;
    int second = 0;

    while (now_ms() - began < args.seconds * 1000) {
        for (int i = 0; i < HONEST; i++)
            honest_step(&stage->honest[i]);
        testbed_hear(testbed);
        if (kind->midway != NULL && (now_ms() - began) / 1000 > second)
            kind->midway(testbed, ++second);
        next += HONEST_STEP_MS;
        if (next > now_ms())
            poll(NULL, 0, (int)(next - now_ms()));
    }
}

/* ---- what must hold ---- */

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

static void judge(const struct stage *stage)
{
    struct testbed *testbed = stage->testbed;
    const char *name = stage->evil.kind->name;
    size_t stays = 0;

    must(child_lives(&testbed->breachd), "%s: breachd died\n", name);
    must(testbed_get(testbed, "/readyz") == 200, "%s: not ready: %s\n", name, testbed->body);
    redisReconnect(testbed->db); // a liar may have cut it
    must(acks_are_heard(testbed), "%s: the control room is not heard\n", name);
    for (int i = 0; i < HONEST; i++) {
        const struct honest *honest = &stage->honest[i];

        complaints += honest_untold(honest, testbed->alerts, stage->evil.kind->clock);
        stays += honest->n;
        must(honest->unserved == 0, "%s: %lu pings unserved\n", honest->device, honest->unserved);
        must(honest->slowest < ANSWER_MS, "%s: waited %" PRId64 " ms\n", honest->device,
             honest->slowest);
    }
    must(stays > 0, "%s: nobody ever came in\n", name);
    judge_alerts(testbed, name);
}

/* ---- a test an adversary ---- */

static struct stage stage;

static int stage_setup(void **state)
{
    void *made;

    stage = (struct stage){ .evil = { .kind = *state, .dice = { args.seed } } };
    complaints = 0;
    if (testbed_setup(&made) != 0)
        return -1;
    stage.evil.testbed = stage.testbed = made;
    return 0;
}

static void stop_acting(void)
{
    atomic_store(&stage.evil.stop, true);
    if (stage.acts)
        pthread_join(stage.thread, NULL);
    stage.acts = false;
}

static int stage_teardown(void **state)
{
    void *made = stage.testbed;

    (void)state;
    stop_acting();
    for (int i = 0; i < HONEST; i++)
        wire_close(&stage.honest[i].wire);
    return testbed_teardown(&made);
}

static void the_honest_are_served(void **state)
{
    const struct evil_kind *kind = stage.evil.kind;

    (void)state;
    settle(&stage);
    if (kind->act != NULL)
        stage.acts = pthread_create(&stage.thread, NULL, act, &stage.evil) == 0;
    play(&stage);
    stop_acting();
    judge(&stage);
    print_message("%s (%s): seed %lu, %lu deeds, %zu stays of %s, %zu complaints\n", kind->name,
                  kind->says, args.seed, atomic_load(&stage.evil.done), stage.honest[0].n,
                  stage.honest[0].device, complaints);
    assert_int_equal(complaints, 0);
    testbed_close(stage.testbed);
    // Without the log, which is emptied at a stop.
    if (kib_of(stage.testbed, "ledger.db") > LEDGER_KIB)
        fail_msg("%s: the ledger has %ld KiB", kind->name, kib_of(stage.testbed, "ledger.db"));
}

/* ---- the program ---- */

static bool read_args(int argc, char **argv)
{
    static const struct option options[] = { { "seed", required_argument, NULL, 's' },
                                             { "seconds", required_argument, NULL, 't' },
                                             { "rounds", required_argument, NULL, 'r' },
                                             { "only", required_argument, NULL, 'o' },
                                             { NULL, 0, NULL, 0 } };
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 's')
            args.seed = strtoul(optarg, NULL, 10);
        else if (option == 't')
            args.seconds = atoi(optarg);
        else if (option == 'r')
            args.rounds = atoi(optarg);
        else if (option == 'o')
            args.only = optarg;
        else
            return false;
    }
    return args.seconds > 0 && args.rounds > 0;
}

int main(int argc, char **argv)
{
    struct CMUnitTest tests[KINDS_MAX] = { 0 };
    int failed = 0;
    size_t n = 0;

    if (!read_args(argc, argv)) {
        fprintf(stderr, "usage: adversary [--seed N] [--seconds N] [--rounds N] [--only NAME]\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; evil_kinds[i] != NULL; i++) {
        if (args.only == NULL || strcmp(args.only, evil_kinds[i]->name) == 0)
            tests[n++] = (struct CMUnitTest){ .name = evil_kinds[i]->name,
                                              .test_func = the_honest_are_served,
                                              .setup_func = stage_setup,
                                              .teardown_func = stage_teardown,
                                              .initial_state = (void *)(uintptr_t)evil_kinds[i] };
    }
    for (int round = 0; round < args.rounds; round++, args.seed++)
        failed += _cmocka_run_group_tests("adversary", tests, n, NULL, NULL);
    return failed;
}
