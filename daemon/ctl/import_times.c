/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/import_times.h"

#include <stdio.h>
#include <string.h>

enum { DIGITS_MAX = 24, DATE_DIGITS = 8, SECOND_DIGITS = 14 };

/* Of an instant up to its second; of its fraction with the point: whole it fits UTC_TEXT_MAX. */
enum { CLOCK_CHARS = 19, FRACTION_MAX = 6, OFFSET_MAX = 7 };

char *import_times_print(const struct order *order, char out[IMPORT_TIMES_MAX])
{
    const struct {
        const char *key;
        struct utc at;
    } all[] = { { "from", order->from }, { "served", order->served }, { "until", order->until } };
    char text[UTC_TEXT_MAX];
    size_t n = 0;

    out[0] = '\0';
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].at.ms != UTC_NEVER.ms)
            n += (size_t)snprintf(out + n, IMPORT_TIMES_MAX - n, "%s%s %s", n > 0 ? "; " : "",
                                  all[i].key, utc_print(all[i].at, text));
    }
    return out;
}

/* The digits of a date and time without an offset; 0: it is something else. */
static size_t take_digits(const char *value, char out[DIGITS_MAX])
{
    size_t n = 0;

    for (const char *at = value; *at != '\0'; at++) {
        bool digit = *at >= '0' && *at <= '9';

        if (n == DIGITS_MAX - 1 || (!digit && strchr("-/:. T", *at) == NULL))
            return 0;
        if (digit)
            out[n++] = *at;
    }
    out[n] = '\0';
    return n;
}

/* `Z`, `+01`, `+0100`, `+01:00` or the same with `-`, as "Z" or "+01:00". */
static bool take_offset(const char *text, char out[OFFSET_MAX])
{
    char sign, hours[3], minutes[3] = "00";
    int end = -1;

    if (strcmp(text, "Z") == 0)
        return snprintf(out, OFFSET_MAX, "Z") > 0;
    if (sscanf(text, "%1[+-]%2[0-9]%n", (char[2]){ 0 }, hours, &end) != 2 || strlen(hours) != 2)
        return false;
    sign = text[0];
    text += end;
    text += *text == ':';
    if (*text != '\0' && (sscanf(text, "%2[0-9]%n", minutes, &end) != 1 || strlen(minutes) != 2 ||
                          text[end] != '\0'))
        return false;
    return snprintf(out, OFFSET_MAX, "%c%s:%s", sign, hours, minutes) > 0;
}

bool import_times_rewrite(const char *value, char out[UTC_TEXT_MAX])
{
    char text[UTC_TEXT_MAX], offset[OFFSET_MAX];
    size_t fraction;
    struct utc at;

    // "dddd-dd-ddTdd:dd:dd", each separator one of two.
    for (size_t i = 0; i < CLOCK_CHARS; i++) {
        const char *any = "0000-00-00T00:00:00" + i;

        if (value[i] == '\0' || strchr(*any == '0'   ? "0123456789"
                                       : *any == '-' ? "-/"
                                       : *any == 'T' ? "T "
                                                     : ":",
                                       value[i]) == NULL)
            return false;
    }
    fraction = value[CLOCK_CHARS] == '.' ? 1 + strspn(value + CLOCK_CHARS + 1, "0123456789") : 0;
    if (fraction > FRACTION_MAX || !take_offset(value + CLOCK_CHARS + fraction, offset))
        return false;
    snprintf(text, sizeof text, "%.4s-%.2s-%.2sT%.*s%s", value, value + 5, value + 8,
             (int)(CLOCK_CHARS - 11 + fraction), value + 11, offset);
    if (!utc_parse(text, &at))
        return false;
    strcpy(out, text);
    return true;
}

bool import_times_bare(const char *value)
{
    char digits[DIGITS_MAX];
    size_t n = take_digits(value, digits);

    return n == DATE_DIGITS || n >= SECOND_DIGITS;
}

bool import_times_find(const char *times, const char *key, const char *value,
                       char out[UTC_TEXT_MAX])
{
    char wanted[DIGITS_MAX], had[DIGITS_MAX], instant[UTC_TEXT_MAX], digits[UTC_TEXT_MAX];
    const char *at = times;
    size_t n = take_digits(value, wanted), length;

    while (at != NULL && (strncmp(at, key, strlen(key)) != 0 || at[strlen(key)] != ' '))
        at = (at = strstr(at, "; ")) != NULL ? at + 2 : NULL;
    if (at == NULL || (n != DATE_DIGITS && n < SECOND_DIGITS))
        return false;
    at += strlen(key) + 1;
    length = strcspn(at, ";");
    if (length < 2 || length >= UTC_TEXT_MAX || at[length - 1] != 'Z')
        return false;
    snprintf(instant, sizeof instant, "%.*s", (int)length, at);
    snprintf(digits, sizeof digits, "%.*s", (int)length - 1, at);
    if (take_digits(digits, had) < n || strncmp(had, wanted, n) != 0)
        return false;
    strcpy(out, instant);
    return true;
}
