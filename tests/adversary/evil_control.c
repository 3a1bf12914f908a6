/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adversaries at breachd's unix sockets of lines: who may write the ledger, at the two beside it,
 * and anybody on the machine, at the one where looks are told.
 */
#include <stdio.h>
#include <string.h>

#include "accesses.h"
#include "clients.h"
#include "evil.h"
#include "support/test.h"

enum { CALLERS = 80, BODY_MAX = 6000, ACCESSES_MAX = 1 << 17, OPEN_ACCESSES_MAX = 600 };

static struct {
    struct dice *dice;
    char chain[ACCESSES_DIGEST];
    bool open; // the door at which anybody may tell a look
    unsigned long answers, done, accesses;
    unsigned char seen[ACCESSES_MAX / 8], written[ACCESSES_MAX / 8];
} scene;

/* ---- the control socket: reload, devices ---- */

static size_t ask_control(void *arg, char out[CLIENTS_QUESTION_MAX], struct question *question)
{
    static const char *const odd[] = { "",
                                       "reload x",
                                       "reload 0123456789abcdef",
                                       "devices x",
                                       "devices 9999999999.9.9",
                                       "device ../x",
                                       "device",
                                       "device honest-0",
                                       "reloadx",
                                       "\xff\xfe",
                                       "GET / HTTP/1.1" };
    struct dice *dice = scene.dice;
    unsigned what = dice_below(dice, 12);

    (void)arg;
    *question = (struct question){ 0 };
    if (what < 2)
        return (size_t)sprintf(out, "reload\n");
    if (what < 6)
        return (size_t)sprintf(out, "devices\n");
    if (what < 7)
        return (size_t)sprintf(out, "devices %u.0.%u\n", dice_below(dice, 400),
                               dice_below(dice, 9));
    if (what < 8) {
        memset(out, 'x', 700);
        return 1 + dice_below(dice, 700); // maybe no line at all
    }
    return (size_t)sprintf(out, "%s\n", odd[dice_below(dice, sizeof odd / sizeof *odd)]);
}

static void heard_control(void *arg, const struct question *question, int code, const char *text)
{
    (void)arg;
    (void)question;
    (void)code;
    (void)text;
    scene.answers++;
}

/* ---- the ledger's door, and the open one: requests ---- */

static const char *odd_chain(void)
{
    static const char *const odd[] = { "", "00", "x", "\\u0000" };

    return dice_below(scene.dice, 5) > 0 ? scene.chain
                                         : odd[dice_below(scene.dice, sizeof odd / sizeof *odd)];
}

/* A record, as text in text; its length may be beyond what is kept. */
static void print_record(char *out, size_t room, const char *command, const char *of,
                         unsigned long access)
{
    size_t more = dice_below(scene.dice, 10) == 0 ? dice_below(scene.dice, BODY_MAX - 600) : 0;
    char fill[BODY_MAX];

    memset(fill, 'r', more);
    fill[more] = '\0';
    if (snprintf(out, room,
                 "{\\\"command\\\":\\\"%s\\\",\\\"of\\\":\\\"%s\\\",\\\"user\\\":\\\"nobody\\\","
                 "\\\"uid\\\":%d,\\\"reason\\\":\\\"look %lu %s\\\"}",
                 command, of, dice_below(scene.dice, 3) == 0 ? -1 : 0, access, fill) >= (int)room)
        out[0] = '\0'; // `more` leaves room for the rest
}

static size_t ask_door(void *arg, char out[CLIENTS_QUESTION_MAX], struct question *question)
{
    static const char *const requests[] = { "access", "access", "access", "access", "chain",
                                            "forget", "let-go", "x",      "" };
    static const char *const whom[] = {
        "H0/home/1", "R-nobody", "H0", "1970-01-01T00:00:00Z", "2199-01-01T00:00:00Z", "", "\\u0000"
    };
    static const char *const rubbish[] = { "{}", "[]", "{\"errand\":1}", "null", "\xff", "{", "" };
    struct dice *dice = scene.dice;
    const char *request = requests[dice_below(dice, sizeof requests / sizeof *requests)];
    char record[BODY_MAX];

    (void)arg;
    *question = (struct question){ 0 };
    if (dice_below(dice, 8) == 0)
        return (size_t)sprintf(out, "%s\n",
                               rubbish[dice_below(dice, sizeof rubbish / sizeof *rubbish)]);
    if (dice_below(dice, 30) == 0) {
        memset(out, '{', 12000);
        return 1 + dice_below(dice, 12000);
    }
    question->access = ++scene.accesses;
    question->kind = strcmp(request, "access") == 0;
    print_record(record, sizeof record, request, whom[dice_below(dice, sizeof whom / sizeof *whom)],
                 question->access);
    return (size_t)snprintf(out, CLIENTS_QUESTION_MAX,
                            "{\"errand\":\"%s\",\"chain\":\"%s\",\"newest\":%u,\"body\":\"%s\"}\n",
                            request, odd_chain(), dice_below(dice, 3), record);
}

