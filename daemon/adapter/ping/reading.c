/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/reading.h"

#include "adapter/ping/plain_number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { APP_NUMBER_MAX = 64, TIME_TEXT_MAX = 48, CLOCK_TEXT = sizeof "2020-06-23T20:14:05" - 1 };

/* Numbers from here on are milliseconds: in seconds it would be the year 5138. */
static const double milliseconds_from = 1e11;

double reading_accuracy(double metres, double hdop)
{
    if (metres > 0)
        return metres;
    return hdop > READING_HDOP_USUAL ? fmin(hdop, READING_HDOP_MOST) * READING_HDOP_METRES : NAN;
}

/* One as JSON writes it, which nearly all are; but of a whole zero strtod() keeps the sign. */
static bool is_plain(const char *text, double *out)
{
    const char *end = text + strlen(text);
    struct plain_number number;

    if (plain_number_read(text, end, &number) != end || (number.whole && number.value == 0))
        return false;
    *out = number.value;
    return true;
}

bool reading_number(const char *text, double *out)
{
    char *end;
    double value;

    if (is_plain(text, out))
        return true;
    if (text[0] == '\0' || text[strspn(text, "+-.0123456789eE")] != '\0')
        return false;
    value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(value))
        return false;
    *out = value;
    return true;
}

bool reading_number_of_app(const char *text, double *out)
{
    char copy[APP_NUMBER_MAX];
    const char *from = text + strspn(text, " ");
    size_t n = strlen(from);
    char *comma;

    while (n > 0 && from[n - 1] == ' ') // blanks of one text
        n--;
    if (n >= sizeof copy)
        return false;
    memcpy(copy, from, n);
    copy[n] = '\0';
    comma = strchr(copy, ',');
    if (comma != NULL && strchr(copy, '.') == NULL)
        *comma = '.'; // a second comma is no number's
    return reading_number(copy, out);
}

bool reading_truth(const char *text, bool *out)
{
    static const char *const yes[] = { "true", "yes", "on", "1" };
    static const char *const no[] = { "false", "no", "off", "0", "" };

    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (strcasecmp(text, yes[i]) == 0)
            return *out = true;
    }
    *out = false;
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        if (strcasecmp(text, no[i]) == 0)
            return true;
    }
    return false;
}

bool reading_epoch(double number, struct utc *out)
{
    double ms = number < milliseconds_from ? number * 1000 : number;

    if (!isfinite(ms)) // also what is finite in seconds alone
        return false;
    *out = utc_within(ms);
    return true;
}

/* The offset as RFC 3339 has it, from "+0000", " 00:00", "Z", "" … */
static void rewrite_offset(const char *said, char out[TIME_TEXT_MAX])
{
    char sign = said[0] == ' ' ? '+' : said[0];

    if (said[0] == '\0')
        strcpy(out, "Z");
    else if (strspn(said + 1, "0123456789") == 4 && said[5] == '\0')
        snprintf(out, TIME_TEXT_MAX, "%c%.2s:%s", sign, said + 1, said + 3);
    else
        snprintf(out, TIME_TEXT_MAX, "%c%s", sign, said + 1);
}

/* Characters by which its year is longer than the usual four. */
static size_t long_year(const char *text)
{
    size_t sign = text[0] == '+' || text[0] == '-' ? 1 : 0;
    size_t digits = strspn(text + sign, "0123456789");

    return text[sign + digits] == '-' && digits > 4 ? sign + digits - 4 : 0;
}

bool reading_time(const char *text, struct utc *out)
{
    size_t length = strlen(text), clock = CLOCK_TEXT + long_year(text);
    char offset[TIME_TEXT_MAX], whole[2 * TIME_TEXT_MAX];
    double number;

    if (reading_number(text, &number))
        return reading_epoch(number, out);
    if (length < clock || length >= TIME_TEXT_MAX)
        return false;
    if (text[clock] == '.')
        clock += 1 + strspn(text + clock + 1, "0123456789");
    rewrite_offset(text + clock, offset);
    snprintf(whole, sizeof whole, "%.*s%s", (int)clock, text, offset);
    return utc_parse_any(whole, out);
}
