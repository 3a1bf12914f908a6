/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diff.c - before somebody types `reload`: which orders and zones it would change, who would be
 * inside then, and what the pings of last month would have told.
 */
#include "adapter/as_user.h"
#include "adapter/clock.h"
#include "adapter/print.h"
#include "core/plural.h"
#include "core/revision.h"
#include "ctl/forecast.h"
#include "ctl/inside.h"
#include "ctl/line.h"
#include "ctl/tuning.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const int64_t month_ms = 30 * 24 * 60 * 60 * INT64_C(1000);

struct diff {
    const struct ctl_options *options;
    struct offline_config fresh;
    struct offline_config other; // of --against
    struct rules_in_force kept;  // of the ledger
    const struct rulebook *old;  // one of these two
    struct forecast forecast;
    const char *folder;           // of the orders that a reload would read
    struct ledger_reader *reader; // NULL: only folders are compared
    struct utc now;
    size_t inside;
};

static void put_json(json_t *json)
{
    line_json(stdout, json);
    json_decref(json);
}

/* ---- orders and zones ---- */

static const char *change_of(enum revision_kind kind)
{
    switch (kind) {
    case REVISION_ADDED:
    case REVISION_ZONE_ADDED:
        return "added";
    case REVISION_ENDED:
    case REVISION_ZONE_ENDED:
        return "ended";
    case REVISION_CHANGED:
        return "changed";
    case REVISION_ZONE_MOVED:
        return "moved";
    }
    return "";
}

static void tell_json(const struct revision *one)
{
    bool zone = one->zone != NULL;
    bool is_there = one->kind == REVISION_ADDED || one->kind == REVISION_CHANGED;
    json_t *json =
        json_pack("{s:s,s:s,s:s*,s:s*}", "change", change_of(one->kind), zone ? "zone" : "order",
                  zone ? one->zone : one->order->id, "was", zone ? NULL : one->was, "digest",
                  is_there ? one->order->digest : NULL);

    if (one->kind == REVISION_ZONE_MOVED && !isnan(one->metres))
        json_object_set_new(json, "metres", json_real(round(one->metres * 1000) / 1000));
    put_json(json);
}

static void tell_one(const struct revision *one, void *arg)
{
    struct diff *diff = arg;
    const char *subject = one->zone != NULL ? one->zone : one->order->id;
    char metres[REVISION_METRES_MAX];

    if (one->kind == REVISION_ADDED && rules_in_force_lack(&diff->kept, one->order->id))
        return; // it was there, as a text that nobody has: tell_unknown
    if (diff->options->json)
        tell_json(one);
    else if (one->kind == REVISION_ZONE_MOVED)
        print_line(stdout, "%s: moved by %s", subject, revision_metres(one->metres, metres));
    else if (one->kind == REVISION_CHANGED)
        print_line(stdout, "%s: changed: text %s, was %s", subject, one->order->digest, one->was);
    else
        print_line(stdout, "%s: %s", subject, change_of(one->kind));
}

/* Orders by whose old text nobody was judged yet, so that the ledger does not have it. */
static void tell_unknown(struct diff *diff, struct revision_counts *counts)
{
    for (size_t i = 0; i < diff->kept.n_unknown; i++) {
        const char *id = diff->kept.unknown[i];
        size_t nth;
        bool stays = rulebook_find_order(diff->fresh.rules, id, &nth);

        counts->added -= stays; // as revision_compare took it
        counts->changed += stays;
        counts->ended += !stays;
        if (diff->options->json)
            put_json(json_pack("{s:s,s:s}", "change", stays ? "changed" : "ended", "order", id));
        else if (stays)
            print_line(stdout,
                       "%s: changed: nobody was judged by its old text, so how far its zones move "
                       "is not known",
                       id);
        else
            print_line(stdout, "%s: ended", id);
    }
}

static void tell_kind(const char *line, void *arg)
{
    const struct diff *diff = arg;

    if (diff->options->json)
        put_json(json_pack("{s:s,s:s}", "change", "devices", "what", line));
    else
        print_line(stdout, "%s", line);
}

