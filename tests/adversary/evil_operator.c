/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adversaries at the control room's door of breachd: with a token for incidents and devices, one
 * for places, those that are for neither, and an operator's.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accesses.h"
#include "clients.h"
#include "evil.h"
#include "honest.h"
#include "operator.h"
#include "support/test.h"

enum { DEVICES = 300, CALLERS = 240, CHECKED = 40 };

static struct scene {
    struct operator_view operator;
    struct accesses *accesses;
    unsigned long checked, unwritten; // looks that were sought when they were answered
    unsigned char written[OPERATOR_ACCESSES / 8];
} scene;

/* ---- the scene: lists of several pages, and a door on loopback ---- */

static void add_devices(const struct testbed *testbed)
{
    char id[32], device[32];

    for (int i = 0; i < DEVICES; i++) {
        snprintf(id, sizeof id, "K%03d", i);
        snprintf(device, sizeof device, "desk-%03d", i);
        testbed_order(testbed, id, device, 30000 + i, 200, "");
    }
}

static void settle(struct testbed *testbed, const char *rate)
{
    char listen[64];

    testbed->http_port = testbed_free_port();
    snprintf(listen, sizeof listen, "127.0.0.1:%d, unix:http.sock", testbed->http_port);
    testbed_set(testbed, "breachd.conf", "http", "listen", listen);
    testbed_set(testbed, "breachd.conf", "http", "rate", rate);
    add_devices(testbed);
}

static void before(struct testbed *testbed)
{
    settle(testbed, "1000");
}

static void before_unlimited(struct testbed *testbed)
{
    settle(testbed, "0");
}

/* Each tells of tamper, so that more stands in `todo` than fits a page. */
static void open_incidents(struct testbed *testbed)
{
    for (int i = 0; i < DEVICES; i++)
        freeReplyObject(testbed_redis(
            testbed,
            "XADD breachd:pings * device desk-%03d time %lld lat %.6f lon %.5f accuracy 5 tamper "
            "true",
            i, (long long)wall_ms(), HOME_LAT, HOME_LON + 0.2));
}

static void midway(struct testbed *testbed, int nth)
{
    if (nth == 1)
        open_incidents(testbed);
}

static void midway_reload(struct testbed *testbed, int nth)
{
    static const char *const places[] = { "200", "50", "1000" };

    midway(testbed, nth);
    testbed_set(testbed, "breachd.conf", "http", "max-per-address", places[nth % 3]);
    testbed_set(testbed, "breachd.conf", "http", "rate", nth % 2 == 0 ? "0" : "1000");
    kill(testbed->breachd.pid, SIGHUP);
}

/* ---- what is done ---- */

/* Now and then it is looked whether a look that was answered is on disk by then. */
static void heard(void *arg, const struct question *question, int code, const char *text)
{
    struct scene *of = arg;

    operator_heard(&of->operator, question, code, text);
    if (question->kind != OPERATOR_MAP || code != 200 || of->accesses == NULL ||
        dice_below(of->operator.dice, CHECKED) != 0)
        return;
    of->checked++;
    of->unwritten += !accesses_hold(of->accesses, question->access);
}

static size_t ask(void *arg, char out[CLIENTS_QUESTION_MAX], struct question *question)
{
    return operator_ask(&((struct scene *)arg)->operator, out, question);
}

static void act(struct evil *evil, const char *const tokens[],
                const unsigned weights[OPERATOR_PATHS])
{
    struct path door = testbed_path(evil->testbed, "http.sock");
    struct clients_options options = { .path = door.text,
                                       .port = evil->testbed->http_port,
                                       .n = CALLERS,
                                       .dice = &evil->dice,
                                       .ask = ask,
                                       .heard = heard,
                                       .arg = &scene };
    struct clients *clients = clients_create(&options);

    memset(&scene, 0, sizeof scene);
    scene.operator.dice = & evil->dice;
    for (int i = 0; i < OPERATOR_TOKENS - 1 && tokens[i] != NULL; i++)
        scene.operator.tokens[i] = tokens[i];
    memcpy(scene.operator.weights, weights, sizeof scene.operator.weights);
    scene.accesses = accesses_open(testbed_path(evil->testbed, "ledger.db").text);
    while (clients != NULL && !atomic_load(&evil->stop)) {
        clients_turn(clients);
        atomic_store(&evil->done, scene.operator.answers);
    }
    clients_destroy(clients);
    accesses_close(scene.accesses);
}

/* ---- what must hold ---- */

