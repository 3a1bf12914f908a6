/* SPDX-License-Identifier: Apache-2.0 */
/* incident_list.c - `breachctl incidents`: what happened, by the ledger, the newest last. */
#include "ctl/incident_list.h"
#include "adapter/clock.h"
#include "adapter/print.h"
#include "ctl/command.h"
#include "ctl/line.h"
#include "ctl/moment.h"

#include <stdio.h>
#include <string.h>

enum { ALERTED_LATE_MS = 10 * 1000 }; // by less when it was told is not worth a word

static bool is_open(const struct logged_incident *one)
{
    return one->open;
}

static bool is_ended(const struct logged_incident *one)
{
    return !one->open && one->closed.ms == 0;
}

static const struct state {
    const char *name;
    bool (*is)(const struct logged_incident *one);
} states[] = { { "open", is_open },
               { "ended", is_ended },
               { "taken", logged_is_taken },
               { "untaken", logged_is_untaken },
               { "shelved", logged_is_shelved },
               { "closed", logged_is_closed } };

static const struct state *state_of(const char *name)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (strcmp(states[i].name, name) == 0)
            return &states[i];
    }
    return NULL;
}

/* ---- text ---- */

static void put_time(struct utc at, struct utc now)
{
    char text[UTC_TEXT_MAX];

    line_put_time(stdout, utc_print(at, text), now);
}

/* It was closed after its end; what was closed while it went on had none of its own. */
static bool is_closed_later(const struct logged_incident *one)
{
    return logged_is_closed(one) && one->ended.ms != one->closed.ms;
}

static void print_closed(const struct logged_incident *one, struct utc now)
{
    print_part(stdout, "closed ");
    put_time(one->closed, now);
    print_part(stdout, " by %s: %s", one->by, one->outcome);
}

static void print_course(const struct logged_incident *one, struct utc now)
{
    if (one->open) {
        print_part(stdout, "goes on");
    } else if (logged_is_closed(one) && !is_closed_later(one)) {
        print_closed(one, now);
    } else {
        print_part(stdout, "ended ");
        put_time(one->ended, now);
    }
}

static void print_custody(const struct logged_incident *one, struct utc now)
{
    char text[DURATION_TEXT_MAX];
    struct utc from = one->called.ms != 0 ? one->called : one->first;

    if (logged_is_untaken(one))
        print_part(stdout, "; taken by nobody");
    if (logged_is_taken(one))
        print_part(stdout, "; %s has it", one->by);
    if (one->taken.ms != 0 && one->taken.ms >= from.ms)
        print_part(stdout, ", taken after %s", duration_print(one->taken.ms - from.ms, text));
    if (is_closed_later(one)) {
        print_part(stdout, "; ");
        print_closed(one, now);
    }
    if (logged_is_shelved(one)) {
        print_part(stdout, "; shelved by %s until ", one->shelved_by);
        put_time(one->shelved, now);
    }
    if (one->note[0] != '\0')
        print_part(stdout, "; \"%s\"", one->note);
}

void incident_list_print(const struct logged_incident *one, struct utc now)
{
    put_time(one->began, now);
    print_part(stdout, "  %-8s  %-13s  %s%s", severity_name(one->worst),
               alert_type_name(one->gravest), one->exercise ? "EXERCISE  " : "", one->incident);
    if (one->area[0] != '\0')
        print_part(stdout, " in %s", one->area);
    print_part(stdout, ": ");
    print_course(one, now);
    if (one->permitted)
        print_part(stdout, "; permitted");
    print_custody(one, now);
    print_part(stdout, "; %u alert%s", one->alerts, one->alerts == 1 ? "" : "s");
    if (one->first.ms - one->began.ms >= ALERTED_LATE_MS) {
        print_part(stdout, ", %s ", one->alerts == 1 ? "told" : "the first told");
        put_time(one->first, now);
    }
    print_line(stdout, "%s", "");
}

/* ---- JSON ---- */

static json_t *instant(struct utc at)
{
    char text[UTC_TEXT_MAX];

    return at.ms != 0 ? json_string(utc_print(at, text)) : json_null();
}

static json_t *text_or_null(const char *text)
{
    return text[0] != '\0' ? json_string(text) : json_null();
}

json_t *incident_list_json(const struct logged_incident *one)
{
    return json_pack(
        "{s:s,s:o,s:s,s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:b,s:b,s:i,s:s,s:o}",
        "incident", one->incident, "area", text_or_null(one->area), "state", logged_state(one),
        "severity", severity_name(one->worst), "type", alert_type_name(one->gravest), "first",
        instant(one->first), "last", instant(one->last), "ended", instant(one->ended), "taken",
        instant(one->taken), "closed", instant(one->closed), "by", text_or_null(one->by), "outcome",
        text_or_null(one->outcome), "note", text_or_null(one->note), "shelved",
        instant(one->shelved), "shelved_by", text_or_null(one->shelved_by), "permitted",
        one->permitted, "exercise", one->exercise, "alerts", (int)one->alerts, "reason",
        one->reason, "began", instant(one->began));
}

static void print_json(const struct logged_incident *one)
{
    json_t *json = incident_list_json(one);

    line_json(stdout, json);
    json_decref(json);
}

static void print_all(const struct incident_log *log, const struct ctl_options *options)
{
    const struct state *state = options->state != NULL ? state_of(options->state) : NULL;
    struct utc now = incident_log_now(log), since = { 0 };
    struct fault checked;
    size_t n = 0;

    if (options->since != NULL) // an exercise has a time of its own
        moment_parse(options->since, now, MOMENT_BEFORE, &since, &checked);

    for (size_t i = 0; i < log->n; i++) {
        const struct logged_incident *one = log->of[i];

        if (one->alerts == 0 || (one->touched.ms < since.ms && !one->open) ||
            (state != NULL && !state->is(one)))
            continue;
        n++;
        if (options->json)
            print_json(one);
        else
            incident_list_print(one, now);
    }
    if (n == 0 && !options->json)
        puts("none");
}

int ctl_incidents(int argc, char **argv)
{
    struct ctl_options options;
    struct ctl_source source = { 0 };
    struct incident_log log = { 0 };
    struct utc since = { 0 };
    struct fault why;
    int rest;
    bool ok;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_no_more(argc, argv, rest))
        return ctl_misused("incidents");
    if (options.state != NULL && state_of(options.state) == NULL)
        return ctl_wrong("--state: %.40s is none of open ended taken untaken shelved closed",
                         options.state);
    if (options.since != NULL &&
        !moment_parse(options.since, clock_utc(), MOMENT_BEFORE, &since, &why))
        return ctl_wrong("--since: %s", why.text);
    ok = ctl_source_open(&options, &source, &why) &&
         incident_log_read(source.reader, UTC_NEVER, options.area, &log, &why);
    if (ok)
        print_all(&log, &options);
    incident_log_fini(&log);
    ctl_source_close(&source);
    return ok ? CTL_DONE : ctl_refuse("%s", why.text);
}
