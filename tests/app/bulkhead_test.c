/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bulkhead: whatever is done for R-A, memory runs out at each of its allocations in turn, once
 * or from there on, or one of its texts cannot be printed. R-B, who comes in the same turn, is
 * served as ever; R-A is served, answered with a refusal, or told `unjudged`, and in the end what
 * there was to tell is told once; nothing is blind, and a restart finds all as it was.
 */
#include "app/pipeline_batch.h"
#include "app/pipeline_parts.h"

#include <stdlib.h>
#include <string.h>

#include "adapter/memory_json.h"
#include "adapter/ping_json.h"
#include "adapter_io/loop.h"
#include "adapter_io/sql.h"
#include "support/test.h"

/* ---- what fails ---- */

enum harm { HARM_ONE_ALLOCATION, HARM_ALL_FROM_THERE, HARM_ONE_PRINT, HARMS };
enum { STEPS_MAX = 2000 };

static enum harm harm;
static int fail_at, counted; // fail_at 0: nothing fails
static _Thread_local bool on_loop;

static bool fails(bool print)
{
    if (fail_at == 0 || !on_loop || print != (harm == HARM_ONE_PRINT))
        return false;
    counted++;
    return harm == HARM_ALL_FROM_THERE ? counted >= fail_at : counted == fail_at;
}

#define WRAP(returns, name, parameters, arguments, print)                                          \
    returns __real_##name parameters;                                                              \
    returns __wrap_##name parameters;                                                              \
    returns __wrap_##name parameters                                                               \
    {                                                                                              \
        return fails(print) ? NULL : __real_##name arguments;                                      \
    }

WRAP(void *, malloc, (size_t n), (n), false)
WRAP(void *, calloc, (size_t n, size_t size), (n, size), false)
WRAP(void *, reallocarray, (void *at, size_t n, size_t size), (at, n, size), false)
WRAP(char *, strdup, (const char *text), (text), false)
WRAP(char *, event_print, (const struct alert *alert, const struct event_source *source),
     (alert, source), true)
WRAP(char *, input_print,
     (const struct question *question, const struct respondent *who,
      const struct input_before *before),
     (question, who, before), true)
WRAP(char *, input_print_order, (const struct order *order), (order), true)
WRAP(char *, input_print_ack, (const struct ack *ack, const char *refused), (ack, refused), true)
WRAP(char *, input_print_withdrawn,
     (const struct exclusion *gone, const struct incident *before, const char *settings,
      bool exercise, struct utc now),
     (gone, before, settings, exercise, now), true)

/* A thousand lives need no disk: this one never fails. */
int fsync(int fd)
{
    (void)fd;
    return 0;
}

int fdatasync(int fd)
{
    (void)fd;
    return 0;
}

/* ---- a town of two ---- */

struct town {
    struct house *house;
    struct event_base *base;
    struct config *config, *leaving;
    struct ledger *ledger;
    struct stats stats;
    struct pipeline *pipeline;
    int64_t now; // ms after the house's base
    int code;    // of the newest answer
    char why[FAULT_TEXT_MAX];
    bool answered, adopted;
};

static void on_rows(const struct row *alerts, void *arg)
{
    (void)alerts;
    (void)arg;
}

static void on_fetched(const struct fetch *asked, bool ok, const struct row *alerts, void *arg)
{
    (void)asked;
    (void)ok;
    (void)alerts;
    (void)arg;
}

static void on_blind(const char *why, void *arg)
{
    (void)arg;
    fail_msg("blind: %s", why);
}

static void on_word(bool ok, void *arg)
{
    (void)ok;
    (void)arg;
}

static struct prepared load(const struct town *town)
{
    struct prepared fresh;

    prepare(house_path(town->house, "breachd.conf").text, town->config, NULL, &fresh);
    assert_non_null(fresh.config);
    return fresh;
}

/* Everybody is judged by the rules in force. */
static void end_round(struct town *town)
{
    while (pipeline_judging(town->pipeline)) {
        if (pipeline_step(town->pipeline) == 0)
            event_base_loop(town->base, EVLOOP_ONCE);
    }
}

static void settle(struct town *town)
{
    end_round(town);
    ledger_flush(town->ledger);
    loop_until(town->base, ledger_idle(town->ledger));
}

static void town_open(struct town *town)
{
    struct ledger_calls calls = { on_rows, on_fetched, on_rows, on_blind, on_word, on_word, town };
    struct prepared fresh = load(town);
    struct fault why;

    town->base = event_base_new();
    town->config = fresh.config;
    town->pipeline = pipeline_create(&town->stats, true);
    assert_true(
        ledger_open(town->base, town->config->settings.ledger, &calls, &town->ledger, &why));
    assert_true(pipeline_start(town->pipeline, town->ledger, &fresh, &why));
    fresh.config = NULL; // the town's
    prepared_fini(&fresh);
    pipeline_judge_all(town->pipeline);
    settle(town);
}

static void town_close(struct town *town)
{
    settle(town);
    ledger_close(town->ledger);
    pipeline_destroy(town->pipeline);
    config_destroy(town->config);
    config_destroy(town->leaving);
    town->leaving = town->config = NULL;
    event_base_free(town->base);
}

