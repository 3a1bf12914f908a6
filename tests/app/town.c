/* SPDX-License-Identifier: Apache-2.0 */
#include "app/town.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter/log.h"
#include "app/pipeline_batch.h"
#include "support/test.h"

/* ---- the ledger speaks ---- */

static void on_alerts(const struct row *alerts, void *arg)
{
    struct town *town = arg;

    for (; alerts != NULL; alerts = alerts->next) {
        size_t length = strlen(town->told);

        snprintf(town->told + length, sizeof town->told - length, "%s %s %s\n", alerts->alert.type,
                 strchr(alerts->alert.id, '/') + 1, alerts->alert.respondent);
    }
}

static void on_fetched(const struct fetch *asked, bool ok, const struct row *alerts, void *arg)
{
    (void)asked, (void)ok, (void)alerts, (void)arg;
}

static void on_committed(const struct row *alerts, void *arg)
{
    (void)alerts, (void)arg;
}

static void on_blind(const char *why, void *arg)
{
    struct town *town = arg;

    pipeline_close(town->pipeline, why);
}

static void on_bool(bool ok, void *arg)
{
    (void)ok, (void)arg;
}

/* ---- the town ---- */

void town_write_orders(const struct town *town, int people, const char *person, int zones,
                       double radius)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    for (int i = 0; i < people; i++) {
        fprintf(out,
                "[order O-%d]\nkind = DVPO\nclause = 3\nrespondent = %s-%d\n"
                "devices = tag-%d, phone-%d\narea = Basildon\nmonitoring = dapo\n"
                "from = 2020-01-01T00:00:00Z\nserved = 2020-01-01T00:00:00Z\n",
                i, person, i, i, i);
        for (int k = 0; k < zones; k++)
            fprintf(out, "[zone O-%d/z%d]\ncentre = 51.6, %.5f\nradius = %g m\n", i, k,
                    0.1 + 0.0005 * i, radius + k);
    }
    fclose(out);
    house_write(town->house, "orders.d/all.conf", text, size);
    free(text);
}

/* Destroys what nothing is told by any more; all of it when there is no pipeline. */
static void let_go(struct town *town)
{
    for (size_t i = 0; i < TOWN_LEAVING_MAX; i++) {
        struct config *config = town->leaving[i];

        if (config == NULL ||
            (town->pipeline != NULL && pipeline_needs(town->pipeline, config->rules)))
            continue;
        config_destroy(config);
        town->leaving[i] = NULL;
    }
}

struct prepared town_build(const struct town *town)
{
    struct prepared fresh;

    prepare(house_path(town->house, "breachd.conf").text, town->config, NULL, &fresh);
    assert_non_null(fresh.config);
    return fresh;
}

void town_run_once(struct town *town)
{
    assert_int_equal(event_base_loop(town->base, EVLOOP_ONCE), 0);
}

void town_settle(struct town *town)
{
    while (pipeline_judging(town->pipeline) || !ledger_idle(town->ledger)) {
        if (pipeline_step(town->pipeline) == 0)
            town_run_once(town);
    }
    let_go(town);
}

void town_begin(struct town *town)
{
    struct ledger_callbacks callbacks = { on_alerts, on_fetched, on_committed, on_blind,
                                          on_bool,   on_bool,    town };
    struct prepared fresh = town_build(town);
    struct fault why;

    town->base = event_base_new();
    town->pipeline = pipeline_create(&town->stats, false);
    assert_true(ledger_open(town->base, house_path(town->house, "ledger.db").text, &callbacks,
                            &town->ledger, &why));
    town->config = fresh.config;
    assert_true(pipeline_start(town->pipeline, town->ledger, &fresh, &why));
    fresh.config = NULL;
    prepared_fini(&fresh);
    pipeline_judge_all(town->pipeline);
    town_settle(town);
    town->told[0] = '\0';
}

void town_end(struct town *town)
{
    ledger_close(town->ledger);
    pipeline_destroy(town->pipeline);
    event_base_free(town->base);
    town->ledger = NULL;
    town->pipeline = NULL;
    let_go(town);
    config_destroy(town->config);
    town->config = NULL;
}

void town_swap(struct town *town)
{
    struct prepared fresh = town_build(town);
    size_t i = 0;

    pipeline_adopt(town->pipeline, &fresh);
    while (i < TOWN_LEAVING_MAX && town->leaving[i] != NULL)
        i++;
    assert_true(i < TOWN_LEAVING_MAX);
    town->leaving[i] = town->config;
    let_go(town);
    town->config = fresh.config;
    fresh.config = NULL;
    prepared_fini(&fresh);
}

void town_ping(struct town *town, int nth, double north, int64_t ago_ms)
{
    struct sender sender = { .covers = sender_covers_all };
    struct batch *batch = batch_begin(town->pipeline, &sender, on_bool, town);
    struct ping one = { .time = utc_plus(pipeline_now(town->pipeline), -ago_ms),
                        .at = { 0.1 + 0.0005 * nth, 51.6 + north },
                        .accuracy = 8,
                        .speed = NAN,
                        .course = NAN,
                        .battery = NAN };
    enum arrival class;
    struct fault why;

    assert_non_null(batch);
    snprintf(one.device, sizeof one.device, "tag-%d", nth);
    assert_int_equal(batch_give(batch, &one, &class, &why), BATCH_TAKEN);
    batch_end(batch);
}

int town_setup(void **state)
{
    struct town *town = calloc(1, sizeof *town);

    if (town == NULL || house_setup((void **)&town->house) != 0)
        return -1;
    log_nothing();
    *state = town;
    return 0;
}

int town_teardown(void **state)
{
    struct town *town = *state;

    town_end(town);
    town->house->well = true;
    house_teardown((void **)&town->house);
    free(town);
    return 0;
}
