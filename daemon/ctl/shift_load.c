/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/shift_load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HOUR_MS = 60 * 60 * 1000 };

static int by_time(const void *a, const void *b)
{
    const struct logged_alert *one = a, *other = b;

    return (one->at.ms > other->at.ms) - (one->at.ms < other->at.ms);
}

static int by_value(const void *a, const void *b)
{
    const double *one = a, *other = b;

    return (*one > *other) - (*one < *other);
}

/* Each of several operators has as many as the others. */
static unsigned share(size_t n, unsigned operators)
{
    return (unsigned)((n + operators - 1) / operators);
}

/* `alerts` by time, all within the shift. */
static void count_floods(const struct logged_alert *alerts, size_t n, struct shift_load *out)
{
    bool flood = false;
    size_t first = 0;

    for (size_t i = 0; i < n; i++) {
        unsigned here;

        while (alerts[i].at.ms - alerts[first].at.ms >= LOAD_FLOOD_MS)
            first++;
        // Those that came until just before this one: a lull ends it, though this is news again.
        if (share(i - first, out->operators) < LOAD_FLOOD_ENDS)
            flood = false;
        here = share(i - first + 1, out->operators);
        out->worst = here > out->worst ? here : out->worst;
        if (!flood && here >= LOAD_FLOOD_BEGINS) {
            out->floods++;
            flood = true;
        }
    }
}

static void count_hours(const struct logged_alert *alerts, size_t n, struct shift_load *out)
{
    for (size_t i = 0; i < n; i++) {
        size_t hour = (size_t)((alerts[i].at.ms - out->since.ms) / HOUR_MS);

        if (hour < out->hours)
            out->of_hour[hour]++;
    }
}

/* A copy of those of the shift, by time; NULL when memory is out. */
static struct logged_alert *of_shift(const struct incident_log *log, struct shift_load *out)
{
    struct logged_alert *alerts = calloc(log->n_alerts + 1, sizeof *alerts);

    for (size_t i = 0; alerts != NULL && i < log->n_alerts; i++) {
        if (log->alerts[i].at.ms >= out->since.ms && log->alerts[i].at.ms <= out->now.ms)
            alerts[out->alerts++] = log->alerts[i];
    }
    if (alerts != NULL)
        qsort(alerts, out->alerts, sizeof *alerts, by_time);
    return alerts;
}

static bool count_acks(const struct incident_log *log, struct shift_load *out)
{
    out->minutes = calloc(log->n + 1, sizeof *out->minutes);
    if (out->minutes == NULL)
        return false;
    for (size_t i = 0; i < log->n; i++) {
        const struct logged_incident *one = log->of[i];

        if (one->called.ms == 0 || one->called.ms < out->since.ms)
            continue;
        if (one->taken.ms != 0)
            out->minutes[out->n_minutes++] =
                fmax(0, (double)(one->taken.ms - one->called.ms) / 60000);
        else
            out->untaken += one->needed;
    }
    qsort(out->minutes, out->n_minutes, sizeof *out->minutes, by_value);
    return true;
}

bool shift_load_count(const struct incident_log *log, struct utc since, struct utc now,
                      unsigned operators, struct shift_load *out)
{
    int64_t length = now.ms > since.ms ? now.ms - since.ms : 1;
    size_t hours = (size_t)((length + HOUR_MS - 1) / HOUR_MS);
    struct logged_alert *alerts;

    *out = (struct shift_load){ .since = since,
                                .now = now,
                                .operators = operators,
                                .hours = hours < LOAD_HOURS_MAX ? hours : LOAD_HOURS_MAX };
    alerts = of_shift(log, out);
    if (alerts == NULL || !count_acks(log, out)) {
        free(alerts);
        return false;
    }
    count_floods(alerts, out->alerts, out);
    count_hours(alerts, out->alerts, out);
    out->an_hour = (double)out->alerts * HOUR_MS / (double)length / operators;
    free(alerts);
    return true;
}

void shift_load_fini(struct shift_load *load)
{
    free(load->minutes);
    load->minutes = NULL;
}

double shift_load_median(const struct shift_load *load)
{
    size_t n = load->n_minutes;

    if (n == 0)
        return NAN;
    return n % 2 == 1 ? load->minutes[n / 2]
                      : (load->minutes[n / 2 - 1] + load->minutes[n / 2]) / 2;
}

const char *shift_load_rating(const struct shift_load *load)
{
    return load->an_hour <= LOAD_ACCEPTABLE   ? "likely to be acceptable"
           : load->an_hour <= LOAD_MANAGEABLE ? "manageable"
           : load->an_hour <= LOAD_DEMANDING  ? "likely to be over-demanding"
                                              : "very likely to be unacceptable";
}
