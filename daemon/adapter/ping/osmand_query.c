/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/osmand_query.h"

#include "adapter/ping/ping_names.h"
#include "adapter/ping/reading.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const double volts_most = 32; // of a lorry at full charge

enum field {
    DEVICE,
    TIME,
    LAT,
    LON,
    LOCATION,
    SPEED,
    COURSE,
    ACCURACY,
    HDOP,
    BATTERY,
    VALID,
    MOCK,
    ALTITUDE, // only where it stands
    FIELDS
};

static const struct parameter {
    const char *name;
    enum field field;
} parameters[] = {
    { "id", DEVICE },         { "deviceid", DEVICE },   { "timestamp", TIME },  { "lat", LAT },
    { "lon", LON },           { "latitude", LAT },      { "longitude", LON },   { "speed", SPEED },
    { "location", LOCATION }, { "bearing", COURSE },    { "heading", COURSE },  { "hdop", HDOP },
    { "accuracy", ACCURACY }, { "batt", BATTERY },      { "batproc", BATTERY }, { "valid", VALID },
    { "mock", MOCK },         { "altitude", ALTITUDE },
};

/* What was given, by field: borrowed from the decoded query; NULL: not. */
struct given {
    const char *name[FIELDS], *value[FIELDS];
    int order[FIELDS]; // which of the query's parameters it was, from 0
};

/* In place; what encodes nothing stays as it is. A NUL ends no value early: then there is none. */
static void decode(char *text)
{
    char *out = text;

    for (const char *at = text; *at != '\0'; at++) {
        bool coded = *at == '%' && isxdigit((unsigned char)at[1]) && isxdigit((unsigned char)at[2]);

        *out = *at == '+' ? ' ' : *at;
        if (coded) {
            *out = (char)strtol((char[]){ at[1], at[2], '\0' }, NULL, 16);
            at += 2;
        }
        if (*out++ == '\0') {
            *text = '\0';
            return;
        }
    }
    *out = '\0';
}

/* Of who and where two answers are none; of all else the first one counts. */
static bool must_be_one(enum field field)
{
    return field == DEVICE || field == LAT || field == LON || field == LOCATION;
}

/* False: it was given before, otherwise. */
static bool put(struct given *out, const struct parameter *parameter, const char *value, int nth)
{
    const char *before = out->value[parameter->field];

    if (before != NULL)
        return !must_be_one(parameter->field) || strcmp(before, value) == 0;
    out->name[parameter->field] = parameter->name;
    out->value[parameter->field] = value;
    out->order[parameter->field] = nth;
    return true;
}

/*
 * Takes the query apart; what has no name, no `=` or no value is passed over. An alarm is never
 * lost, however often there is one. The whole is read, also when it is refused: by its device.
 */
static bool gather(char *query, struct given *out, struct ping *ping, struct fault *why)
{
    bool ok = true;
    int nth = 0;

    // Parameters of one query, whose length has its limit.
    for (char *rest = query, *name; (name = strsep(&rest, "&")) != NULL; nth++) {
        char *value = strchr(name, '=');

        if (value == NULL)
            continue;
        *value++ = '\0';
        decode(value);
        if (value[0] == '\0')
            continue;
        if (strcmp(name, "alarm") == 0)
            ping_alarm(ping, value, strlen(value));
        for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
            if (strcmp(parameters[i].name, name) == 0 && !put(out, &parameters[i], value, nth))
                ok = fault_set(why, "%s: given twice", name);
        }
    }
    return ok;
}

/* NaN when it is not given, or no number: what stands beside a place must not hide it. */
static double number_of(const struct given *given, enum field field)
{
    double number;

    return given->value[field] != NULL && reading_number_of_app(given->value[field], &number)
               ? number
               : NAN;
}

static bool take_degrees(const struct given *given, enum field field, double *out,
                         struct fault *why)
{
    *out = number_of(given, field);
    return !isnan(*out) || given->value[field] == NULL ||
           fault_set(why, "%s: not a number", given->name[field]);
}

static bool take_truth(const struct given *given, enum field field, bool absent, bool *out)
{
    const char *value = given->value[field];

    // Gateways in Python say True.
    *out = value == NULL ? absent : strcasecmp(value, "true") == 0 || strcmp(value, "1") == 0;
    return true;
}

/* "51.5,0.4": latitude, longitude; the second of three commas where they are decimal ones. */
static bool split_location(const char *text, struct lonlat *out)
{
    char lat[64];
    const char *comma = strchr(text, ','), *second = comma ? strchr(comma + 1, ',') : NULL;

    if (second != NULL)
        comma = strchr(second + 1, ',') != NULL ? second : NULL;
    if (comma == NULL || (size_t)(comma - text) >= sizeof lat)
        return false;
    snprintf(lat, sizeof lat, "%.*s", (int)(comma - text), text);
    return reading_number_of_app(lat, &out->lat) && reading_number_of_app(comma + 1, &out->lon);
}

static bool take_place(const struct given *given, struct lonlat *out, struct fault *why)
{
    bool both = given->value[LAT] != NULL || given->value[LON] != NULL;

    if (given->value[LOCATION] == NULL) {
        if (!take_degrees(given, LAT, &out->lat, why) || !take_degrees(given, LON, &out->lon, why))
            return false;
    } else if (both) {
        return fault_set(why, "location: given beside lat and lon");
    } else if (!split_location(given->value[LOCATION], out)) {
        return fault_set(why, "location: not like 51.5,0.4");
    }
    if (isnan(out->lat))
        return fault_set(why, "lat: missing");
    return !isnan(out->lon) || fault_set(why, "lon: missing");
}