static void tell_codes(const struct evil *evil)
{
    char line[512];
    int n = snprintf(line, sizeof line, "%s:", evil->kind->name);

    for (int code = 0; code < 600; code++) {
        if (scene.operator.codes[code]> 0)
            n += snprintf(line + n, sizeof line - (size_t)n, " %d: %lu", code,
                          scene.operator.codes[code]);
    }
    print_message("%s\n", line);
}

static size_t say_untrue(const struct evil *evil, const char *what, unsigned long n)
{
    if (n > 0)
        fprintf(stderr, "%s: %s: %lu\n", evil->kind->name, what, n);
    return n > 0;
}

/* Looks that were answered and do not stand in the chain. */
static unsigned long missing_accesses(struct testbed *testbed, unsigned long *out_there)
{
    struct accesses *accesses = accesses_open(testbed_path(testbed, "ledger.db").text);
    unsigned long missing = 0;

    assert_non_null(accesses);
    *out_there = accesses_find(accesses, scene.written, OPERATOR_ACCESSES);
    accesses_close(accesses);
    for (unsigned long i = 1; i <= scene.operator.accesses && i<OPERATOR_ACCESSES; i++)
        missing += ((scene.operator.seen[i / 8] & ~scene.written[i / 8]) >> i % 8) & 1;
    return missing;
}

static size_t untrue(struct evil *evil, struct testbed *testbed)
{
    unsigned long there, missing = missing_accesses(testbed, &there);

    tell_codes(evil);
    print_message("%s: %lu looks in the chain, %lu sought as they were answered\n",
                  evil->kind->name, there, scene.checked);
    return say_untrue(evil, "looks not in the chain", missing) +
           say_untrue(evil, "looks answered before they were on disk", scene.unwritten) +
           say_untrue(evil, "places in what is no map", scene.operator.placed) +
           say_untrue(evil, "nothing was answered", scene.operator.codes[200] == 0);
}

static size_t untrue_of_stranger(struct evil *evil, struct testbed *testbed)
{
    return untrue(evil, testbed) +
           say_untrue(evil, "let in by no token of theirs", scene.operator.let_in);
}

/* ---- kinds ---- */

static void act_lists(struct evil *evil)
{
    act(evil, (const char *[]){ ROOM_TOKEN, NULL },
        (const unsigned[OPERATOR_PATHS]){ 40, 15, 3, 25, 10, 3, 2, 2 });
}

const struct evil_kind evil_operator_lists = { .name = "operator-lists",
                                               .says = "a room's token: lists, cursors, never read",
                                               .act = act_lists,
                                               .before = before,
                                               .midway = midway,
                                               .untrue = untrue };

static void act_maps(struct evil *evil)
{
    act(evil, (const char *[]){ MAP_TOKEN, NULL },
        (const unsigned[OPERATOR_PATHS]){ 10, 5, 60, 3, 2, 1, 1, 1 });
}

const struct evil_kind evil_operator_maps = { .name = "operator-maps",
                                              .says = "a map's token: places, also of what ends",
                                              .act = act_maps,
                                              .before = before,
                                              .midway = midway,
                                              .untrue = untrue };

static void act_reloads(struct evil *evil)
{
    act(evil, (const char *[]){ MAP_TOKEN, ROOM_TOKEN, NULL },
        (const unsigned[OPERATOR_PATHS]){ 30, 10, 5, 30, 10, 5, 1, 1 });
}

const struct evil_kind evil_operator_reloads = { .name = "operator-reloads",
                                                 .says = "both, without a rate, a reload a second",
                                                 .act = act_reloads,
                                                 .before = before_unlimited,
                                                 .midway = midway_reload,
                                                 .untrue = untrue };

static void act_strangers(struct evil *evil)
{
    act(evil,
        (const char *[]){ EVIL_TOKEN, GATEWAY_TOKEN "x", "", "wrong", OPERATOR_TOKEN, "room",
                          NULL },
        (const unsigned[OPERATOR_PATHS]){ 20, 15, 20, 15, 10, 10, 5, 5 });
}

const struct evil_kind evil_operator_strangers = { .name = "operator-strangers",
                                                   .says =
                                                       "no token of the control room, its paths",
                                                   .act = act_strangers,
                                                   .before = before,
                                                   .midway = midway,
                                                   .untrue = untrue_of_stranger };

static void act_operator(struct evil *evil)
{
    act(evil, (const char *[]){ OPERATOR_TOKEN, NULL },
        (const unsigned[OPERATOR_PATHS]){ 1, 1, 1, 1, 1, 90, 3, 2 });
}

const struct evil_kind evil_operator_asks = { .name = "operator-asks",
                                              .says = "an operator's token: metrics and status",
                                              .act = act_operator,
                                              .before = before_unlimited,
                                              .midway = midway,
                                              .untrue = untrue_of_stranger };
