/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bulkhead: whatever is done for R-A, memory runs out at each of its allocations in turn, once
 * or from there on, or one of its texts cannot be printed. R-B, who comes in the same turn, is
 * served as ever; R-A is served, answered with a refusal, or told `unjudged`, and in the end what
 * there was to tell is told once; nothing is blind, and a restart finds all as it was.
 */
#include "app/pipeline_acks_apply.h"
#include "app/pipeline_rules.h"
#include "app/pipeline_state.h"
#include "app/pipeline_time.h"
#include "pipeline_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter/civil_load.h"
#include "adapter/memory_json.h"
#include "adapter_io/sql.h"
#include "support/starve.h"
#include "support/test.h"

/* ---- what fails ---- */

enum { STEPS_MAX = 2000 };

static enum starve harm;

#define WRAP(name, parameters, arguments)                                                          \
    char *__real_##name parameters;                                                                \
    char *__wrap_##name parameters;                                                                \
    char *__wrap_##name parameters                                                                 \
    {                                                                                              \
        return starve_other() ? NULL : __real_##name arguments;                                    \
    }

WRAP(event_print, (const struct alert *alert, const struct event_source *source), (alert, source))
WRAP(input_print,
     (const struct question *question, const struct respondent *who,
      const struct input_before *before),
     (question, who, before))
WRAP(input_print_order, (const struct order *order), (order))
WRAP(input_print_ack, (const struct ack *ack, const char *refused), (ack, refused))
WRAP(input_print_withdrawn,
     (const struct exclusion *gone, const struct incident *before, const char *settings,
      bool exercise, struct utc now),
     (gone, before, settings, exercise, now))

/* Read for each of a thousand lives it was half of their time; no harm is done while it is read. */
bool __real_civil_load(const char *name, struct civil *out, struct fault *why);
bool __wrap_civil_load(const char *name, struct civil *out, struct fault *why);
bool __wrap_civil_load(const char *name, struct civil *out, struct fault *why)
{
    static struct civil kept;
    static char of[64];

    if (strcmp(name, of) != 0) {
        if (!__real_civil_load(name, &kept, why))
            return false;
        snprintf(of, sizeof of, "%s", name);
    }
    *out = kept;
    return true;
}

/* ---- what is done for R-A ---- */

static void nothing(struct pipeline_fixture *fixture)
{
    (void)fixture;
}

static void steps_in(struct pipeline_fixture *fixture)
{
    pipeline_fixture_take(fixture, "tag-1", 0, 10);
}

static void stands_where_a_zone_will_be(struct pipeline_fixture *fixture)
{
    pipeline_fixture_take(fixture, "tag-1", 0, 3000);
    pipeline_fixture_await(fixture);
}

static void time_passes(struct pipeline_fixture *fixture)
{
    fixture->pipeline->rehearsal.now.ms = (1795550400 + 700) * 1000LL;
    pipeline_tick(fixture->pipeline);
}

static void adopt(struct pipeline_fixture *fixture, double north, const char *id)
{
    struct prepared fresh;

    if (fixture->adopted)
        return;
    starve_pause(true); // the reader of orders has its own tests
    testbed_remove(fixture->testbed, "orders.d/A.conf");
    testbed_order(fixture->testbed, id, "tag-1", north, 200, "");
    fresh = pipeline_fixture_load(fixture);
    starve_pause(false);
    pipeline_adopt(fixture->pipeline, &fresh);
    fixture->leaving = fixture->config;
    fixture->config = fresh.config;
    fresh.config = NULL;
    pipeline_fixture_end_round(fixture);
    prepared_fini(&fresh);
    fixture->adopted = true;
}

static void the_zone_moves_onto_him(struct pipeline_fixture *fixture)
{
    adopt(fixture, 3000, "A");
}

static void the_order_is_withdrawn(struct pipeline_fixture *fixture)
{
    adopt(fixture, 9000, "C");
}

static void a_word_is_said(struct pipeline_fixture *fixture)
{
    struct ack ack = { "1-1", "A/home/1", "ack", "PC 42", "", "", "", "", .settled = true };
    struct fault why;

    if (strcmp(pipeline_last_ack_id(fixture->pipeline), ack.id) != 0)
        pipeline_ack(fixture->pipeline, &ack, &why);
}

static void nobody_takes_it(struct pipeline_fixture *fixture)
{
    fixture->pipeline->rehearsal.now.ms = (1795550400 + 90000) * 1000LL;
    pipeline_tick(fixture->pipeline);
}