static void on_answer(int code, const char *json, const char *why, void *arg)
{
    struct town *town = arg;

    (void)json;
    snprintf(town->why, sizeof town->why, "%s", why ? why : "");
    town->code = code;
    town->answered = true;
}

static void take(struct town *town, const char *device, int64_t second, double north)
{
    char json[256];
    struct ping_body body = { .bytes = json };

    body.n = (size_t)snprintf(json, sizeof json,
                              "{\"device\":\"%s\",\"time\":%lld,\"lat\":%.7f,\"lon\":%.7f,"
                              "\"accuracy\":8}",
                              device, (long long)(1795550400 + second),
                              HOME_LAT + north / METRES_PER_DEGREE, HOME_LON);
    town->answered = false;
    pipeline_take(town->pipeline, ping_json_read, &body, on_answer, town);
}

static void await_answer(struct town *town)
{
    loop_until(town->base, town->answered);
}

static int64_t count(const struct town *town, const char *type, const char *incident)
{
    char sql[200];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM alert WHERE type = '%s' AND incident LIKE '%s'",
             type, incident);
    return sql_number(house_path(town->house, "ledger.db").text, sql);
}

/* A second of our clock, which in an exercise only pings move. */
static void tick(struct town *town)
{
    if (town->pipeline->rehearsal.now.ms != 0)
        town->pipeline->rehearsal.now.ms += 1000;
    pipeline_tick(town->pipeline);
    settle(town);
}

/* ---- what is done for R-A ---- */

static void nothing(struct town *town)
{
    (void)town;
}

static void steps_in(struct town *town)
{
    take(town, "tag-1", 0, 10);
}

static void is_inside(struct town *town)
{
    steps_in(town);
    await_answer(town);
    assert_int_equal(town->code, 200);
}

static void stands_where_a_zone_will_be(struct town *town)
{
    take(town, "tag-1", 0, 3000);
    await_answer(town);
}

static void time_passes(struct town *town)
{
    town->pipeline->rehearsal.now.ms = (1795550400 + 700) * 1000LL;
    pipeline_tick(town->pipeline);
}

static void adopt(struct town *town, double north, const char *id)
{
    struct prepared fresh;
    int kept = fail_at;

    if (town->adopted)
        return;
    fail_at = 0; // the reader of orders has its own tests
    house_remove(town->house, "orders.d/A.conf");
    house_order(town->house, id, "tag-1", north, 200, "");
    fresh = load(town);
    fail_at = kept;
    pipeline_adopt(town->pipeline, &fresh);
    town->leaving = town->config;
    town->config = fresh.config;
    fresh.config = NULL;
    end_round(town);
    prepared_fini(&fresh);
    town->adopted = true;
}

static void the_zone_moves_onto_him(struct town *town)
{
    adopt(town, 3000, "A");
}

static void the_order_is_withdrawn(struct town *town)
{
    adopt(town, 9000, "C");
}

static void a_word_is_said(struct town *town)
{
    struct ack ack = { "1-1", "A/home/1", "ack", "PC 42", "", "", .settled = true };
    struct fault why;

    if (strcmp(pipeline_heard(town->pipeline), ack.id) != 0)
        pipeline_hear(town->pipeline, &ack, &why);
}

static void nobody_takes_it(struct town *town)
{
    town->pipeline->rehearsal.now.ms = (1795550400 + 90000) * 1000LL;
    pipeline_tick(town->pipeline);
}

static const struct deed {
    const char *says;
    void (*before)(struct town *town);
    void (*act)(struct town *town);
    const char *type, *incident; // told once in the end
    bool again;                  // who asked for it asks again: a sender, the control room
    const char *order;           // further lines of A's
} deeds[] = {
    { "a ping that is a breach", nothing, steps_in, "breach", "A/home/1", true, "" },
    { "a schedule ends", is_inside, time_passes, "cleared", "A/home/1", false,
      "schedule = Tue 19:00-20:10\n" },
    { "a zone moves onto him", stands_where_a_zone_will_be, the_zone_moves_onto_him, "breach",
      "A/home/1", true, "" },
    { "an order is withdrawn", is_inside, the_order_is_withdrawn, "cleared", "A/home/1", true, "" },
    { "a word of the control room", is_inside, a_word_is_said, "acked", "A/home/1", true, "" },
    { "an alert that nobody takes", is_inside, nobody_takes_it, "escalated", "A/home/1", false,
      "" },
};

/* ---- the other one ---- */

static void the_other_is_served(struct town *town, const struct deed *deed, int n)
{
    int64_t second = (town->pipeline->rehearsal.now.ms - 1795550400000) / 1000;

    take(town, "tag-2", second > 0 ? second : 0, 5010);
    await_answer(town);
    settle(town);
    if (town->code != 200 || pipeline_closed(town->pipeline) != NULL ||
        count(town, "breach", "B/home/1") != 1)
        fail_msg("%s, harm %d at %d: the other: %d, told %lld", deed->says, harm, n, town->code,
                 (long long)count(town, "breach", "B/home/1"));
}

