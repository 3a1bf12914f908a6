/* SPDX-License-Identifier: Apache-2.0 */
#include "core/instant.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { YEAR_FIRST = 1970, YEAR_LAST = 2200, YEAR_DIGITS_MAX = 9 };

static const double year_ms = 365 * 86400000.0;

/* `n` digits at *at, moved past. */
static bool take_number(const char **at, int n, int *out)
{
    int value = 0;

    for (int i = 0; i < n; i++) {
        char digit = (*at)[i];

        if (digit < '0' || digit > '9')
            return false;
        value = value * 10 + (digit - '0');
    }
    *at += n;
    *out = value;
    return true;
}

static bool take_char(const char **at, const char *any_of)
{
    if (**at == '\0' || strchr(any_of, **at) == NULL)
        return false;
    (*at)++;
    return true;
}

/* ".25" is 250 ms; no fraction is 0. */
static bool take_fraction(const char **at, int *out_ms)
{
    int scale = 100, ms = 0;

    if (!take_char(at, ".")) {
        *out_ms = 0;
        return true;
    }
    if (**at < '0' || **at > '9')
        return false;
    for (; **at >= '0' && **at <= '9'; (*at)++) {
        ms += (**at - '0') * scale;
        scale /= 10;
    }
    *out_ms = ms;
    return true;
}

