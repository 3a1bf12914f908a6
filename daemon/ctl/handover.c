/* SPDX-License-Identifier: Apache-2.0 */
/* handover.c - one page for the next desk, by the ledger alone. */
#include "ctl/handover.h"

#include "adapter/clock.h"
#include "adapter/print.h"
#include "core/plural.h"
#include "ctl/command.h"
#include "ctl/incident_list.h"
#include "ctl/line.h"
#include "ctl/moment.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OPERATORS_MAX = 99 };

/* ---- text ---- */

static void print_sections(const struct handover *handover)
{
    for (size_t k = 0; k < HANDOVER_SECTIONS; k++) {
        size_t n = 0;

        print_line(stdout, "%s:", handover_title(k));
        for (size_t i = 0; i < handover->log.n; i++) {
            if (!handover_has(handover, k, handover->log.of[i]))
                continue;
            n++;
            print_part(stdout, "  ");
            incident_list_print(handover->log.of[i], handover->load.now);
        }
        if (n == 0)
            puts("  nothing");
        putchar('\n');
    }
}

static void print_load(const struct shift_load *load)
{
    double median = shift_load_median(load);

    print_line(stdout, "%u alert%s, %.1f an hour and operator (%u): by EEMUA 191 %s", load->alerts,
               plural(load->alerts), load->an_hour, load->operators, shift_load_rating(load));
    print_line(stdout,
               "%u flood%s of %d or more in ten minutes; at most %u in ten minutes of one operator",
               load->floods, plural(load->floods), LOAD_FLOOD_BEGINS, load->worst);
    if (isnan(median))
        print_line(stdout, "nothing that called somebody was taken");
    else
        print_line(stdout, "taken after %.1f minutes (median), %.1f at most", median,
                   load->minutes[load->n_minutes - 1]);
    if (load->untaken > 0)
        print_line(stdout, "%u that called somebody %s taken by nobody", load->untaken,
                   load->untaken == 1 ? "is" : "are");
}

static void print_text(const struct handover *handover)
{
    char from[LINE_TIME_MAX], to[LINE_TIME_MAX];
    const struct shift_load *load = &handover->load;

    handover_time(load->since, from);
    handover_time(load->now, to);
    print_line(stdout, "%sHandover, %s to %s, local time; ledger %s",
               handover->log.exercise ? "EXERCISE  " : "", from, to, handover->ledger);
    putchar('\n');
    print_sections(handover);
    print_load(load);
}

/* ---- JSON ---- */

static json_t *load_json(const struct shift_load *load)
{
    double median = shift_load_median(load);
    json_t *hours = json_array();

    for (size_t i = 0; i < load->hours; i++)
        json_array_append_new(hours, json_integer(load->of_hour[i]));
    return json_pack("{s:i,s:i,s:f,s:s,s:i,s:i,s:o,s:i,s:o}", "operators", (int)load->operators,
                     "alerts", (int)load->alerts, "an_hour", load->an_hour, "eemua_191",
                     shift_load_rating(load), "floods", (int)load->floods, "worst_ten_minutes",
                     (int)load->worst, "minutes_to_ack",
                     isnan(median) ? json_null() : json_real(median), "untaken", (int)load->untaken,
                     "hours", hours);
}

static void print_json(const struct handover *handover)
{
    char since[UTC_TEXT_MAX], now[UTC_TEXT_MAX];
    json_t *json = json_pack("{s:s,s:s,s:b,s:o}", "since", utc_print(handover->load.since, since),
                             "now", utc_print(handover->load.now, now), "exercise",
                             handover->log.exercise, "load", load_json(&handover->load));

    for (size_t k = 0; k < HANDOVER_SECTIONS; k++) {
        json_t *list = json_array();

        for (size_t i = 0; i < handover->log.n; i++) {
            if (handover_has(handover, k, handover->log.of[i]))
                json_array_append_new(list, incident_list_json(handover->log.of[i]));
        }
        json_object_set_new(json, handover_name(k), list);
    }
    line_json(stdout, json);
    json_decref(json);
}

/* ---- the command ---- */

static bool draw(const struct handover *handover, const char *path, struct fault *why)
{
    FILE *out = fopen(path, "wxe");
    bool ok;

    if (out == NULL)
        return fault_set(why, "%.300s: %s", path, strerror(errno));
    ok = handover_draw(out, handover, why);
    if (fclose(out) != 0 && ok)
        ok = fault_set(why, "%.300s: %s", path, strerror(errno));
    if (!ok)
        remove(path);
    return ok;
}

static bool read_handover(const struct ctl_options *options, const struct ctl_source *source,
                          unsigned operators, struct handover *out, struct fault *why)
{
    struct utc since, now;

    out->ledger = source->ledger;
    if (!incident_log_read(source->reader, UTC_ALWAYS, options->area, &out->log, why))
        return false;
    now = incident_log_now(&out->log); // an exercise has a time of its own
    if (!moment_parse(options->since, now, MOMENT_BEFORE, &since, why))
        return false;
    if (since.ms > now.ms)
        return fault_set(why, "--since: %.60s is still to come: no shift begins then",
                         options->since);
    return shift_load_count(&out->log, since, now, operators, &out->load) ||
           fault_set(why, FAULT_MEMORY);
}

static bool read_operators(const char *text, unsigned *out)
{
    char *end;
    long n = text != NULL ? strtol(text, &end, 10) : 1;

    *out = (unsigned)n;
    return n >= 1 && n <= OPERATORS_MAX && (text == NULL || (end != text && *end == '\0'));
}

int ctl_handover(int argc, char **argv)
{
    struct ctl_options options;
    struct ctl_source source = { 0 };
    struct handover handover = { 0 };
    struct fault why;
    struct utc checked;
    unsigned operators;
    int rest;
    bool ok;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_no_more(argc, argv, rest) ||
        !ctl_given(options.since, "--since TIME|DURATION"))
        return ctl_misused("handover");
    if (!read_operators(options.operators, &operators))
        return ctl_wrong("--operators: %.20s is outside 1..%d", options.operators, OPERATORS_MAX);
    if (!moment_parse(options.since, clock_utc(), MOMENT_BEFORE, &checked, &why))
        return ctl_wrong("--since: %s", why.text);
    ok = ctl_source_open(&options, &source, &why) &&
         read_handover(&options, &source, operators, &handover, &why) &&
         (options.html == NULL || draw(&handover, options.html, &why));
    if (ok)
        (options.json ? print_json : print_text)(&handover);
    shift_load_fini(&handover.load);
    incident_log_fini(&handover.log);
    ctl_source_close(&source);
    return ok ? CTL_DONE : ctl_refuse("%s", why.text);
}
