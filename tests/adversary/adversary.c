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
#include "judge.h"
#include "support/test.h"
#include "support/token_line.h"

enum { KINDS_MAX = 32, LONGER_MAX = 10 /* times what was asked for */ };

static struct args {
    unsigned long seed;
    int seconds, rounds; // of each adversary
    const char *only;
} args = { .seed = 20200623, .seconds = 6, .rounds = 1 };

const struct evil_kind *const evil_kinds[] = { &evil_nobody,
                                               &evil_extremes,
                                               &evil_flips,
                                               &evil_decoys,
                                               &evil_sprays,
                                               &evil_gateway,
                                               &evil_room,
                                               &evil_stream,
                                               &evil_liar,
                                               &evil_eater,
                                               &evil_old_words,
                                               &evil_wall_ahead,
                                               &evil_wall_and_spray,
                                               &evil_reloads,
                                               &evil_operator_lists,
                                               &evil_operator_maps,
                                               &evil_operator_reloads,
                                               &evil_operator_strangers,
                                               &evil_operator_asks,
                                               &evil_control,
                                               &evil_neighbour,
                                               &evil_web,
                                               &evil_quota,
                                               NULL };

struct stage {
    struct testbed *testbed;
    struct honest honest[HONEST];
    struct evil evil;
    struct measured measured;
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
    token_line(out, "desk", ROOM_TOKEN, "room");
    token_line(out, "page", MAP_TOKEN, "map");
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

static void measure(struct stage *stage)
{
    long now = rss_kib(&stage->testbed->breachd);

    if (stage->measured.rss_before == 0)
        stage->measured.rss_before = now;
    if (stage->measured.rss_most < now)
        stage->measured.rss_most = now;
}

/* On a machine that is busy besides it takes longer until each has been inside. */
static bool goes_on(const struct stage *of, int64_t ms)
{
    bool came = true;

    for (int i = 0; i < HONEST; i++)
        came = came && of->honest[i].n > 0 && of->honest[i].stays[0].until != 0;
    return ms < args.seconds * 1000 || (!came && ms < args.seconds * LONGER_MAX * 1000);
}

/* Nobody sleeps: the next step is waited for like everything else, by poll(). */
static void play(struct stage *stage)
{
    const struct evil_kind *kind = stage->evil.kind;
    struct testbed *testbed = stage->testbed;
    int64_t began = now_ms(), next = began;
    int second = 0;

    while (goes_on(stage, now_ms() - began) && child_lives(&testbed->breachd)) {
        for (int i = 0; i < HONEST; i++)
            honest_step(&stage->honest[i]);
        testbed_hear(testbed);
        measure(stage);
        if (kind->midway != NULL && (now_ms() - began) / 1000 > second)
            kind->midway(testbed, ++second);
        next += HONEST_STEP_MS;
        if (next > now_ms())
            poll(NULL, 0, (int)(next - now_ms()));
    }
    stage->measured.played = now_ms() - began;
}

/* ---- a test an adversary ---- */

static struct stage stage;

static int stage_setup(void **state)
{
    void *made;

    stage = (struct stage){ .evil = { .kind = *state, .dice = { args.seed } } };
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

/* The longest that anybody honest waited: ms. */
static int64_t slowest(const struct stage *of)
{
    int64_t most = 0;

    for (int i = 0; i < HONEST; i++)
        most = of->honest[i].slowest > most ? of->honest[i].slowest : most;
    return most;
}

static void the_honest_are_served(void **state)
{
    const struct evil_kind *kind = stage.evil.kind;
    size_t complaints;

    (void)state;
    settle(&stage);
    if (kind->act != NULL)
        stage.acts = pthread_create(&stage.thread, NULL, act, &stage.evil) == 0;
    play(&stage);
    stop_acting();
    complaints = judge(stage.testbed, stage.honest, &stage.evil, &stage.measured);
    print_message("%s (%s): seed %lu, %lu deeds, %zu stays of %s, %zu complaints, %" PRId64
                  " ms at most, %ld KiB more\n",
                  kind->name, kind->says, args.seed, atomic_load(&stage.evil.done),
                  stage.honest[0].n, stage.honest[0].device, complaints, slowest(&stage),
                  stage.measured.rss_most - stage.measured.rss_before);
    assert_int_equal(complaints, 0);
    testbed_close(stage.testbed);
    assert_int_equal(judge_ledger(stage.testbed, kind), 0);
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
