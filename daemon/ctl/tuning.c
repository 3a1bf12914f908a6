/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tuning.c - tuning without fear: recorded pings judged by some orders and settings, or by two of
 * them, and then only what comes out otherwise.
 */
#include "ctl/tuning.h"

#include "adapter/print.h"
#include "ctl/line.h"
#include "ctl/what_if.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Alerts of one zone and type within so long of each other are the same one, earlier or later. */
enum { SAME_MS = 60 * 60 * 1000 };

enum change { GAINED, LOST, EARLIER, LATER, SAME, CHANGES };

static const char *const changes[] = { "gained", "lost", "earlier", "later", "same" };
_Static_assert(sizeof changes / sizeof *changes == CHANGES, "a name for each change");

struct difference {
    enum change change;
    int64_t ms; // by how much
    const struct what_if_alert *alert;
};

struct differences {
    struct difference *of;
    size_t n, count[CHANGES];
};

static void print_alert(const struct what_if_alert *alert, const struct offline_config *config)
{
    struct utc local = { alert->time.ms +
                         civil_offset(&config->civil, alert->time) * INT64_C(1000) };
    char time[UTC_TEXT_MAX];

    utc_print(local, time);
    time[10] = ' ';
    print_line(stdout, "%.19s  %-8s  %-13s  %s: %s", time, severity_name(alert->severity),
               alert_type_name(alert->type), alert->subject, alert->reason);
}

static json_t *alert_json(const struct what_if_alert *alert)
{
    char time[UTC_TEXT_MAX];

    return json_pack("{s:s,s:s,s:s,s:s,s:I,s:s}", "time", utc_print(alert->time, time), "type",
                     alert_type_name(alert->type), "severity", severity_name(alert->severity),
                     "subject", alert->subject, "incident", (json_int_t)alert->incident, "reason",
                     alert->reason);
}

static void put_json(json_t *json)
{
    line_json(stdout, json);
    json_decref(json);
}

static void print_trial(const struct what_if *what_if, const struct offline_config *config,
                        bool json)
{
    for (size_t i = 0; i < what_if->n; i++) {
        if (json)
            put_json(alert_json(&what_if->alerts[i]));
        else
            print_alert(&what_if->alerts[i], config);
    }
}

/* ---- two trials ---- */

static int by_kind(const struct what_if_alert *one, const struct what_if_alert *other)
{
    int order = strcmp(one->subject, other->subject);

    return order != 0 ? order : (int)one->type - (int)other->type;
}

static int by_kind_and_time(const void *a, const void *b)
{
    const struct what_if_alert *one = a, *other = b;
    int order = by_kind(one, other);

    return order != 0 ? order : (one->time.ms > other->time.ms) - (one->time.ms < other->time.ms);
}

/* What only goes on is told by the interval, and would hide the rest. */
static size_t drop_updates(struct what_if *what_if)
{
    size_t n = 0;

    for (size_t i = 0; i < what_if->n; i++) {
        if (what_if->alerts[i].type != ALERT_UPDATE)
            what_if->alerts[n++] = what_if->alerts[i];
    }
    if (n > 0)
        qsort(what_if->alerts, n, sizeof *what_if->alerts, by_kind_and_time);
    return n;
}

static void note(struct differences *out, enum change change, int64_t ms,
                 const struct what_if_alert *alert)
{
    out->count[change]++;
    if (change != SAME)
        out->of[out->n++] = (struct difference){ change, ms, alert };
}

/*
 * Whether the second of the others, if it is of one's kind too, lies nearer in time than the first.
 */
static bool next_is_nearer(const struct what_if_alert *one, const struct what_if_alert *others,
                           size_t n)
{
    return n > 1 && by_kind(one, &others[1]) == 0 &&
           llabs(others[1].time.ms - one->time.ms) < llabs(others[0].time.ms - one->time.ms);
}

/* Both in the order of by_kind_and_time; `out` has room for all of both. */
static void compare(const struct what_if_alert *a, size_t n_a, const struct what_if_alert *b,
                    size_t n_b, struct differences *out)
{
    size_t i = 0, j = 0;

    while (i < n_a || j < n_b) {
        int order = i == n_a ? 1 : j == n_b ? -1 : by_kind(&a[i], &b[j]);
        int64_t ms = order == 0 ? b[j].time.ms - a[i].time.ms : 0;
        bool lost =
            order < 0 || (order == 0 && (ms > SAME_MS || next_is_nearer(&b[j], &a[i], n_a - i)));
        bool gained =
            order > 0 || (order == 0 && (ms < -SAME_MS || next_is_nearer(&a[i], &b[j], n_b - j)));

        if (lost) {
            note(out, LOST, 0, &a[i++]);
        } else if (gained) {
            note(out, GAINED, 0, &b[j++]);
        } else {
            note(out, ms == 0 ? SAME : ms < 0 ? EARLIER : LATER, llabs(ms), &b[j]);
            i++;
            j++;
        }
    }
}

