/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/ping_entry.h"

#include "adapter/ping/ping_json.h"
#include "adapter/ping/ping_member.h"
#include "adapter/ping/reading.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MAX = 40 };

static const char json[] = "ping"; // the field that has a whole one

/* What was given, by member; "" is not. */
struct given {
    struct entry_text json, of[PING_MEMBERS];
};

static bool is_json(const struct entry_text *name)
{
    return name->n == strlen(json) && memcmp(name->text, json, name->n) == 0;
}

/* Where the value of that name belongs; NULL: the name is unknown, and ignored. */
static struct entry_text *place_of(struct given *given, const struct entry_text *name)
{
    enum ping_member member = ping_member_find(name->text, name->n, PING_DEVICE);

    if (member != PING_MEMBERS)
        return &given->of[member];
    return is_json(name) ? &given->json : NULL;
}

static bool gather(const struct entry_text *texts, size_t n, struct given *out, struct fault *why)
{
    *out = (struct given){ 0 };
    for (size_t i = 0; i + 1 < n; i += 2) {
        struct entry_text *place = place_of(out, &texts[i]);

        if (place == NULL)
            continue;
        if (place->text != NULL)
            return fault_set(why, "%.*s: given twice", (int)texts[i].n, texts[i].text);
        *place = texts[i + 1];
    }
    return true;
}

static bool is_given(const struct given *given, enum ping_member member)
{
    return given->of[member].n > 0;
}

/* As a text without a NUL in it; NULL: it has one. */
static const char *text_of(const struct given *given, enum ping_member member)
{
    const struct entry_text *value = &given->of[member];

    return memchr(value->text, '\0', value->n) == NULL ? value->text : NULL;
}

static bool number(const struct given *given, enum ping_member member, double *out)
{
    const char *text = text_of(given, member);

    return text != NULL && reading_number(text, out);
}

static bool take_device(const struct given *given, char out[NAME_MAX_CHARS + 1], struct fault *why)
{
    const char *text;

    if (!is_given(given, PING_DEVICE))
        return fault_set(why, "device: missing");
    text = text_of(given, PING_DEVICE);
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
    return fault_set(why, "time: \"%s\" is not like 2020-06-23T20:14:05Z", shown);
}

static bool take_time(const struct given *given, struct utc *out, struct fault *why)
{
    const char *text;
    double epoch;

    if (!is_given(given, PING_TIME))
        return fault_set(why, "time: missing");
    if (number(given, PING_TIME, &epoch))
        return reading_epoch(epoch, out) || fault_set(why, "time: %.10g is no time", epoch);
    text = text_of(given, PING_TIME);
    return (text != NULL && utc_parse_any(text, out)) || refuse_time(&given->of[PING_TIME], why);
}

/* NaN when it is not given. */
static bool take_number(const struct given *given, enum ping_member member, double *out,
                        struct fault *why)
{
    *out = NAN;
    return !is_given(given, member) || number(given, member, out) ||
           fault_set(why, "%s: not a number", ping_member_name(member));
}

static bool take_degrees(const struct given *given, enum ping_member member, bool needed,
                         double *out, struct fault *why)
{
    if (needed && !is_given(given, member))
        return fault_set(why, "%s: missing", ping_member_name(member));
    return take_number(given, member, out, why);
}

/* Without a fix a place is not needed, but not half of one either. */
static bool take_place(const struct given *given, bool fix, struct lonlat *out, struct fault *why)
{
    bool needed = fix || is_given(given, PING_LAT) || is_given(given, PING_LON);

    return take_degrees(given, PING_LAT, needed, &out->lat, why) &&
           take_degrees(given, PING_LON, needed, &out->lon, why);
}

/* As JSON, Python and PHP write it; nothing given is `absent`. */
static bool take_truth(const struct given *given, enum ping_member member, bool absent, bool *out,
                       struct fault *why)
{
    const char *text = is_given(given, member) ? text_of(given, member) : NULL;

    *out = absent;
    return !is_given(given, member) || (text != NULL && reading_truth(text, out)) ||
           fault_set(why, "%s: neither true nor false", ping_member_name(member));
}

/* `seq` decides nothing; its type is promised all the same. */
static bool check_seq(const struct given *given, struct fault *why)
{
    const char *text = is_given(given, PING_SEQ) ? text_of(given, PING_SEQ) : "0";
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

    if (!take_device(given, out->device, why) || !take_time(given, &out->time, why) ||
        !take_truth(given, PING_FIX, true, &fix, why) || !take_place(given, fix, &out->at, why) ||
        !take_number(given, PING_ACCURACY, &out->accuracy, why) ||
        !take_number(given, PING_BATTERY, &out->battery, why) || !check_seq(given, why) ||
        !take_number(given, PING_SPEED, &out->speed, why) ||
        !take_number(given, PING_COURSE, &out->course, why) ||
        !take_truth(given, PING_TAMPER, false, &tamper, why))
        return false;
    if (is_given(given, PING_ALARM))
        ping_alarm(out, given->of[PING_ALARM].text, given->of[PING_ALARM].n);
    out->no_fix = !fix;
    out->tamper |= tamper;
    return ping_settle(out, why);
}

bool ping_entry_read(const struct entry_text *texts, size_t n, struct ping *out, struct fault *why)
{
    struct given given;

    *out = (struct ping){ 0 };
    if (!gather(texts, n, &given, why))
        return false;
    if (given.json.text != NULL)
        return ping_json_read_one(given.json.text, given.json.n, out, why);
    return read_flat(&given, out, why);
}