static const struct deed {
    const char *says;
    void (*before)(struct pipeline_fixture *fixture);
    void (*act)(struct pipeline_fixture *fixture);
    const char *type, *incident; // told once in the end
    bool again;                  // who asked for it asks again: a sender, the control room
    const char *order;           // further lines of A's
} deeds[] = {
    { "a ping that is a breach", nothing, steps_in, "breach", "A/home/1", true, "" },
    { "a schedule ends", pipeline_fixture_is_inside, time_passes, "cleared", "A/home/1", false,
      "schedule = Tue 19:00-20:10\n" },
    { "a zone moves onto him", stands_where_a_zone_will_be, the_zone_moves_onto_him, "breach",
      "A/home/1", true, "" },
    { "an order is withdrawn", pipeline_fixture_is_inside, the_order_is_withdrawn, "cleared",
      "A/home/1", true, "" },
    { "a word of the control room", pipeline_fixture_is_inside, a_word_is_said, "acked", "A/home/1",
      true, "" },
    { "an alert that nobody takes", pipeline_fixture_is_inside, nobody_takes_it, "escalated",
      "A/home/1", false, "" },
};

/* ---- the other one ---- */

static void the_other_is_served(struct pipeline_fixture *fixture, const struct deed *deed, int n)
{
    int64_t second = (fixture->pipeline->rehearsal.now.ms - 1795550400000) / 1000;

    pipeline_fixture_take(fixture, "tag-2", second > 0 ? second : 0, 5010);
    pipeline_fixture_await(fixture);
    pipeline_fixture_settle(fixture);
    if (fixture->code != 200 || pipeline_closed(fixture->pipeline) != NULL ||
        pipeline_fixture_count(fixture, "breach", "B/home/1") != 1)
        fail_msg("%s, harm %d at %d: the other: %d, told %lld", deed->says, harm, n, fixture->code,
                 (long long)pipeline_fixture_count(fixture, "breach", "B/home/1"));
}

/* The world goes on, with memory: in the end it is told, and once. */
static void it_is_told(struct pipeline_fixture *fixture, const struct deed *deed, int n)
{
    for (int i = 0; i < 5; i++) {
        if (deed->again) {
            deed->act(fixture);
            pipeline_fixture_await(fixture);
        }
        pipeline_fixture_tick(fixture);
    }
    if (pipeline_fixture_count(fixture, deed->type, deed->incident) != 1)
        fail_msg("%s, harm %d at %d: %s was told %lld times", deed->says, harm, n, deed->type,
                 (long long)pipeline_fixture_count(fixture, deed->type, deed->incident));
    if (pipeline_fixture_count(fixture, "unjudged", "device/tag-1/unjudged/%") > 1)
        fail_msg("%s, harm %d at %d: unjudged was told again and again", deed->says, harm, n);
}

/* False: there is no allocation, no text, of that number. */
static bool one_life(struct testbed *testbed, const struct deed *deed, int n)
{
    struct pipeline_fixture fixture = { .testbed = testbed, .answered = true };
    const char *const rows = "SELECT count(*) FROM alert";
    struct path ledger = testbed_path(testbed, "ledger.db");
    char why[FAULT_TEXT_MAX];
    bool refused;
    int64_t alerted;
    int asked;

    testbed_remove(testbed, "ledger.db");
    testbed_remove(testbed, "ledger.db-wal");
    testbed_remove(testbed, "ledger.db-shm");
    testbed_remove(testbed, "orders.d/C.conf");
    testbed_order(testbed, "A", "tag-1", 0, 200, deed->order);
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    pipeline_fixture_open(&fixture);
    deed->before(&fixture);
    pipeline_fixture_settle(&fixture);
    starve_begin(harm, n);
    deed->act(&fixture);
    asked = starve_end();
    pipeline_fixture_await(&fixture);
    refused = fixture.code == 400;
    snprintf(why, sizeof why, "%s", fixture.why);
    the_other_is_served(&fixture, deed, n);
    it_is_told(&fixture, deed, n);
    if (refused && pipeline_fixture_count(&fixture, "unjudged", "device/tag-1/unjudged/%") != 1)
        fail_msg("%s, harm %d at %d: not told: %s", deed->says, harm, n, why);
    alerted = sql_number(ledger.text, rows);
    pipeline_fixture_close(&fixture);
    if (n % 4 == 1) {
        pipeline_fixture_open(&fixture); // as the disk has it
        assert_int_equal(sql_number(ledger.text, rows), alerted);
        pipeline_fixture_close(&fixture);
    }
    return asked >= n;
}

static void the_rest_are_served(void **state)
{
    struct testbed *testbed = *state;

    memory_json_watch();
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        for (int kind = 0; kind < STARVE_WAYS; kind++) {
            int n = 1;

            harm = (enum starve)kind;
            while (n < STEPS_MAX && one_life(testbed, &deeds[i], n))
                n += kind == STARVE_ALL_FROM_THERE ? 3 : 1;
            print_message("%s, harm %d: %d places\n", deeds[i].says, kind, n - 1);
            assert_true(n > 1 && n < STEPS_MAX);
        }
    }
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(the_rest_are_served),
    };

    return cmocka_run_group_tests_name("bulkhead", tests, NULL, NULL);
}