static void heard_door(void *arg, const struct question *question, int code, const char *text)
{
    (void)arg;
    (void)code;
    scene.answers++;
    if (strstr(text, "\"done\":true") == NULL || question->kind == 0)
        return;
    scene.done++;
    if (question->access < ACCESSES_MAX)
        scene.seen[question->access / 8] |= (unsigned char)(1 << question->access % 8);
}

/* ---- what is done ---- */

static struct clients *clients_at(struct evil *evil, const char *path, bool door)
{
    return clients_create(&(struct clients_options){ .path = path,
                                                     .lines = true,
                                                     .n = CALLERS,
                                                     .dice = &evil->dice,
                                                     .ask = door ? ask_door : ask_control,
                                                     .heard = door ? heard_door : heard_control });
}

static void begin(struct evil *evil, bool open)
{
    memset(&scene, 0, sizeof scene);
    scene.dice = &evil->dice;
    scene.open = open;
}

static void learn_chain(const struct evil *evil)
{
    struct accesses *accesses = scene.chain[0] == '\0'
                                    ? accesses_open(testbed_path(evil->testbed, "ledger.db").text)
                                    : NULL;

    if (accesses != NULL)
        accesses_first(accesses, scene.chain);
    accesses_close(accesses);
}

static void turn(struct evil *evil, struct clients *groups[2])
{
    while (groups[0] != NULL && groups[1] != NULL && !atomic_load(&evil->stop)) {
        learn_chain(evil);
        clients_turn(groups[0]);
        clients_turn(groups[1]);
        atomic_store(&evil->done, scene.answers);
    }
    clients_destroy(groups[0]);
    clients_destroy(groups[1]);
}

static void act_control(struct evil *evil)
{
    struct path control = testbed_path(evil->testbed, "ledger.db-control"),
                door = testbed_path(evil->testbed, "ledger.db-door");

    begin(evil, false);
    turn(evil, (struct clients *[]){ clients_at(evil, control.text, false),
                                     clients_at(evil, door.text, true) });
}

static void act_neighbour(struct evil *evil)
{
    struct path door = testbed_path(evil->testbed, "door");

    begin(evil, true);
    turn(evil, (struct clients *[]){ clients_at(evil, door.text, true),
                                     clients_at(evil, door.text, true) });
}

static void before_neighbour(struct testbed *testbed)
{
    static char runtime[160];

    snprintf(runtime, sizeof runtime, "RUNTIME_DIRECTORY=%s", testbed->dir);
    testbed_environment(testbed, runtime);
}

/* ---- what must hold ---- */

static size_t untrue(struct evil *evil, struct testbed *testbed)
{
    struct accesses *accesses = accesses_open(testbed_path(testbed, "ledger.db").text);
    unsigned long missing = 0, there;

    assert_non_null(accesses);
    there = accesses_find(accesses, scene.written, ACCESSES_MAX);
    accesses_close(accesses);
    for (unsigned long i = 1; i < ACCESSES_MAX; i++)
        missing += ((scene.seen[i / 8] & ~scene.written[i / 8]) >> i % 8) & 1;
    print_message("%s: %lu looks were kept, %lu are in the chain\n", evil->kind->name, scene.done,
                  there);
    if (missing > 0)
        fprintf(stderr, "%s: looks not in the chain: %lu\n", evil->kind->name, missing);
    if (scene.done == 0)
        fprintf(stderr, "%s: no look was ever taken\n", evil->kind->name);
    if (scene.open && there > OPEN_ACCESSES_MAX)
        fprintf(stderr, "%s: %lu looks in an hour\n", evil->kind->name, there);
    return (size_t)(missing > 0) + (scene.done == 0) + (scene.open && there > OPEN_ACCESSES_MAX);
}

const struct evil_kind evil_control = { .name = "control",
                                        .says = "may write the ledger: reloads, devices, requests",
                                        .act = act_control,
                                        .untrue = untrue,
                                        .ledger_kib = 256 * 1024 };

const struct evil_kind evil_neighbour = { .name = "neighbour",
                                          .says = "anybody on the machine, at the open door",
                                          .act = act_neighbour,
                                          .before = before_neighbour,
                                          .untrue = untrue };
