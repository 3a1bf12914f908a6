/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/line.h"
#include "ctl/report.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One incident; its name comes first, for the tree. */
struct happened {
    char incident[160];
    bool breached;  // in the period
    bool permitted; // a stay that a permit allowed: told like a breach, and none
    int alerts;
    struct utc pinged, taken; // 0: not
    char outcome[32];
};

struct reading {
    void *tree;  // of struct happened
    void *taken; // numbers of links, where an alert may stand in several files
    bool several;
    struct period period;
    bool exercise, broken;
    // what comes of it:
    int total, alerts, not_taken, permitted;
    json_t *outcomes;
    double *minutes;
    size_t n_minutes;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static struct happened *find(struct reading *reading, const char *incident)
{
    struct happened *one, **node;

    if (strlen(incident) >= sizeof one->incident || (one = calloc(1, sizeof *one)) == NULL)
        return NULL;
    strcpy(one->incident, incident);
    node = tsearch(one, &reading->tree, by_name);
    if (node == NULL || *node != one)
        free(one);
    return node != NULL ? *node : NULL;
}

static bool is_in(struct period period, struct utc at)
{
    return at.ms >= period.from.ms && at.ms < period.to.ms;
}

static bool is_authorised(const json_t *event)
{
    return json_is_true(json_object_get(json_object_get(event, "data"), "authorised"));
}

static void take_alert(struct reading *reading, const json_t *event)
{
    struct happened *one = find(reading, line_text(event, "data.incident"));
    const char *outcome = line_text(event, "data.outcome");
    struct utc at = { 0 }, pinged;

    if (one == NULL) {
        reading->broken = true;
        return;
    }
    one->alerts++;
    utc_parse(line_text(event, "time"), &at);
    // Where a permit begins or ends inside another incident begins (rule 10), so none is both.
    if (line_is(event, ALERT_BREACH) && is_authorised(event)) {
        one->permitted = one->permitted || is_in(reading->period, at);
    } else if (line_is(event, ALERT_BREACH) && !one->breached && is_in(reading->period, at)) {
        one->breached = true;
        one->pinged = utc_parse(line_text(event, "data.ping.time"), &pinged) ? pinged : at;
    }
    if (line_is(event, ALERT_ACKED) || line_is(event, ALERT_CLOSED))
        one->taken = one->breached && one->taken.ms == 0 ? at : one->taken;
    if (line_is(event, ALERT_CLOSED))
        snprintf(one->outcome, sizeof one->outcome, "%s", outcome);
}

static int by_number(const void *a, const void *b)
{
    const uint64_t *one = a, *other = b;

    return (*one > *other) - (*one < *other);
}

/* What an archive has may stand in the ledger still, or in another archive. */
static bool was_taken(struct reading *reading, uint64_t number)
{
    uint64_t *one = reading->several ? malloc(sizeof *one) : NULL, **node;

    if (one == NULL) {
        reading->broken |= reading->several;
        return false;
    }
    *one = number;
    node = tsearch(one, &reading->taken, by_number);
    reading->broken |= node == NULL;
    if (node != NULL && *node == one)
        return false;
    free(one);
    return true;
}

static bool on_entry(const struct read_entry *entry, void *arg)
{
    struct reading *reading = arg;
    json_t *event, *data;

    if (entry->body == NULL ||
        (strcmp(entry->kind, "alert") != 0 && strcmp(entry->kind, "notice") != 0) ||
        was_taken(reading, entry->number))
        return true;
    event = json_loads(entry->body, 0, NULL);
    data = json_object_get(event, "data");
    // An alert of a zone; breachd's own and the devices' are none.
    if (json_is_string(json_object_get(data, "zone")) && line_text(data, "incident")[0] != '\0' &&
        json_is_true(json_object_get(data, "exercise")) == reading->exercise)
        take_alert(reading, event);
    json_decref(event);
    return !reading->broken;
}

/* ---- what comes of it ---- */

static void count_one(const void *node, VISIT visit, void *arg)
{
    struct reading *reading = arg;
    const struct happened *one = *(struct happened *const *)node;
    const char *outcome = one->outcome[0] != '\0' ? one->outcome : "not closed";
    double *more;

    if (visit != postorder && visit != leaf)
        return;
    reading->permitted += one->permitted && !one->breached;
    if (!one->breached)
        return;
    reading->total++;
    reading->alerts += one->alerts;
    json_object_set_new(
        reading->outcomes, outcome,
        json_integer(1 + json_integer_value(json_object_get(reading->outcomes, outcome))));
    if (one->taken.ms == 0) {
        reading->not_taken++;
        return;
    }
    more = reallocarray(reading->minutes, reading->n_minutes + 1, sizeof *more);
    reading->broken = reading->broken || more == NULL;
    if (more == NULL)
        return;
    reading->minutes = more;
    more[reading->n_minutes++] = (double)(one->taken.ms - one->pinged.ms) / 60000;
}

static int by_value(const void *a, const void *b)
{
    const double *one = a, *other = b;

    return (*one > *other) - (*one < *other);
}

static json_t *median(struct reading *reading)
{
    size_t n = reading->n_minutes;

    if (n == 0)
        return json_null();
    qsort(reading->minutes, n, sizeof *reading->minutes, by_value);
    return json_real(n % 2 == 1 ? reading->minutes[n / 2]
                                : (reading->minutes[n / 2 - 1] + reading->minutes[n / 2]) / 2);
}

json_t *report_breaches(const struct report_ledgers *ledgers, struct period period, bool exercise,
                        struct fault *why)
{
    struct reading reading = {
        .several = ledgers->n > 1, .period = period, .exercise = exercise, .outcomes = json_object()
    };
    bool ok = true;
    json_t *json = NULL;

    for (size_t i = 0; ok && i < ledgers->n; i++)
        ok =
            ledger_reader_each(ledgers->of[i].source.reader, 0, INT64_MAX, on_entry, &reading, why);
    twalk_r(reading.tree, count_one, &reading);
    if (ok && (reading.broken || reading.outcomes == NULL))
        ok = fault_set(why, "out of memory");
    if (ok)
        json = json_pack("{s:i,s:O,s:o,s:o,s:i,s:i}", "total", reading.total, "outcomes",
                         reading.outcomes, "alerts_per_breach",
                         reading.total > 0 ? json_real((double)reading.alerts / reading.total)
                                           : json_null(),
                         "minutes_to_ack", median(&reading), "not_taken", reading.not_taken,
                         "permitted", reading.permitted);
    json_decref(reading.outcomes);
    free(reading.minutes);
    tdestroy(reading.tree, free);
    tdestroy(reading.taken, free);
    return json;
}
