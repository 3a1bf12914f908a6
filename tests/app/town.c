/* SPDX-License-Identifier: Apache-2.0 */
#include "town.h"

#include <stdio.h>

#include "adapter/ping_json.h"
#include "adapter_io/loop.h"
#include "adapter_io/sql.h"
#include "support/test.h"

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

struct prepared town_load(const struct town *town)
{
    struct prepared fresh;

    prepare(house_path(town->house, "breachd.conf").text, town->config, NULL, &fresh);
    assert_non_null(fresh.config);
    return fresh;
}

/* Everybody is judged by the rules in force. */
void town_end_round(struct town *town)
{
    while (pipeline_judging(town->pipeline)) {
        if (pipeline_step(town->pipeline) == 0)
            event_base_loop(town->base, EVLOOP_ONCE);
    }
}

void town_settle(struct town *town)
{
    town_end_round(town);
    ledger_flush(town->ledger);
    loop_until(town->base, ledger_idle(town->ledger));
}

void town_open(struct town *town)
{
    struct ledger_calls calls = { on_rows, on_fetched, on_rows, on_blind, on_word, on_word, town };
    struct prepared fresh = town_load(town);
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
    town_settle(town);
}

void town_close(struct town *town)
{
    town_settle(town);
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

void town_take(struct town *town, const char *device, int64_t second, double north)
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

void town_await(struct town *town)
{
    loop_until(town->base, town->answered);
}

int64_t town_count(const struct town *town, const char *type, const char *incident)
{
    char sql[200];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM alert WHERE type = '%s' AND incident LIKE '%s'",
             type, incident);
    return sql_number(house_path(town->house, "ledger.db").text, sql);
}

/* A second of our clock, which in an exercise only pings move. */
void town_tick(struct town *town)
{
    if (town->pipeline->rehearsal.now.ms != 0)
        town->pipeline->rehearsal.now.ms += 1000;
    pipeline_tick(town->pipeline);
    town_settle(town);
}

void town_is_inside(struct town *town)
{
    town_take(town, "tag-1", 0, 10);
    town_await(town);
    assert_int_equal(town->code, 200);
}