static void tell_setting(const char *line, bool is_threshold, void *arg)
{
    const struct diff *diff = arg;

    (void)is_threshold;
    if (diff->options->json)
        put_json(json_pack("{s:s,s:s}", "change", "setting", "what", line));
    else
        print_line(stdout, "%s", line);
}

static void compare(struct diff *diff)
{
    struct revision_counts counts;
    char lost[REVISION_LOST_MAX];

    if (diff->kept.settings != NULL) {
        settings_kinds_compare(&diff->kept.settings->kinds, &diff->fresh.settings.kinds, tell_kind,
                               diff);
        settings_compare(diff->kept.settings, &diff->fresh.settings, tell_setting, diff);
    }
    revision_compare(diff->old, diff->fresh.rules, tell_one, diff, &counts);
    tell_unknown(diff, &counts);
    if (!diff->options->json)
        print_line(stdout, "%zu added, %zu ended, %zu changed, %zu zone%s moved%s", counts.added,
                   counts.ended, counts.changed, counts.moved, plural(counts.moved),
                   revision_lost(&counts, lost));
}

/* ---- who is inside ---- */

static void tell_inside(const struct inside *one, void *arg)
{
    struct diff *diff = arg;
    const char *respondent = one->zone->order->respondent;
    char age[DURATION_TEXT_MAX];

    diff->inside++;
    if (diff->options->json) {
        put_json(json_pack("{s:s,s:s,s:s,s:f,s:I,s:b,s:b,s:b,s:b}", "respondent", respondent,
                           "zone", one->zone->subject, "device", one->device, "depth",
                           round(one->depth * 10) / 10, "age_ms", (json_int_t)one->age_ms, "before",
                           one->before, "then", one->then, "permitted", one->permitted, "stale",
                           one->stale));
        return;
    }
    print_line(stdout, "%s %s %s%s: %s, %.0f m inside, %s ago%s", respondent,
               one->then ? "is inside" : "comes out of", one->zone->subject,
               one->then && one->before ? ", as before"
               : one->then              ? ", by the reload"
                                        : "",
               one->device, one->depth, duration_print(one->age_ms, age),
               one->permitted ? "; permitted"
               : one->stale   ? "; too old to open anything by itself"
                              : "");
}

static bool tell_insides(struct diff *diff, struct fault *why)
{
    if (diff->reader == NULL)
        return true;
    if (!inside_each(diff->reader, diff->old, &diff->fresh, diff->now, tell_inside, diff, why))
        return false;
    if (diff->inside == 0 && !diff->options->json)
        print_line(stdout, "nobody is inside, before or then, as far as the ledger knows");
    return true;
}

/* ---- last month ---- */

/* Only the newest; what a ledger keeps stands in it in the order of arrival. */
static void keep_month(struct recording *recording, struct utc now)
{
    size_t n = 0;

    for (size_t i = 0; i < recording->n; i++) {
        if (recording->pings[i].now.ms >= now.ms - month_ms)
            recording->pings[n++] = recording->pings[i];
    }
    recording->n = n;
}

/* The pings that the ledger kept as evidence, or has not yet let go, by both rules. */
static bool tell_month(struct diff *diff, struct fault *why)
{
    struct offline_config before = diff->fresh;
    struct recording recording = { 0 };
    struct what_if was = { 0 }, then = { 0 };
    bool ok;

    before.rules = (struct rulebook *)(uintptr_t)diff->old; // only read
    if (diff->kept.settings != NULL) {
        before.settings.kinds = diff->kept.settings->kinds;
        before.settings.detect = diff->kept.settings->detect;
    }
    ok = recording_read(diff->options->ledger, NULL, &recording, why);
    if (ok)
        keep_month(&recording, diff->now);
    if (ok && !diff->options->json)
        print_line(stdout,
                   "of the %zu ping%s that the ledger has of the last 30 days:", recording.n,
                   plural(recording.n));
    ok = ok && what_if_run(&before, &recording, &was, why) &&
         what_if_run(&diff->fresh, &recording, &then, why) &&
         tuning_compare(&was, &then, &diff->fresh, diff->options->json, why);
    what_if_fini(&was);
    what_if_fini(&then);
    recording_fini(&recording);
    return ok;
}

