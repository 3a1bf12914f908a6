/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bulkhead: whatever is done for R-A, memory runs out at each of its allocations in turn, once
 * or from there on, or one of its texts cannot be printed. R-B, who comes in the same turn, is
 * served as ever; R-A is served, answered with a refusal, or told `unjudged`, and in the end what
 * there was to tell is told once; nothing is blind, and a restart finds all as it was.
 */
#include "hamlet.h"

#include <stdlib.h>
#include <string.h>

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

/* ---- what is done for R-A ---- */

static void nothing(struct hamlet *hamlet)
{
    (void)hamlet;
}

static void steps_in(struct hamlet *hamlet)
{
    hamlet_take(hamlet, "tag-1", 0, 10);
}

static void stands_where_a_zone_will_be(struct hamlet *hamlet)
{
    hamlet_take(hamlet, "tag-1", 0, 3000);
    hamlet_await(hamlet);
}

static void time_passes(struct hamlet *hamlet)
{
    hamlet->pipeline->rehearsal.now.ms = (1795550400 + 700) * 1000LL;
    pipeline_tick(hamlet->pipeline);
}

static void adopt(struct hamlet *hamlet, double north, const char *id)
{
    struct prepared fresh;

    if (hamlet->adopted)
        return;
    starve_pause(true); // the reader of orders has its own tests
    house_remove(hamlet->house, "orders.d/A.conf");
    house_order(hamlet->house, id, "tag-1", north, 200, "");
    fresh = hamlet_load(hamlet);
    starve_pause(false);
    pipeline_adopt(hamlet->pipeline, &fresh);
    hamlet->leaving = hamlet->config;
    hamlet->config = fresh.config;
    fresh.config = NULL;
    hamlet_end_round(hamlet);
    prepared_fini(&fresh);
    hamlet->adopted = true;
}

static void the_zone_moves_onto_him(struct hamlet *hamlet)
{
    adopt(hamlet, 3000, "A");
}

static void the_order_is_withdrawn(struct hamlet *hamlet)
{
    adopt(hamlet, 9000, "C");
}

static void a_word_is_said(struct hamlet *hamlet)
{
    struct ack ack = { "1-1", "A/home/1", "ack", "PC 42", "", "", .settled = true };
    struct fault why;

    if (strcmp(pipeline_last_ack_id(hamlet->pipeline), ack.id) != 0)
        pipeline_ack(hamlet->pipeline, &ack, &why);
}

static void nobody_takes_it(struct hamlet *hamlet)
{
    hamlet->pipeline->rehearsal.now.ms = (1795550400 + 90000) * 1000LL;
    pipeline_tick(hamlet->pipeline);
}

static const struct deed {
    const char *says;
    void (*before)(struct hamlet *hamlet);
    void (*act)(struct hamlet *hamlet);
    const char *type, *incident; // told once in the end
    bool again;                  // who asked for it asks again: a sender, the control room
    const char *order;           // further lines of A's
} deeds[] = {
    { "a ping that is a breach", nothing, steps_in, "breach", "A/home/1", true, "" },
    { "a schedule ends", hamlet_is_inside, time_passes, "cleared", "A/home/1", false,
      "schedule = Tue 19:00-20:10\n" },
    { "a zone moves onto him", stands_where_a_zone_will_be, the_zone_moves_onto_him, "breach",
      "A/home/1", true, "" },
    { "an order is withdrawn", hamlet_is_inside, the_order_is_withdrawn, "cleared", "A/home/1",
      true, "" },
    { "a word of the control room", hamlet_is_inside, a_word_is_said, "acked", "A/home/1", true,
      "" },
    { "an alert that nobody takes", hamlet_is_inside, nobody_takes_it, "escalated", "A/home/1",
      false, "" },
};

/* ---- the other one ---- */

static void the_other_is_served(struct hamlet *hamlet, const struct deed *deed, int n)
{
    int64_t second = (hamlet->pipeline->rehearsal.now.ms - 1795550400000) / 1000;

    hamlet_take(hamlet, "tag-2", second > 0 ? second : 0, 5010);
    hamlet_await(hamlet);
    hamlet_settle(hamlet);
    if (hamlet->code != 200 || pipeline_closed(hamlet->pipeline) != NULL ||
        hamlet_count(hamlet, "breach", "B/home/1") != 1)
        fail_msg("%s, harm %d at %d: the other: %d, told %lld", deed->says, harm, n, hamlet->code,
                 (long long)hamlet_count(hamlet, "breach", "B/home/1"));
}

/* The world goes on, with memory: in the end it is told, and once. */
static void it_is_told(struct hamlet *hamlet, const struct deed *deed, int n)
{
    for (int i = 0; i < 5; i++) {
        if (deed->again) {
            deed->act(hamlet);
            hamlet_await(hamlet);
        }
        hamlet_tick(hamlet);
    }
    if (hamlet_count(hamlet, deed->type, deed->incident) != 1)
        fail_msg("%s, harm %d at %d: %s was told %lld times", deed->says, harm, n, deed->type,
                 (long long)hamlet_count(hamlet, deed->type, deed->incident));
    if (hamlet_count(hamlet, "unjudged", "device/tag-1/unjudged/%") > 1)
        fail_msg("%s, harm %d at %d: unjudged was told again and again", deed->says, harm, n);
}

/* False: there is no allocation, no text, of that number. */
static bool one_life(struct house *house, const struct deed *deed, int n)
{
    struct hamlet hamlet = { .house = house, .answered = true };
    const char *const rows = "SELECT count(*) FROM alert";
    struct path ledger = house_path(house, "ledger.db");
    char why[FAULT_TEXT_MAX];
    bool refused;
    int64_t told;
    int asked;

    house_remove(house, "ledger.db");
    house_remove(house, "ledger.db-wal");
    house_remove(house, "ledger.db-shm");
    house_remove(house, "orders.d/C.conf");
    house_order(house, "A", "tag-1", 0, 200, deed->order);
    house_order(house, "B", "tag-2", 5000, 200, "");
    hamlet_open(&hamlet);
    deed->before(&hamlet);
    hamlet_settle(&hamlet);
    starve_begin(harm, n);
    deed->act(&hamlet);
    asked = starve_end();
    hamlet_await(&hamlet);
    refused = hamlet.code == 400;
    snprintf(why, sizeof why, "%s", hamlet.why);
    the_other_is_served(&hamlet, deed, n);
    it_is_told(&hamlet, deed, n);
    if (refused && hamlet_count(&hamlet, "unjudged", "device/tag-1/unjudged/%") != 1)
        fail_msg("%s, harm %d at %d: not told: %s", deed->says, harm, n, why);
    told = sql_number(ledger.text, rows);
    hamlet_close(&hamlet);
    if (n % 4 == 1) {
        hamlet_open(&hamlet); // as the disk has it
        assert_int_equal(sql_number(ledger.text, rows), told);
        hamlet_close(&hamlet);
    }
    return asked >= n;
}

static void the_rest_are_served(void **state)
{
    struct house *house = *state;

    memory_json_watch();
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        for (int kind = 0; kind < STARVE_WAYS; kind++) {
            int n = 1;

            harm = (enum starve)kind;
            while (n < STEPS_MAX && one_life(house, &deeds[i], n))
                n += kind == STARVE_ALL_FROM_THERE ? 3 : 1;
            print_message("%s, harm %d: %d places\n", deeds[i].says, kind, n - 1);
            assert_true(n > 1 && n < STEPS_MAX);
        }
    }
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(the_rest_are_served),
    };

    return cmocka_run_group_tests_name("bulkhead", tests, NULL, NULL);
}