/* The world goes on, with memory: in the end it is told, and once. */
static void it_is_told(struct town *town, const struct deed *deed, int n)
{
    for (int i = 0; i < 5; i++) {
        if (deed->again) {
            deed->act(town);
            await_answer(town);
        }
        tick(town);
    }
    if (count(town, deed->type, deed->incident) != 1)
        fail_msg("%s, harm %d at %d: %s was told %lld times", deed->says, harm, n, deed->type,
                 (long long)count(town, deed->type, deed->incident));
    if (count(town, "unjudged", "device/tag-1/unjudged/%") > 1)
        fail_msg("%s, harm %d at %d: unjudged was told again and again", deed->says, harm, n);
}

/* False: there is no allocation, no text, of that number. */
static bool one_life(struct house *house, const struct deed *deed, int n)
{
    struct town town = { .house = house, .answered = true };
    const char *const rows = "SELECT count(*) FROM alert";
    struct path ledger = house_path(house, "ledger.db");
    char why[FAULT_TEXT_MAX];
    bool refused;
    int64_t told;

    house_remove(house, "ledger.db");
    house_remove(house, "ledger.db-wal");
    house_remove(house, "ledger.db-shm");
    house_remove(house, "orders.d/C.conf");
    house_order(house, "A", "tag-1", 0, 200, deed->order);
    house_order(house, "B", "tag-2", 5000, 200, "");
    town_open(&town);
    deed->before(&town);
    settle(&town);
    counted = 0;
    fail_at = n;
    deed->act(&town);
    fail_at = 0;
    await_answer(&town);
    refused = town.code == 400;
    snprintf(why, sizeof why, "%s", town.why);
    the_other_is_served(&town, deed, n);
    it_is_told(&town, deed, n);
    if (refused && count(&town, "unjudged", "device/tag-1/unjudged/%") != 1)
        fail_msg("%s, harm %d at %d: not told: %s", deed->says, harm, n, why);
    told = sql_number(ledger.text, rows);
    town_close(&town);
    if (n % 4 == 1) {
        town_open(&town); // as the disk has it
        assert_int_equal(sql_number(ledger.text, rows), told);
        town_close(&town);
    }
    return counted >= n;
}

static void the_rest_are_served(void **state)
{
    struct house *house = *state;

    on_loop = true;
    memory_json_watch();
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        for (int kind = 0; kind < HARMS; kind++) {
            int n = 1;

            harm = (enum harm)kind;
            while (n < STEPS_MAX && one_life(house, &deeds[i], n))
                n += kind == HARM_ALL_FROM_THERE ? 3 : 1;
            print_message("%s, harm %d: %d places\n", deeds[i].says, kind, n - 1);
            assert_true(n > 1 && n < STEPS_MAX);
        }
    }
    house_close(house);
}

/* A ledger of before, or a doctored one: each table has a row of R-A's that cannot be so. */
static void what_was_spoilt_is_told_and_the_start_goes_on(void **state)
{
    static const char *const harms[] = {
        "UPDATE device SET known = json_set(known, '$.accuracy', 1e308) WHERE id = 'tag-1'",
        "UPDATE device SET known = 'nonsense' WHERE id = 'tag-1'",
        "UPDATE incident SET known = json_set(known, '$.scores', json('[1e300]'))"
        " WHERE subject = 'A/home'",
        "UPDATE incident SET known = x'ff' WHERE subject = 'A/home'",
        "UPDATE custody SET known = '[]' WHERE incident = 'A/home/1'",
    };
    struct house *house = *state;
    struct path ledger = house_path(house, "ledger.db");

    on_loop = true;
    for (size_t i = 0; i < sizeof harms / sizeof *harms; i++) {
        struct town town = { .house = house, .answered = true };

        house_remove(house, "ledger.db");
        house_order(house, "A", "tag-1", 0, 200, "");
        house_order(house, "B", "tag-2", 5000, 200, "");
        town_open(&town);
        is_inside(&town);
        town_close(&town);
        sql_run(ledger.text, harms[i]);
        for (int starts = 0; starts < 2; starts++) { // told at the first alone
            town_open(&town);
            assert_int_equal(count(&town, "unjudged", "device/tag-1/unjudged/%"), 1);
            town_close(&town);
        }
        town_open(&town);
        take(&town, "tag-2", 60, 5010);
        await_answer(&town);
        assert_int_equal(town.code, 200);
        take(&town, "tag-1", 120, 10);
        await_answer(&town);
        assert_int_equal(town.code, 200);
        take(&town, "tag-1", 900, 2000);
        await_answer(&town);
        settle(&town);
        assert_int_equal(count(&town, "breach", "B/home/1"), 1);
        assert_int_equal(count(&town, "breach", "A/home/%"), 1);  // it goes on,
        assert_int_equal(count(&town, "cleared", "A/home/1"), 1); // and ends
        town_close(&town);
    }
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(what_was_spoilt_is_told_and_the_start_goes_on),
        house_test(the_rest_are_served),
    };

    return cmocka_run_group_tests_name("bulkhead", tests, NULL, NULL);
}
