/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/osmand_query.h"

#include "adapter/reading.h"

#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>

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
    FIELDS
};

static const struct parameter {
    const char *name;
    enum field field;
} parameters[] = {
    { "id", DEVICE },      { "deviceid", DEVICE }, { "timestamp", TIME },    { "lat", LAT },
    { "lon", LON },        { "speed", SPEED },     { "location", LOCATION }, { "bearing", COURSE },
    { "heading", COURSE }, { "hdop", HDOP },       { "accuracy", ACCURACY }, { "batt", BATTERY },
    { "valid", VALID },    { "mock", MOCK },
};

/* What was given, by field: borrowed from the decoded query; NULL: not. */
struct given {
    const char *name[FIELDS], *value[FIELDS];
};

static bool gather(const struct evkeyvalq *query, struct given *out, struct fault *why)
{
    const struct evkeyval *pair;

    TAILQ_FOREACH(pair, query, next)
    {
        for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
            const struct parameter *parameter = &parameters[i];

            if (strcmp(parameter->name, pair->key) != 0 || pair->value[0] == '\0')
                continue;
            if (out->value[parameter->field] != NULL)
                return fault_set(why, "%s: given twice", parameter->name);
            out->name[parameter->field] = parameter->name;
            out->value[parameter->field] = pair->value;
        }
    }
    return true;
}

/* An unescaped + before it has become a blank, and some write one after the comma. */
static bool number(const char *text, double *out)
{
    return reading_number(text + strspn(text, " "), out);
}

/* A number, or NaN when it is not given. */
static bool take_number(const struct given *given, enum field field, double *out, struct fault *why)
{
    *out = NAN;
    return given->value[field] == NULL || number(given->value[field], out) ||
           fault_set(why, "%s: not a number", given->name[field]);
}

static bool take_truth(const struct given *given, enum field field, bool absent, bool *out)
{
    const char *value = given->value[field];

    // Gateways in Python say True.
    *out = value == NULL ? absent : strcasecmp(value, "true") == 0 || strcmp(value, "1") == 0;
    return true;
}

/* "51.5,0.4": latitude, longitude. */
static bool split_location(const char *text, struct lonlat *out)
{
    char lat[64];
    size_t comma = strcspn(text, ",");

    if (text[comma] == '\0' || comma >= sizeof lat)
        return false;
    snprintf(lat, sizeof lat, "%.*s", (int)comma, text);
    return number(lat, &out->lat) && number(text + comma + 1, &out->lon);
}

static bool take_place(const struct given *given, struct lonlat *out, struct fault *why)
{
    bool both = given->value[LAT] != NULL || given->value[LON] != NULL;

    if (given->value[LOCATION] == NULL) {
        if (!take_number(given, LAT, &out->lat, why) || !take_number(given, LON, &out->lon, why))
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

static bool take_device(const struct given *given, char out[NAME_MAX_CHARS + 1], struct fault *why)
{
    const char *value = given->value[DEVICE];

    if (value == NULL)
        return fault_set(why, "id: missing");
    if (!name_valid(value))
        return fault_set(why, "id: not 1..%d letters, digits, - _ .", NAME_MAX_CHARS);
    strcpy(out, value); // name_valid has measured it
    return true;
}

static bool take_time(const struct given *given, struct utc *out, struct fault *why)
{
    if (given->value[TIME] == NULL)
        return fault_set(why, "timestamp: missing");
    return reading_time(given->value[TIME], out) ||
           fault_set(why, "timestamp: neither seconds, milliseconds nor like 2020-06-23T20:14:05Z, "
                          "of 1970 to 2200");
}

static bool read_ping(const struct given *given, struct ping *out, struct fault *why)
{
    double hdop;
    bool valid, mock;

    *out = (struct ping){ 0 };
    if (!take_device(given, out->device, why) || !take_time(given, &out->time, why) ||
        !take_place(given, &out->at, why) || !take_number(given, ACCURACY, &out->accuracy, why) ||
        !take_number(given, HDOP, &hdop, why) || !take_number(given, SPEED, &out->speed, why) ||
        !take_number(given, COURSE, &out->course, why) ||
        !take_number(given, BATTERY, &out->battery, why))
        return false;
    take_truth(given, VALID, true, &valid);
    take_truth(given, MOCK, false, &mock);
    out->accuracy = reading_accuracy(out->accuracy, hdop);
    out->speed *= READING_KNOT;
    out->no_fix = !valid || mock;
    out->tamper = mock; // somebody makes the phone lie about where it is
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
    // Decoded it would end its value early.
    return strstr(out, "%00") == NULL || fault_set(why, "query: holds a NUL");
}

bool osmand_query_read(const struct ping_body *body, ping_taker *take, void *arg, struct fault *why)
{
    char text[OSMAND_QUERY_MAX + 1];
    struct evkeyvalq query = TAILQ_HEAD_INITIALIZER(query);
    struct given given = { 0 };
    struct ping ping;
    struct fault refused;

    if (!copy_query(body, text, why))
        return false;
    if (evhttp_parse_query_str(text, &query) != 0)
        return fault_set(why, "query: not like id=tag-1&timestamp=1592943245&lat=51.5&lon=0.4");
    if (gather(&query, &given, &refused) && read_ping(&given, &ping, &refused))
        take(&ping, 0, NULL, arg);
    else
        take(NULL, 0, refused.text, arg);
    evhttp_clear_headers(&query);
    return true;
}