static int by_time(const void *a, const void *b)
{
    const struct difference *one = a, *other = b;

    return (one->alert->time.ms > other->alert->time.ms) -
           (one->alert->time.ms < other->alert->time.ms);
}

static void print_difference(const struct difference *one, const struct offline_config *config,
                             bool json)
{
    char by[DURATION_TEXT_MAX] = "";
    json_t *object;

    if (json) {
        object = alert_json(one->alert);
        json_object_set_new(object, "change", json_string(changes[one->change]));
        json_object_set_new(object, "by_ms", json_integer(one->ms));
        put_json(object);
        return;
    }
    if (one->change == EARLIER || one->change == LATER)
        duration_print(one->ms, by);
    print_part(stdout, "%-8s %-12s ", changes[one->change], by);
    print_alert(one->alert, config);
}

static bool print_differences(struct what_if *before, struct what_if *after,
                              const struct offline_config *config, bool json, bool *out_differs,
                              struct fault *why)
{
    size_t n_before = drop_updates(before), n_after = drop_updates(after);
    struct differences all = { .of = calloc(n_before + n_after + 1, sizeof *all.of) };

    if (all.of == NULL)
        return fault_set(why, "out of memory");
    compare(before->alerts, n_before, after->alerts, n_after, &all);
    qsort(all.of, all.n, sizeof *all.of, by_time);
    for (size_t i = 0; i < all.n; i++)
        print_difference(&all.of[i], config, json);
    if (!json)
        print_line(stdout, "%zu gained, %zu lost, %zu earlier, %zu later, %zu the same",
                   all.count[GAINED], all.count[LOST], all.count[EARLIER], all.count[LATER],
                   all.count[SAME]);
    *out_differs = all.n > 0;
    free(all.of);
    return true;
}

/* ---- the command ---- */

static void tell_refused(const struct recording *recording, const struct what_if *what_if)
{
    if (recording->refused > 0)
        print_line(stderr, "breachctl: %zu lines are no pings; the first: %s", recording->refused,
                   recording->first_refusal.text);
    if (what_if->unknown > 0)
        print_line(stderr, "breachctl: %zu pings are of devices under no order there",
                   what_if->unknown);
    // PhoneTrack's GPX is in no order (julien-nc/phonetrack#15), and reports have device by device.
    if (recording->exported && what_if->late > 0)
        print_line(stderr,
                   "breachctl: %zu pings stand behind newer ones, and are judged as held up on "
                   "their way: sort the file by time",
                   what_if->late);
}

bool tuning_compare(struct what_if *before, struct what_if *after,
                    const struct offline_config *config, bool json, struct fault *why)
{
    bool differs; // who compares two rules asks for nothing but what is printed

    return print_differences(before, after, config, json, &differs, why);
}

/* Nothing told of pings of which none was judged would look like nothing to tell. */
static bool judged_some(const struct recording *recording, const struct what_if *what_if,
                        struct fault *why)
{
    if (recording->n == 0)
        return fault_set(why, "nothing judged: no ping in the file");
    return what_if->unknown < recording->n ||
           fault_set(why, "nothing judged: no ping is of a device under an order; --device says "
                          "whose a file's pings are");
}

/* The second of the two: other orders, other settings, or both. */
static bool against(const struct ctl_options *options, const struct offline_config *config,
                    const struct recording *recording, struct what_if *before, bool *out_differs,
                    struct fault *why)
{
    const char *conf = options->against_conf ? options->against_conf : options->settings;
    const char *orders = options->against        ? options->against
                         : options->against_conf ? options->orders
                                                 : NULL;
    struct offline_config other = { 0 };
    struct what_if after = { 0 };
    bool ok = offline_config_open(conf, orders, &other, why) &&
              what_if_run(&other, recording, &after, why) &&
              (judged_some(recording, before, why) || judged_some(recording, &after, why)) &&
              print_differences(before, &after, config, options->json, out_differs, why);

    what_if_fini(&after);
    offline_config_close(&other);
    return ok;
}

int ctl_tune(const struct ctl_options *options, const char *pings)
{
    bool two = options->against != NULL || options->against_conf != NULL;
    struct recording recording = { 0 };
    struct offline_config config = { 0 };
    struct what_if what_if = { 0 };
    struct fault why;
    bool differs = false;
    bool ok = offline_config_open(options->settings, options->orders, &config, &why) &&
              recording_read(pings, options->device, &recording, &why) &&
              what_if_run(&config, &recording, &what_if, &why);

    if (ok) {
        tell_refused(&recording, &what_if);
        ok = two ? against(options, &config, &recording, &what_if, &differs, &why)
                 : judged_some(&recording, &what_if, &why);
    }
    if (ok && !two)
        print_trial(&what_if, &config, options->json);
    differs |= recording.refused > 0; // told with their number
    what_if_fini(&what_if);
    recording_fini(&recording);
    offline_config_close(&config);
    if (!ok)
        return ctl_refuse("%s", why.text);
    return differs ? CTL_FAILED : CTL_DONE;
}
