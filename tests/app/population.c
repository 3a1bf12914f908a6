/* SPDX-License-Identifier: Apache-2.0 */
#include "app/population.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter/log.h"
#include "app/pipeline.h"
#include "app/pipeline_batch.h"
#include "app/pipeline_round.h"
#include "app/pipeline_rules.h"
#include "app/pipeline_state.h"
#include "support/test.h"

/* ---- the ledger speaks ---- */

static void on_alerts(const struct row *alerts, void *arg)
{
    struct population *population = arg;

    for (; alerts != NULL; alerts = alerts->next) {
        size_t length = strlen(population->alerts);

        snprintf(population->alerts + length, sizeof population->alerts - length, "%s %s %s\n",
                 alerts->alert.type, strchr(alerts->alert.id, '/') + 1, alerts->alert.respondent);
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
    struct population *population = arg;

    pipeline_close(population->pipeline, why);
}

static void on_bool(bool ok, void *arg)
{
    (void)ok, (void)arg;
}

/* ---- the population ---- */

void population_write_orders(const struct population *population, int people, const char *person,
                             int zones, double radius)
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
    testbed_write(population->testbed, "orders.d/all.conf", text, size);
    free(text);
}

/* Destroys what nothing is told by any more; all of it when there is no pipeline. */
static void let_go(struct population *population)
{
    for (size_t i = 0; i < POPULATION_LEAVING_MAX; i++) {
        struct config *config = population->leaving[i];

        if (config == NULL ||
            (population->pipeline != NULL && pipeline_needs(population->pipeline, config->rules)))
            continue;
        config_destroy(config);
        population->leaving[i] = NULL;
    }
}

struct prepared population_build(const struct population *population)
{
    struct prepared fresh;

    // All orders have ended by then, so that they may go.
    prepare(
        &(struct prepare_options){ .path = testbed_path(population->testbed, "breachd.conf").text,
                                   .running = population->config,
                                   .now = UTC_NEVER },
        NULL, &fresh);
    assert_non_null(fresh.config);
    return fresh;
}

void population_run_once(struct population *population)
{
    assert_int_equal(event_base_loop(population->base, EVLOOP_ONCE), 0);
}

void population_settle(struct population *population)
{
    while (pipeline_judging(population->pipeline) || !ledger_idle(population->ledger)) {
        if (pipeline_step(population->pipeline) == 0)
            population_run_once(population);
    }
    let_go(population);
}

void population_begin(struct population *population)
{
    struct ledger_callbacks callbacks = { on_alerts, on_fetched, on_committed, on_blind,
                                          on_bool,   on_bool,    population };
    struct prepared fresh = population_build(population);
    struct fault why;

    population->base = event_base_new();
    population->pipeline = pipeline_create(&population->stats, false);
    assert_true(ledger_open(population->base, testbed_path(population->testbed, "ledger.db").text,
                            &callbacks, &population->ledger, &why));
    population->config = fresh.config;
    assert_true(pipeline_start(population->pipeline, population->ledger, &fresh, &why));
    fresh.config = NULL;
    prepared_fini(&fresh);
    pipeline_judge_all(population->pipeline);
    population_settle(population);
    population->alerts[0] = '\0';
}

void population_end(struct population *population)
{
    ledger_close(population->ledger);
    pipeline_destroy(population->pipeline);
    event_base_free(population->base);
    population->ledger = NULL;
    population->pipeline = NULL;
    let_go(population);
    config_destroy(population->config);
    population->config = NULL;
}

void population_swap(struct population *population)
{
    struct prepared fresh = population_build(population);
    size_t i = 0;

    pipeline_adopt(population->pipeline, &fresh);
    while (i < POPULATION_LEAVING_MAX && population->leaving[i] != NULL)
        i++;
    assert_true(i < POPULATION_LEAVING_MAX);
    population->leaving[i] = population->config;
    let_go(population);
    population->config = fresh.config;
    fresh.config = NULL;
    prepared_fini(&fresh);
}

void population_ping(struct population *population, int nth, double north, int64_t ago_ms)
{
    struct sender sender = { .covers = sender_covers_all };
    struct batch *batch = batch_begin(population->pipeline, &sender, on_bool, population);
    struct ping one = { .time = utc_plus(pipeline_now(population->pipeline), -ago_ms),
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

int population_setup(void **state)
{
    struct population *population = calloc(1, sizeof *population);

    if (population == NULL || testbed_setup((void **)&population->testbed) != 0)
        return -1;
    log_nothing();
    *state = population;
    return 0;
}

int population_teardown(void **state)
{
    struct population *population = *state;

    population_end(population);
    population->testbed->well = true;
    testbed_teardown((void **)&population->testbed);
    free(population);
    return 0;
}
