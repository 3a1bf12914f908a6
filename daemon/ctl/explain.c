/* SPDX-License-Identifier: Apache-2.0 */
/* explain.c - why: the rules, the numbers, each ping with its probability, in plain words. */
#include "adapter/print.h"
#include "core/radius.h"
#include "ctl/access.h"
#include "ctl/command.h"
#include "ctl/line.h"
#include "ctl/respondent_replay.h"
#include "ctl/svg.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- text ---- */

static void put_local(const struct incident_history *history, struct utc at)
{
    const struct respondent_replay *replay = history->replay;
    char text[UTC_TEXT_MAX];

    // Local time is that of the site, written as if it were UTC, without the Z.
    if (replay != NULL && replay->settings != NULL)
        at.ms += civil_offset(&replay->settings->civil, at) * INT64_C(1000);
    utc_print(at, text);
    text[10] = ' ';
    print_part(stdout, "%.19s", text);
}

static void print_bounds(const char *what, struct utc at, const struct incident_history *history)
{
    print_part(stdout, "%s", what);
    if (at.ms == UTC_NEVER.ms)
        fputs("never", stdout);
    else
        put_local(history, at);
}

static void print_head(const struct incident_history *history)
{
    const struct exclusion *exclusion = history->exclusion;
    const struct order *order = exclusion ? exclusion->order : NULL;

    print_line(stdout, "%s, respondent %s", history->incident, history->span.respondent);
    if (order == NULL) {
        print_line(stdout, "%s",
                   strncmp(history->subject, "device/", strlen("device/")) == 0
                       ? "it is about a device: no zone is measured"
                       : "the texts that it was judged by are not in the ledger");
        return;
    }
    print_line(stdout, "%s %s, clause %s, area %s, text %s; monitored by %s", order->kind,
               order->id, order->clause ? order->clause : "-", order->area ? order->area : "-",
               order->digest, order->monitoring ? order->monitoring : "-");
    print_bounds("in force from ", order->from, history);
    print_bounds(", served ", order->served, history);
    print_bounds(", until ", order->until, history);
    if (exclusion->warn > 0)
        print_part(stdout, "; an approach is told from %.0f m outside", exclusion->warn);
    putchar('\n');
    print_line(
        stdout,
        "times are those of %s; a probability is that of being inside by all pings up to it, "
        "of one that moves nothing by itself",
        history->replay->settings->settings.timezone);
    putchar('\n');
}

static bool is_class(const struct history_ping *one, enum arrival class)
{
    return one->class != NULL && strcmp(one->class, arrival_name(class)) == 0;
}

static void print_ping(const struct incident_history *history, const struct history_ping *one)
{
    bool clock_wrong = one->when.ms != one->ping.time.ms &&
                       (is_class(one, ARRIVED_FUTURE) || is_class(one, ARRIVED_NEW));

    put_local(history, clock_wrong ? one->when : one->ping.time);
    print_part(stdout, "  %-12s ", one->ping.device);
    if (isnan(one->distance))
        print_part(stdout, "%8s          ", "?");
    else
        print_part(stdout, "%8.0f m %-8s", fabs(one->distance),
                   one->distance > 0 ? "outside" : "inside");
    if (isnan(one->ping.accuracy))
        print_part(stdout, "  accuracy unknown");
    else
        print_part(stdout, "  accuracy %4.0f m", one->ping.accuracy);
    if (!isnan(one->ping.accuracy) && one->percentile != RADIUS_PERCENTILE)
        print_part(stdout, " (%.6g %%)", one->percentile);
    if (!isnan(one->probability))
        print_part(stdout, "  probability %.3f", one->probability);
    if (one->class != NULL && !is_class(one, ARRIVED_NEW))
        print_part(stdout, "  %s%s", one->class,
                   is_class(one, ARRIVED_IMPLAUSIBLE) || is_class(one, ARRIVED_NO_FIX)
                       ? ": not believed"
                       : "");
    if (clock_wrong) {
        print_part(stdout, ", its clock is %s: it said ",
                   one->clock == CLOCK_UNTRUSTED ? "untrusted" : "wrong");
        put_local(history, one->ping.time);
    }
    putchar('\n');
}

static void print_alert(const json_t *event)
{
    json_int_t rule = json_integer_value(json_object_get(json_object_get(event, "data"), "rule"));
    enum alert_type type;

    print_part(stdout, "    > %s, %s", line_type(event), line_text(event, "data.severity"));
    if (rule > 0)
        print_part(stdout, ", by rule %lld of breachd(8)", (long long)rule);
    print_line(stdout, ": %s", line_type_of(event, &type) ? alert_spec(type)->meaning : "");
    print_line(stdout, "      %s", line_text(event, "data.reason"));
}