/* ---- the command ---- */

/* What a reload takes is what the service's user can read. */
static const char *reader_of(const struct ctl_options *options)
{
    bool is_service = ctl_settings_are_service(ctl_settings_path(options));

    return as_user_choose(options->as, is_service && options->orders == NULL, SERVICE_USER);
}

/* One of the two steps below as that user, or as who we are. */
static bool read_as(struct diff *diff, bool (*read)(struct diff *diff, struct fault *why),
                    struct fault *why)
{
    const char *user = reader_of(diff->options);
    bool ok;

    if (user != NULL && !as_user_enter(user, why))
        return false;
    ok = read(diff, why);
    if (user != NULL)
        as_user_leave();
    return ok;
}

static bool read_settings(struct diff *diff, struct fault *why)
{
    return offline_config_settings(diff->options->settings, &diff->fresh, why);
}

static bool read_orders(struct diff *diff, struct fault *why)
{
    (void)why; // what is wrong with them is the forecast's
    forecast_read(&diff->fresh, diff->folder, &diff->kept, diff->now, &diff->forecast);
    return true;
}

/* The files as a reload would take them; where it would take none, that is told. */
static bool open_fresh(struct diff *diff, struct fault *why)
{
    const struct ctl_options *options = diff->options;
    const char *ledger;

    if (!read_as(diff, read_settings, why))
        return false;
    ledger = options->ledger != NULL ? options->ledger : diff->fresh.settings.ledger;
    diff->folder = options->orders != NULL ? options->orders : diff->fresh.settings.orders;
    if ((options->against == NULL || options->ledger != NULL) &&
        !ledger_reader_open(ledger, &diff->reader, why))
        return false;
    if (options->against == NULL)
        rules_in_force_find(ledger, &diff->kept);
    return read_as(diff, read_orders, why);
}

/* What is compared with: another folder, or what breachd put in force last. */
static bool open_old(struct diff *diff, struct fault *why)
{
    const struct ctl_options *options = diff->options;

    if (options->against != NULL) {
        if (!offline_config_open(options->settings, options->against, &diff->other, why))
            return false;
        diff->old = diff->other.rules;
        return true;
    }
    if (!rules_in_force_read(diff->reader, diff->fresh.rules, &diff->fresh.civil, &diff->kept, why))
        return false;
    diff->old = diff->kept.rules;
    forecast_step(&diff->fresh, diff->folder, &diff->kept, diff->now, &diff->forecast);
    return true;
}

static bool tell(struct diff *diff, struct fault *why)
{
    bool ok = diff->fresh.rules == NULL || open_old(diff, why);

    if (ok && diff->old != NULL) {
        compare(diff);
        forecast_tell_held(&diff->forecast, diff->folder, &diff->kept, diff->options->json);
        ok = tell_insides(diff, why) && (diff->options->ledger == NULL || tell_month(diff, why));
    }
    if (ok)
        forecast_tell(&diff->forecast, diff->options->json);
    if (ok && forecast_fails(&diff->forecast) && reader_of(diff->options) != NULL)
        print_line(stderr, "breachctl: so it is for the user %s; who is root can read more",
                   reader_of(diff->options));
    return ok;
}

int ctl_diff(int argc, char **argv)
{
    struct ctl_options options;
    struct diff diff = { .options = &options };
    struct fault why;
    int rest;
    bool ok, fails;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_no_more(argc, argv, rest))
        return ctl_misused("diff");
    diff.now = clock_utc();
    ok = open_fresh(&diff, &why) && tell(&diff, &why);
    fails = forecast_fails(&diff.forecast);
    ledger_reader_close(diff.reader);
    forecast_fini(&diff.forecast);
    rules_in_force_fini(&diff.kept);
    offline_config_close(&diff.other);
    offline_config_close(&diff.fresh);
    return !ok ? ctl_refuse("%s", why.text) : fails ? CTL_FAILED : CTL_DONE;
}
