/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/ping_entry.h"

#include "adapter/ping/ping_json.h"
#include "adapter/ping/reading.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum field {
    PING,
    DEVICE,
    TIME,
    LAT,
    LON,
    ACCURACY,
    SPEED,
    COURSE,
    BATTERY,
    SOURCE,
    TAMPER,
    SEQ,
    FIX,
    ALARM,
    FIELDS
};

enum { SHOWN_MAX = 40 };

static const struct entry_text names[FIELDS] = {
    { "ping", 4 },     { "device", 6 }, { "time", 4 },   { "lat", 3 },     { "lon", 3 },
    { "accuracy", 8 }, { "speed", 5 },  { "course", 6 }, { "battery", 7 }, { "source", 6 },
    { "tamper", 6 },   { "seq", 3 },    { "fix", 3 },    { "alarm", 5 },
};

/* What was given, by field; "" is not. */
struct given {
    struct entry_text of[FIELDS];
};

/* FIELDS: unknown, and ignored. */
static enum field field_of(const struct entry_text *name)
{
    int field = 0;

    while (field < FIELDS &&
           (names[field].n != name->n || memcmp(names[field].text, name->text, name->n) != 0))
        field++;
    return (enum field)field;
}

static bool gather(const struct entry_text *texts, size_t n, struct given *out, struct fault *why)
{
    *out = (struct given){ 0 };
    for (size_t i = 0; i + 1 < n; i += 2) {
        enum field field = field_of(&texts[i]);

        if (field == FIELDS)
            continue;
        if (out->of[field].text != NULL)
            return fault_set(why, "%s: given twice", names[field].text);
        out->of[field] = texts[i + 1];
    }
    return true;
}

static bool is_given(const struct given *given, enum field field)
{
    return given->of[field].n > 0;
}

/* As a text without a NUL in it; NULL: it has one. */
static const char *text_of(const struct given *given, enum field field)
{
    const struct entry_text *value = &given->of[field];

    return memchr(value->text, '\0', value->n) == NULL ? value->text : NULL;
}

static bool number(const struct given *given, enum field field, double *out)
{
    const char *text = text_of(given, field);

    return text != NULL && reading_number(text, out);
}

static bool take_device(const struct given *given, char out[NAME_MAX_CHARS + 1], struct fault *why)
{
    const char *text;

    if (!is_given(given, DEVICE))
        return fault_set(why, "device: missing");
    text = text_of(given, DEVICE);
    if (text == NULL || !name_valid(text))
        return fault_set(why, "device: not a text of 1..%d letters, digits, - _ .", NAME_MAX_CHARS);
    strcpy(out, text); // name_valid has measured it
    return true;
}

static bool refuse_time(const struct entry_text *value, struct fault *why)
{
    char shown[SHOWN_MAX + 1];

    snprintf(shown, sizeof shown, "%s", value->text);
    for (char *at = shown; *at != '\0'; at++)
        *at = *at < ' ' || *at > '~' ? '?' : *at;
    return fault_set(why, "time: \"%s\" is not like 2020-06-23T20:14:05Z, of 1970 to 2200", shown);
}

static bool take_time(const struct given *given, struct utc *out, struct fault *why)
{
    const char *text;
    double epoch;

    if (!is_given(given, TIME))
        return fault_set(why, "time: missing");
    if (number(given, TIME, &epoch))
        return reading_epoch(epoch, out) ||
               fault_set(why, "time: %.10g is outside 1970 to 2200", epoch);
    text = text_of(given, TIME);
    return (text != NULL && utc_parse(text, out)) || refuse_time(&given->of[TIME], why);
}

/* NaN when it is not given. */
static bool take_number(const struct given *given, enum field field, double *out, struct fault *why)
{
    *out = NAN;
    return !is_given(given, field) || number(given, field, out) ||
           fault_set(why, "%s: not a number", names[field].text);
}

static bool take_degrees(const struct given *given, enum field field, bool needed, double *out,
                         struct fault *why)
{
    if (needed && !is_given(given, field))
        return fault_set(why, "%s: missing", names[field].text);
    return take_number(given, field, out, why);
}

/* Without a fix a place is not needed, but not half of one either. */
static bool take_place(const struct given *given, bool fix, struct lonlat *out, struct fault *why)
{
    bool needed = fix || is_given(given, LAT) || is_given(given, LON);

    return take_degrees(given, LAT, needed, &out->lat, why) &&
           take_degrees(given, LON, needed, &out->lon, why);
}

/* As JSON, Python and PHP write it; nothing given is `absent`. */
static bool take_truth(const struct given *given, enum field field, bool absent, bool *out,
                       struct fault *why)
{
    const char *text = is_given(given, field) ? text_of(given, field) : NULL;

    *out = absent;
    return !is_given(given, field) || (text != NULL && reading_truth(text, out)) ||
           fault_set(why, "%s: neither true nor false", names[field].text);
}

/* `seq` decides nothing; its type is promised all the same. */
static bool check_seq(const struct given *given, struct fault *why)
{
    const char *text = is_given(given, SEQ) ? text_of(given, SEQ) : "0";
    size_t sign = text != NULL && text[0] == '-' ? 1 : 0;
    bool whole = text != NULL && text[sign] != '\0' &&
                 text[sign + strspn(text + sign, "0123456789")] == '\0';

    errno = 0;
    if (whole)
        strtoll(text, NULL, 10);
    return (whole && errno == 0) || fault_set(why, "seq: not a whole number");
}

static bool read_flat(const struct given *given, struct ping *out, struct fault *why)
{
    bool fix, tamper;

    *out = (struct ping){ 0 };
    if (!take_device(given, out->device, why) || !take_time(given, &out->time, why) ||
        !take_truth(given, FIX, true, &fix, why) || !take_place(given, fix, &out->at, why) ||
        !take_number(given, ACCURACY, &out->accuracy, why) ||
        !take_number(given, BATTERY, &out->battery, why) || !check_seq(given, why) ||
        !take_number(given, SPEED, &out->speed, why) ||
        !take_number(given, COURSE, &out->course, why) ||
        !take_truth(given, TAMPER, false, &tamper, why))
        return false;
    if (is_given(given, ALARM))
        ping_alarm(out, given->of[ALARM].text, given->of[ALARM].n);
    out->no_fix = !fix;
    out->tamper |= tamper;
    return ping_settle(out, why);
}

bool ping_entry_read(const struct entry_text *texts, size_t n, struct ping *out, struct fault *why)
{
    struct given given;

    if (!gather(texts, n, &given, why))
        return false;
    if (given.of[PING].text != NULL)
        return ping_json_read_one(given.of[PING].text, given.of[PING].n, out, why);
    return read_flat(&given, out, why);
}
