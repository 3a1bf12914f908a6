/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline_fixture.h"
#include "app/pipeline.h"
#include "app/pipeline_round.h"
#include "app/pipeline_rules.h"
#include "app/pipeline_time.h"

#include <stdio.h>

#include "adapter/ping/ping_json.h"
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

static void on_report(bool ok, void *arg)
{
    (void)ok;
    (void)arg;
}

struct prepared pipeline_fixture_load(const struct pipeline_fixture *fixture)
{
    struct prepared fresh;

    // All orders have ended by then, so that they may go.
    prepare(&(struct prepare_options){ .path = testbed_path(fixture->testbed, "breachd.conf").text,
                                       .running = fixture->config,
                                       .now = UTC_NEVER },
            NULL, &fresh);
    assert_non_null(fresh.config);
    return fresh;
}

/* Everybody is judged by the rules in force. */
void pipeline_fixture_end_round(struct pipeline_fixture *fixture)
{
    while (pipeline_judging(fixture->pipeline)) {
        if (pipeline_step(fixture->pipeline) == 0)
            event_base_loop(fixture->base, EVLOOP_ONCE);
    }
}

void pipeline_fixture_settle(struct pipeline_fixture *fixture)
{
    pipeline_fixture_end_round(fixture);
    ledger_flush(fixture->ledger);
    loop_until(fixture->base, ledger_idle(fixture->ledger));
}

void pipeline_fixture_open(struct pipeline_fixture *fixture)
{
    struct ledger_callbacks callbacks = { on_rows,   on_fetched, on_rows, on_blind,
                                          on_report, on_report,  fixture };
    struct prepared fresh = pipeline_fixture_load(fixture);
    struct fault why;

    fixture->base = event_base_new();
    fixture->config = fresh.config;
    fixture->pipeline = pipeline_create(&fixture->stats, true);
    fixture->pings = (struct http_pings){ .pipeline = fixture->pipeline, .stats = &fixture->stats };
    assert_true(ledger_open(fixture->base, fixture->config->settings.ledger, &callbacks,
                            &fixture->ledger, &why));
    assert_true(pipeline_start(fixture->pipeline, fixture->ledger, &fresh, &why));
    fresh.config = NULL; // the fixture's
    prepared_fini(&fresh);
    pipeline_judge_all(fixture->pipeline);
    pipeline_fixture_settle(fixture);
}

void pipeline_fixture_close(struct pipeline_fixture *fixture)
{
    pipeline_fixture_settle(fixture);
    ledger_close(fixture->ledger);
    pipeline_destroy(fixture->pipeline);
    config_destroy(fixture->config);
    config_destroy(fixture->leaving);
    fixture->leaving = fixture->config = NULL;
    event_base_free(fixture->base);
}

static void on_done(const struct http_pings_answer *answer, void *arg)
{
    struct pipeline_fixture *fixture = arg;

    snprintf(fixture->why, sizeof fixture->why, "%s", answer->why ? answer->why : "");
    fixture->code = answer->code;
    fixture->answered = true;
}

void pipeline_fixture_take(struct pipeline_fixture *fixture, const char *device, int64_t second,
                           double north)
{
    char json[256];
    struct sender sender = { .covers = sender_covers_all };
    struct ping_body body = { .bytes = json };

    body.n = (size_t)snprintf(json, sizeof json,
                              "{\"device\":\"%s\",\"time\":%lld,\"lat\":%.7f,\"lon\":%.7f,"
                              "\"accuracy\":8}",
                              device, (long long)(1795550400 + second),
                              HOME_LAT + north / METRES_PER_DEGREE, HOME_LON);
    fixture->answered = false;
    http_pings_take(&fixture->pings, &sender, ping_json_read, &body, on_done, fixture);
}

void pipeline_fixture_await(struct pipeline_fixture *fixture)
{
    loop_until(fixture->base, fixture->answered);
}

int64_t pipeline_fixture_count(const struct pipeline_fixture *fixture, const char *type,
                               const char *incident)
{
    char sql[200];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM alert WHERE type = '%s' AND incident LIKE '%s'",
             type, incident);
    return sql_number(testbed_path(fixture->testbed, "ledger.db").text, sql);
}

/* A second of our clock, which in an exercise only pings move. */
void pipeline_fixture_tick(struct pipeline_fixture *fixture)
{
    if (fixture->pipeline->rehearsal.now.ms != 0)
        fixture->pipeline->rehearsal.now.ms += 1000;
    pipeline_tick(fixture->pipeline);
    pipeline_fixture_settle(fixture);
}

void pipeline_fixture_is_inside(struct pipeline_fixture *fixture)
{
    pipeline_fixture_take(fixture, "tag-1", 0, 10);
    pipeline_fixture_await(fixture);
    assert_int_equal(fixture->code, 200);
}