static bool take_device(const struct given *given, const struct ping_body *body,
                        char out[NAME_MAX_CHARS + 1], struct fault *why)
{
    const char *value = given->value[DEVICE];
    struct ping_names names = ping_names_begin(body, out);

    if (value == NULL) {
        ping_names_try_door(&names);
        return out[0] != '\0' || fault_set(why, "id: missing");
    }
    if (!name_valid(value))
        return fault_set(why, "id: not 1..%d letters, digits, - _ .", NAME_MAX_CHARS);
    strcpy(out, value); // name_valid has measured it
    return true;
}

/* Whether all of them were given, each right behind the one before. */
static bool in_a_row(const struct given *given, const enum field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (given->value[fields[i]] == NULL ||
            (i > 0 && given->order[fields[i]] != given->order[fields[i - 1]] + 1))
            return false;
    }
    return true;
}

static bool begins_with(const char *text, const char *head)
{
    return text != NULL && strncasecmp(text, head, strlen(head)) == 0;
}

/*
 * The app OsmAnd's own template is lat={0}&lon={1}&timestamp={2}&hdop={3}&altitude={4}&speed={5}
 * (LiveMonitoringData, LiveSender; it adds bearing={6}): there `hdop` is the accuracy of the phone
 * in metres, and speed is in metres a second. On Android it has no User-Agent but the system's, and
 * of other apps those that know an accuracy call it so.
 */
static bool is_osmand(const struct given *given, const char *agent)
{
    static const enum field begin[] = { LAT, LON, TIME, HDOP }, end[] = { HDOP, ALTITUDE, SPEED };

    if (begins_with(agent, "OsmAnd"))
        return true;
    if (given->value[HDOP] == NULL || given->value[ACCURACY] != NULL)
        return false;
    return begins_with(agent, "Dalvik/") || in_a_row(given, begin, sizeof begin / sizeof *begin) ||
           in_a_row(given, end, sizeof end / sizeof *end);
}

/*
 * Trackers copy that template from Traccar's page too: what could as well be a dilution, as no
 * phone knows its place to 3 m, is taken for neither.
 */
static double osmand_accuracy(double accuracy, double hdop)
{
    return accuracy > 0 ? accuracy : hdop > READING_HDOP_USUAL ? hdop : NAN;
}

/*
 * Phones tell whole per cents, a float's error aside; trackers that fill in the same template by
 * hand put the volts there, 11.43 or 3.9, which is no battery at 11 %.
 */
static double percent_or_unknown(double battery)
{
    bool volts = battery < volts_most && fabs(battery - round(battery)) > 0.005;

    return volts ? NAN : battery;
}

/*
 * Where no satellite is heard a strap is cut too, and a tracker tells its alarm without a place
 * (traccar/traccar#4915): what it says of itself, or that it has no fix, needs none.
 */
static bool needs_no_place(const struct given *given, const struct ping *ping)
{
    bool none =
        given->value[LAT] == NULL && given->value[LON] == NULL && given->value[LOCATION] == NULL;

    return none && (ping->no_fix || ping->tamper || ping->alarm[0] != '\0');
}

/* The device is read already; what is no time is none, and the ping is of its arrival. */
static bool read_ping(const struct given *given, const char *agent, struct ping *out,
                      struct fault *why)
{
    bool valid, mock, osmand = is_osmand(given, agent);
    double hdop = number_of(given, HDOP);

    take_truth(given, VALID, true, &valid);
    take_truth(given, MOCK, false, &mock);
    out->no_fix = !valid;
    if (mock)
        ping_mock(out);
    if (needs_no_place(given, out)) {
        out->no_fix = true;
        out->at = (struct lonlat){ NAN, NAN };
    } else if (!take_place(given, &out->at, why)) {
        return false;
    }
    out->untimed = given->value[TIME] == NULL || !reading_time(given->value[TIME], &out->time);
    out->accuracy = number_of(given, ACCURACY);
    out->accuracy =
        osmand ? osmand_accuracy(out->accuracy, hdop) : reading_accuracy(out->accuracy, hdop);
    out->battery = percent_or_unknown(number_of(given, BATTERY));
    out->speed = number_of(given, SPEED) * (osmand ? 1 : READING_KNOT);
    out->course = number_of(given, COURSE);
    return ping_settle(out, why);
}

/* The bytes as text, or the reason why they are no query. */
static bool copy_query(const struct ping_body *body, char out[OSMAND_QUERY_MAX + 1],
                       struct fault *why)
{
    if (body->n > OSMAND_QUERY_MAX)
        return fault_set(why, "query: longer than %d bytes", OSMAND_QUERY_MAX);
    if (memchr(body->bytes, '\0', body->n) != NULL)
        return fault_set(why, "query: holds a NUL");
    memcpy(out, body->bytes, body->n);
    out[body->n] = '\0';
    return true;
}

bool osmand_query_read(const struct ping_body *body, ping_taker *take, void *arg, struct fault *why)
{
    char text[OSMAND_QUERY_MAX + 1];
    struct given given = { 0 };
    struct ping ping = { 0 };
    struct fault refused, twice;
    bool one;

    if (!copy_query(body, text, why))
        return false;
    one = gather(text, &given, &ping, &twice);
    if (take_device(&given, body, ping.device, &refused) && one &&
        read_ping(&given, body->agent, &ping, &refused))
        take(&ping, 0, NULL, arg);
    else
        take(&ping, 0, one ? refused.text : twice.text, arg);
    return true;
}
