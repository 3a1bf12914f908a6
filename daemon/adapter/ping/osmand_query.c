/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/osmand_query.h"

#include "adapter/ping/reading.h"

#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>

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

static bool gather(const struct evkeyvalq *query, struct given *out, struct fault *why)
{
    const struct evkeyval *pair;
    int nth = -1;

    // Parameters of one query, whose length has its limit.
    TAILQ_FOREACH(pair, query, next)
    {
        nth++;
        for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
            const struct parameter *parameter = &parameters[i];

            if (strcmp(parameter->name, pair->key) != 0 || pair->value[0] == '\0')
                continue;
            if (out->value[parameter->field] != NULL && parameter->field != ALTITUDE)
                return fault_set(why, "%s: given twice", parameter->name);
            out->name[parameter->field] = parameter->name;
            out->value[parameter->field] = pair->value;
            out->order[parameter->field] = nth;
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
           fault_set(why, "timestamp: neither seconds, milliseconds nor like 2020-06-23T20:14:05Z");
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

static bool read_ping(const struct given *given, const char *agent, struct ping *out,
                      struct fault *why)
{
    bool valid, mock, osmand = is_osmand(given, agent);
    double hdop;

    *out = (struct ping){ 0 };
    if (!take_device(given, out->device, why) || !take_time(given, &out->time, why) ||
        !take_place(given, &out->at, why) || !take_number(given, ACCURACY, &out->accuracy, why) ||
        !take_number(given, HDOP, &hdop, why) || !take_number(given, SPEED, &out->speed, why) ||
        !take_number(given, COURSE, &out->course, why) ||
        !take_number(given, BATTERY, &out->battery, why))
        return false;
    take_truth(given, VALID, true, &valid);
    take_truth(given, MOCK, false, &mock);
    out->accuracy =
        osmand ? osmand_accuracy(out->accuracy, hdop) : reading_accuracy(out->accuracy, hdop);
    out->battery = percent_or_unknown(out->battery);
    out->speed *= osmand ? 1 : READING_KNOT;
    out->no_fix = !valid || mock;
    out->tamper = mock; // somebody makes the phone lie about where it is
    return ping_settle(out, why);
}

/* However often it is said: not one of them is lost. */
static void take_alarms(const struct evkeyvalq *query, struct ping *ping)
{
    const struct evkeyval *pair;

    // Parameters of one query, whose length has its limit.
    TAILQ_FOREACH(pair, query, next)
    {
        if (strcmp(pair->key, "alarm") == 0 && pair->value[0] != '\0')
            ping_alarm(ping, pair->value, strlen(pair->value));
    }
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
    struct ping ping = { 0 };
    struct fault refused;

    if (!copy_query(body, text, why))
        return false;
    if (evhttp_parse_query_str(text, &query) != 0)
        return fault_set(why, "query: not like id=tag-1&timestamp=1592943245&lat=51.5&lon=0.4");
    if (gather(&query, &given, &refused) && read_ping(&given, body->agent, &ping, &refused)) {
        take_alarms(&query, &ping);
        take(&ping, 0, NULL, arg);
    } else {
        take(&ping, 0, refused.text, arg);
    }
    evhttp_clear_headers(&query);
    return true;
}