static bool take_offset(const char **at, int *out_minutes)
{
    int sign, hours, minutes;

    if (take_char(at, "Zz")) {
        *out_minutes = 0;
        return true;
    }
    sign = **at == '-' ? -1 : 1;
    if (!take_char(at, "+-") || !take_number(at, 2, &hours) || !take_char(at, ":") ||
        !take_number(at, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *out_minutes = sign * (hours * 60 + minutes);
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

/* What a text says that has the form of an instant, whether or not there is such a one. */
struct parts {
    struct tm tm; // day, hour, minute, second
    int year, month, ms, offset;
};

/* From the month to the minute, moved past; any of `between` parts the date from the time. */
static bool take_month(const char **text, const char *between, struct parts *out)
{
    struct tm *tm = &out->tm;

    return take_char(text, "-") && take_number(text, 2, &out->month) && take_char(text, "-") &&
           take_number(text, 2, &tm->tm_mday) && take_char(text, between) &&
           take_number(text, 2, &tm->tm_hour) && take_char(text, ":") &&
           take_number(text, 2, &tm->tm_min);
}

/* The same from the year on. */
static bool take_minute(const char **text, const char *between, struct parts *out)
{
    *out = (struct parts){ 0 };
    return take_number(text, 4, &out->year) && take_month(text, between, out);
}

/* From the second to the end. */
static bool take_rest(const char *text, struct parts *out)
{
    return take_char(&text, ":") && take_number(&text, 2, &out->tm.tm_sec) &&
           take_fraction(&text, &out->ms) && take_offset(&text, &out->offset) && *text == '\0';
}

static bool take_parts(const char *text, struct parts *out)
{
    return take_minute(&text, "Tt ", out) && take_rest(text, out);
}

/* Seconds are there, whole ones, or none are. */
static bool take_wall(const char *text, struct parts *out)
{
    return take_minute(&text, " ", out) &&
           (!take_char(&text, ":") || take_number(&text, 2, &out->tm.tm_sec)) && *text == '\0';
}

static bool is_day(const struct parts *parts)
{
    return parts->month >= 1 && parts->month <= 12 && parts->tm.tm_mday >= 1 &&
           parts->tm.tm_mday <= days_in_month(parts->year, parts->month);
}

static bool is_year(const struct parts *parts)
{
    return parts->year >= YEAR_FIRST && parts->year <= YEAR_LAST;
}

static bool is_time(const struct tm *tm)
{
    return tm->tm_hour <= 23 && tm->tm_min <= 59 && tm->tm_sec <= 60;
}

static bool is_instant(const struct parts *parts)
{
    return is_year(parts) && is_day(parts) && is_time(&parts->tm);
}

/*
 * Days from 1970-01-01 to one of the Gregorian calendar, of a year from 1 on. The year begins with
 * March, so that a leap day is its last: E. G. Richards, in the Explanatory Supplement to the
 * Astronomical Almanac, 3rd edition, 15.11. (timegm() takes a lock and the zone's rules for it.)
 */
static int64_t days_of(const struct parts *parts)
{
    int64_t year = parts->month > 2 ? parts->year : parts->year - 1;
    int64_t months = parts->month > 2 ? parts->month - 3 : parts->month + 9;

    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * months + 2) / 5 +
           parts->tm.tm_mday - 1 - 719468;
}

/* A leap second is the first of the next minute. */
static int64_t seconds_of(const struct parts *parts)
{
    return days_of(parts) * 86400 + parts->tm.tm_hour * 3600 + parts->tm.tm_min * 60 +
           parts->tm.tm_sec;
}

bool utc_parse(const char *text, struct utc *out_utc)
{
    struct parts parts;

    if (!take_parts(text, &parts) || !is_instant(&parts))
        return false;
    out_utc->ms = (seconds_of(&parts) - parts.offset * 60) * 1000 + parts.ms;
    return true;
}

/* "41315701-04-17T21:18:47Z": a year of any length, and what stands for no date at all. */
static bool take_any_year(const char *text, struct parts *out)
{
    bool before = *text == '-';
    size_t digits;

    *out = (struct parts){ 0 };
    text += *text == '-' || *text == '+';
    digits = strspn(text, "0123456789");
    if (digits < 4 || digits > YEAR_DIGITS_MAX || !take_number(&text, (int)digits, &out->year))
        return false;
    out->year = before ? -out->year : out->year;
    if (!take_month(&text, "Tt ", out) || !take_rest(text, out))
        return false;
    if (out->year == 0 && out->month == 0)
        out->month = 1;
    if (out->year == 0 && out->tm.tm_mday == 0)
        out->tm.tm_mday = 1;
    return is_day(out) && is_time(&out->tm);
}

struct utc utc_within(double ms)
{
    if (ms < 0)
        ms = fmod(ms, year_ms) + year_ms;
    else if (ms >= (double)UTC_END.ms)
        ms = (double)UTC_END.ms - year_ms + fmod(ms, year_ms);
    return (struct utc){ (int64_t)ms };
}

bool utc_parse_any(const char *text, struct utc *out_utc)
{
    struct parts parts;

    if (utc_parse(text, out_utc))
        return true;
    if (!take_any_year(text, &parts) || is_year(&parts))
        return false;
    parts.year = parts.year < 1 ? 1 : parts.year; // days_of() knows none before
    *out_utc = utc_within((double)(seconds_of(&parts) - parts.offset * 60) * 1000 + parts.ms);
    return true;
}

bool wall_parse(const char *text, int64_t *out_ms)
{
    struct parts parts;

    if (!take_wall(text, &parts) || !is_instant(&parts))
        return false;
    *out_ms = seconds_of(&parts) * 1000;
    return true;
}

const char *utc_flaw(const char *text)
{
    struct parts parts;

    if (!take_parts(text, &parts) && !take_wall(text, &parts))
        return "is not like 2020-06-09T12:00:00+01:00 or 2020-06-09 12:00";
    if (!is_day(&parts))
        return "names a day that the calendar has not";
    if (!is_time(&parts.tm))
        return "names a time that no day has";
    return is_year(&parts) ? NULL : "is of no year from 1970 to 2200";
}

char *utc_print(struct utc at, char text[UTC_TEXT_MAX])
{
    bool end = at.ms == INT64_MIN || at.ms == INT64_MAX;
    int64_t ms = end ? 0 : ((at.ms % 1000) + 1000) % 1000;
    time_t seconds = end ? 0 : (time_t)((at.ms - ms) / 1000);
    struct tm tm;

    if (end || gmtime_r(&seconds, &tm) == NULL || tm.tm_year + 1900 > 9999 ||
        tm.tm_year + 1900 < 0) {
        snprintf(text, UTC_TEXT_MAX, "%s", at.ms < 0 ? "always" : "never");
        return text;
    }
    snprintf(text, UTC_TEXT_MAX, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
             (unsigned)(tm.tm_year + 1900) % 10000, (unsigned)(tm.tm_mon + 1) % 100,
             (unsigned)tm.tm_mday % 100, (unsigned)tm.tm_hour % 100, (unsigned)tm.tm_min % 100,
             (unsigned)tm.tm_sec % 100, (unsigned)ms % 1000);
    return text;
}
