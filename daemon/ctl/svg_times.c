/* SPDX-License-Identifier: Apache-2.0 */
/* svg_times.c - instants as the site's clocks show them, and of which day the drawing is. */
#include "ctl/line.h"
#include "ctl/respondent_replay.h"
#include "ctl/svg_parts.h"

#include <string.h>
#include <time.h>

/* The site's time as if it were UTC's; that of UTC where the settings of then are not kept. */
static struct tm local_of(const struct sheet *sheet, struct utc at)
{
    const struct respondent_replay *replay = sheet->history->replay;
    struct tm out;
    time_t seconds;

    if (replay != NULL && replay->settings != NULL)
        at.ms += civil_offset(&replay->settings->civil, at) * INT64_C(1000);
    seconds = (time_t)(at.ms / 1000);
    gmtime_r(&seconds, &out);
    return out;
}

static bool span_of(const struct incident_history *history, struct utc *first, struct utc *last)
{
    bool any = false;
    struct utc at;

    for (size_t i = 0; i < history->n_acks; i++) {
        if (!history->acks[i].is_alert || !utc_parse(line_text(history->acks[i].json, "time"), &at))
            continue;
        *first = any ? utc_earlier(*first, at) : at;
        *last = any ? utc_later(*last, at) : at;
        any = true;
    }
    return any;
}

const char *svg_time(const struct sheet *sheet, struct utc at, char out[SVG_TIME_MAX])
{
    struct tm local = local_of(sheet, at), begin = local;
    struct utc first, last;

    if (span_of(sheet->history, &first, &last))
        begin = local_of(sheet, first);
    strftime(out, SVG_TIME_MAX,
             local.tm_year == begin.tm_year && local.tm_yday == begin.tm_yday ? "%T" : "%e %b %T",
             &local);
    return out;
}

const char *svg_date(const struct sheet *sheet, char out[SVG_TIME_MAX])
{
    const struct respondent_replay *replay = sheet->history->replay;
    const char *zone =
        replay != NULL && replay->settings != NULL ? replay->settings->settings.timezone : "UTC";
    char day[SVG_TIME_MAX], end[SVG_TIME_MAX];
    struct utc first, last;
    struct tm begin;

    out[0] = '\0';
    if (!span_of(sheet->history, &first, &last))
        return out;
    begin = local_of(sheet, first);
    strftime(day, sizeof day, "%A %e %B %Y, %T", &begin);
    snprintf(out, SVG_TIME_MAX, "%.40s to %.20s, local time (%.24s)", day,
             svg_time(sheet, last, end), zone);
    return out;
}