/* Who looked, and why. */
static void print_access(const struct incident_history *history, const struct history_ack *ack)
{
    const char *by = line_text(ack->json, "by");

    put_local(history, ack->at);
    fputs("  ", stdout);
    line_put(stdout, by[0] != '\0' ? by : line_text(ack->json, "user"));
    fputs(" looked at it (", stdout);
    line_put(stdout, line_text(ack->json, "command"));
    fputs("): ", stdout);
    line_put(stdout, line_text(ack->json, "reason"));
    putchar('\n');
}

static void print_ack(const struct incident_history *history, const struct history_ack *ack)
{
    const char *refused = line_text(ack->json, "refused"), *note = line_text(ack->json, "note");

    if (line_text(ack->json, "of")[0] != '\0') {
        print_access(history, ack);
        return;
    }
    if (refused[0] == '\0' && note[0] == '\0')
        return; // what stands is told by its alert
    put_local(history, ack->at);
    fputs("  ", stdout);
    line_put(stdout, line_text(ack->json, "by"));
    fputs(" said ", stdout);
    line_put(stdout, line_text(ack->json, "action"));
    if (refused[0] != '\0')
        fputs(", refused: ", stdout);
    line_put(stdout, refused);
    if (note[0] != '\0')
        fputs(", and noted: ", stdout);
    line_put(stdout, note);
    putchar('\n');
}

/* Pings and words, as they came. */
static void print_story(const struct incident_history *history)
{
    size_t ping = 0, ack = 0;

    print_head(history);
    while (ping < history->n_pings || ack < history->n_acks) {
        if (ack == history->n_acks ||
            (ping < history->n_pings && history->pings[ping].entry < history->acks[ack].entry))
            print_ping(history, &history->pings[ping++]);
        else if (history->acks[ack].is_alert)
            print_alert(history->acks[ack++].json);
        else
            print_ack(history, &history->acks[ack++]);
    }
}

/* ---- JSON ---- */

static json_t *number(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}

static json_t *pings_json(const struct incident_history *history)
{
    json_t *array = json_array();
    char time[UTC_TEXT_MAX], judged[UTC_TEXT_MAX];

    for (size_t i = 0; i < history->n_pings; i++) {
        const struct history_ping *one = &history->pings[i];

        json_array_append_new(
            array, json_pack("{s:I,s:s,s:s,s:s,s:o,s:o,s:o,s:f,s:o,s:o,s:s?}", "entry",
                             (json_int_t)one->entry, "device", one->ping.device, "time",
                             utc_print(one->ping.time, time), "judged",
                             utc_print(one->when, judged), "lat", number(one->ping.at.lat), "lon",
                             number(one->ping.at.lon), "accuracy", number(one->ping.accuracy),
                             "percentile", one->percentile, "depth", number(-one->distance),
                             "probability", number(one->probability), "class", one->class));
    }
    return array;
}

static void print_json(const struct incident_history *history)
{
    const struct order *order = history->exclusion ? history->exclusion->order : NULL;
    json_t *alerts = json_array(), *acks = json_array(), *json;

    for (size_t i = 0; i < history->n_acks; i++)
        json_array_append(history->acks[i].is_alert ? alerts : acks, history->acks[i].json);
    json = json_pack("{s:s,s:s,s:s*,s:s*,s:o,s:o,s:o}", "incident", history->incident, "respondent",
                     history->span.respondent, "order", order ? order->id : NULL, "rules",
                     order ? order->digest : NULL, "pings", pings_json(history), "alerts", alerts,
                     "words", acks);
    line_json(stdout, json);
    json_decref(json);
}

/* ---- the command ---- */

static bool draw(const struct incident_history *history, const char *path, struct fault *why)
{
    FILE *out = fopen(path, "wxe");
    bool ok;

    if (out == NULL)
        return fault_set(why, "%.300s: %s", path, strerror(errno));
    ok = svg_draw(out, history, why);
    if (fclose(out) != 0 && ok)
        ok = fault_set(why, "%.300s: %s", path, strerror(errno));
    if (!ok)
        remove(path);
    return ok;
}

int ctl_explain(int argc, char **argv)
{
    struct ctl_source source;
    struct ctl_options options;
    struct incident_history history = { 0 };
    struct fault why;
    int rest;
    bool ok;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_one(argc, argv, rest, "INCIDENT") ||
        !ctl_given(options.reason, "--reason WHY"))
        return ctl_misused("explain");
    ok = ctl_source_open(&options, &source, &why) &&
         incident_history_read(source.reader, argv[rest], &history, &why) &&
         access_note(source.ledger,
                     &(struct access){ "explain", argv[rest], options.by, options.reason }, &why) &&
         (options.svg == NULL || draw(&history, options.svg, &why));
    if (ok)
        (options.json ? print_json : print_story)(&history);
    incident_history_fini(&history);
    ctl_source_close(&source);
    return ok ? CTL_DONE : ctl_refuse("%s", why.text);
}
