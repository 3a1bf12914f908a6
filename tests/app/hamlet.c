/* SPDX-License-Identifier: Apache-2.0 */
#include "hamlet.h"

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

static void on_word(bool ok, void *arg)
{
    (void)ok;
    (void)arg;
}

struct prepared hamlet_load(const struct hamlet *hamlet)
{
    struct prepared fresh;

    prepare(house_path(hamlet->house, "breachd.conf").text, hamlet->config, NULL, &fresh);
    assert_non_null(fresh.config);
    return fresh;
}

/* Everybody is judged by the rules in force. */
void hamlet_end_round(struct hamlet *hamlet)
{
    while (pipeline_judging(hamlet->pipeline)) {
        if (pipeline_step(hamlet->pipeline) == 0)
            event_base_loop(hamlet->base, EVLOOP_ONCE);
    }
}

void hamlet_settle(struct hamlet *hamlet)
{
    hamlet_end_round(hamlet);
    ledger_flush(hamlet->ledger);
    loop_until(hamlet->base, ledger_idle(hamlet->ledger));
}

void hamlet_open(struct hamlet *hamlet)
{
    struct ledger_callbacks callbacks = { on_rows, on_fetched, on_rows, on_blind,
                                          on_word, on_word,    hamlet };
    struct prepared fresh = hamlet_load(hamlet);
    struct fault why;

    hamlet->base = event_base_new();
    hamlet->config = fresh.config;
    hamlet->pipeline = pipeline_create(&hamlet->stats, true);
    hamlet->pings = (struct http_pings){ .pipeline = hamlet->pipeline, .stats = &hamlet->stats };
    assert_true(ledger_open(hamlet->base, hamlet->config->settings.ledger, &callbacks,
                            &hamlet->ledger, &why));
    assert_true(pipeline_start(hamlet->pipeline, hamlet->ledger, &fresh, &why));
    fresh.config = NULL; // the hamlet's
    prepared_fini(&fresh);
    pipeline_judge_all(hamlet->pipeline);
    hamlet_settle(hamlet);
}

void hamlet_close(struct hamlet *hamlet)
{
    hamlet_settle(hamlet);
    ledger_close(hamlet->ledger);
    pipeline_destroy(hamlet->pipeline);
    config_destroy(hamlet->config);
    config_destroy(hamlet->leaving);
    hamlet->leaving = hamlet->config = NULL;
    event_base_free(hamlet->base);
}

static void on_done(const struct http_pings_answer *answer, void *arg)
{
    struct hamlet *hamlet = arg;

    snprintf(hamlet->why, sizeof hamlet->why, "%s", answer->why ? answer->why : "");
    hamlet->code = answer->code;
    hamlet->answered = true;
}

void hamlet_take(struct hamlet *hamlet, const char *device, int64_t second, double north)
{
    char json[256];
    struct sender sender = { .covers = sender_covers_all };
    struct ping_body body = { .bytes = json };

    body.n = (size_t)snprintf(json, sizeof json,
                              "{\"device\":\"%s\",\"time\":%lld,\"lat\":%.7f,\"lon\":%.7f,"
                              "\"accuracy\":8}",
                              device, (long long)(1795550400 + second),
                              HOME_LAT + north / METRES_PER_DEGREE, HOME_LON);
    hamlet->answered = false;
    http_pings_take(&hamlet->pings, &sender, ping_json_read, &body, on_done, hamlet);
}

void hamlet_await(struct hamlet *hamlet)
{
    loop_until(hamlet->base, hamlet->answered);
}

int64_t hamlet_count(const struct hamlet *hamlet, const char *type, const char *incident)
{
    char sql[200];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM alert WHERE type = '%s' AND incident LIKE '%s'",
             type, incident);
    return sql_number(house_path(hamlet->house, "ledger.db").text, sql);
}

/* A second of our clock, which in an exercise only pings move. */
void hamlet_tick(struct hamlet *hamlet)
{
    if (hamlet->pipeline->rehearsal.now.ms != 0)
        hamlet->pipeline->rehearsal.now.ms += 1000;
    pipeline_tick(hamlet->pipeline);
    hamlet_settle(hamlet);
}

void hamlet_is_inside(struct hamlet *hamlet)
{
    hamlet_take(hamlet, "tag-1", 0, 10);
    hamlet_await(hamlet);
    assert_int_equal(hamlet->code, 200);
}
