/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/known_json.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* 17 digits give back the same double. */
enum { DUMP_FLAGS = JSON_COMPACT | JSON_REAL_PRECISION(17) };

/* FLAG bool, COUNT uint32_t, CHOICE an enum, WHOLE int64_t, REAL double (null: NaN). */
enum kind { FLAG, COUNT, CHOICE, WHOLE, REAL };

struct field {
    const char *name;
    enum kind kind;
    size_t offset, n, stride; // n 0: a single value; else an array of n
    uint32_t limit;           // of a COUNT or CHOICE: from there on it is no value; 0: none
};

#define ONE(kind, of, member, name)                                                                \
    {                                                                                              \
        name, kind, offsetof(struct of, member), 0, 0, 0                                           \
    }
#define BELOW(limit, kind, of, member, name)                                                       \
    {                                                                                              \
        name, kind, offsetof(struct of, member), 0, 0, limit                                       \
    }
#define EACH(kind, of, array, size, member, name)                                                  \
    {                                                                                              \
        name, kind, offsetof(struct of, array[0].member), size, sizeof((struct of *)0)->array[0],  \
            0                                                                                      \
    }

#define ALL(kind, of, array, size, name)                                                           \
    {                                                                                              \
        name, kind, offsetof(struct of, array), size, sizeof((struct of *)0)->array[0], 0          \
    }

static const struct field device_fields[] = {
    ONE(FLAG, known_device, heard, "heard"),
    ONE(FLAG, known_device, near, "near"),
    ONE(FLAG, known_device, tampered, "tampered"),
    ONE(FLAG, known_device, battery_low, "battery_low"),
    ONE(FLAG, known_device, clock_told, "clock_told"),
    ONE(WHOLE, known_device, newest.time.ms, "time"),
    ONE(REAL, known_device, newest.at.lon, "lon"),
    ONE(REAL, known_device, newest.at.lat, "lat"),
    ONE(REAL, known_device, newest.accuracy, "accuracy"),
    EACH(WHOLE, known_device, recent, DEVICE_RECENT, time.ms, "recent_time"),
    EACH(REAL, known_device, recent, DEVICE_RECENT, at.lon, "recent_lon"),
    EACH(REAL, known_device, recent, DEVICE_RECENT, at.lat, "recent_lat"),
    BELOW(DEVICE_RECENT, COUNT, known_device, recent_next, "recent_next"),
    ONE(WHOLE, known_device, doubted.time.ms, "doubted_time"),
    ONE(REAL, known_device, doubted.at.lon, "doubted_lon"),
    ONE(REAL, known_device, doubted.at.lat, "doubted_lat"),
    ONE(REAL, known_device, doubted.accuracy, "doubted_accuracy"),
    ONE(COUNT, known_device, doubts, "doubts"),
    ONE(WHOLE, known_device, doubted_since.ms, "doubted_since"),
    ONE(COUNT, known_device, alerts, "alerts"),
    EACH(WHOLE, known_device, trail, TRAIL_PLACES, at.time.ms, "trail_time"),
    EACH(REAL, known_device, trail, TRAIL_PLACES, at.at.lon, "trail_lon"),
    EACH(REAL, known_device, trail, TRAIL_PLACES, at.at.lat, "trail_lat"),
    EACH(REAL, known_device, trail, TRAIL_PLACES, at.accuracy, "trail_accuracy"),
    EACH(REAL, known_device, trail, TRAIL_PLACES, speed, "trail_speed"),
    BELOW(TRAIL_PLACES, COUNT, known_device, trail_next, "trail_next"),
    ONE(REAL, known_device, pace, "pace"),
    ONE(WHOLE, known_device, arrived.ms, "arrived"),
    ONE(REAL, known_device, interval_ms, "interval"),
    ONE(REAL, known_device, jitter_ms, "jitter"),
    ONE(COUNT, known_device, silent, "silent"),
};

static const struct field incident_fields[] = {
    BELOW(PHASE_BREACH + 1, CHOICE, incident, phase, "phase"),
    ONE(FLAG, incident, authorised, "authorised"),
    ONE(COUNT, incident, number, "number"),
    ONE(COUNT, incident, numbers, "numbers"),
    ONE(COUNT, incident, alerts, "alerts"),
    ONE(COUNT, incident, pings, "pings"),
    ONE(WHOLE, incident, opened.ms, "opened"),
    ONE(WHOLE, incident, told.ms, "told"),
    ONE(WHOLE, incident, ended.ms, "ended"),
    ONE(WHOLE, incident, entered.ms, "entered"),
    ONE(WHOLE, incident, before_from.ms, "before_from"),
    ONE(WHOLE, incident, before_until.ms, "before_until"),
    ONE(WHOLE, incident, late_from.ms, "late_from"),
    ONE(WHOLE, incident, late_until.ms, "late_until"),
    ONE(REAL, incident, eta_told, "eta_told"),
    ONE(WHOLE, incident, shape, "shape"),
    ALL(REAL, incident, scores, TRACK_DEVICES_MAX, "scores"),
    ONE(COUNT, incident, held_by, "held_by"),
    ONE(WHOLE, incident, run.ms, "run"),
    ONE(REAL, incident, late_score, "late_score"),
    ONE(WHOLE, incident, late_at.ms, "late_at"),
    ONE(COUNT, incident, coming_by, "coming_by"),
};

static const struct field ping_fields[] = {
    ONE(WHOLE, ping, time.ms, "time"),   ONE(REAL, ping, at.lon, "lon"),
    ONE(REAL, ping, at.lat, "lat"),      ONE(REAL, ping, accuracy, "accuracy"),
    ONE(REAL, ping, speed, "speed"),     ONE(REAL, ping, course, "course"),
    ONE(REAL, ping, battery, "battery"), ONE(FLAG, ping, tamper, "tamper"),
};

#define SIZE(fields) (sizeof(fields) / sizeof *(fields))

/* ---- values to JSON ---- */

static bool is_zero(enum kind kind, const void *at)
{
    static const double zero = 0;

    switch (kind) {
    case FLAG:
        return !*(const bool *)at;
    case COUNT:
    case CHOICE:
        return *(const uint32_t *)at == 0;
    case WHOLE:
        return *(const int64_t *)at == 0;
    case REAL:
        return memcmp(at, &zero, sizeof zero) == 0; // -0 is not left out
    }
    return false;
}

static json_t *value_of(enum kind kind, const void *at)
{
    switch (kind) {
    case FLAG:
        return json_boolean(*(const bool *)at);
    case COUNT:
    case CHOICE:
        return json_integer(*(const uint32_t *)at);
    case WHOLE:
        return json_integer(*(const int64_t *)at);
    case REAL:
        return isnan(*(const double *)at) ? json_null() : json_real(*(const double *)at);
    }
    return NULL;
}

static json_t *array_of(const struct field *field, const char *at)
{
    json_t *array = json_array();

    for (size_t i = 0; i < field->n; i++)
        json_array_append_new(array, value_of(field->kind, at + i * field->stride));
    return array;
}

static bool all_zero(const struct field *field, const char *at)
{
    for (size_t i = 0; i < field->n; i++) {
        if (!is_zero(field->kind, at + i * field->stride))
            return false;
    }
    return field->n > 0 || is_zero(field->kind, at);
}

static json_t *to_json(const struct field *fields, size_t n, const void *from)
{
    json_t *object = json_object();
    bool ok = object != NULL;

    for (size_t i = 0; ok && i < n; i++) {
        const struct field *field = &fields[i];
        const char *at = (const char *)from + field->offset;

        if (all_zero(field, at))
            continue;
        ok = json_object_set_new(object, field->name,
                                 field->n > 0 ? array_of(field, at) : value_of(field->kind, at)) ==
             0;
    }
    if (ok)
        return object;
    json_decref(object);
    return NULL;
}

/* ---- and back ---- */

/* What does not fit is left zero: a ledger is ours, and its digests tell who changed it. */
static void take_value(const struct field *field, const json_t *value, void *at)
{
    json_int_t whole = json_integer_value(value);

    switch (field->kind) {
    case FLAG:
        *(bool *)at = json_is_true(value) || whole != 0;
        break;
    case COUNT:
    case CHOICE:
        *(uint32_t *)at = field->limit != 0 && whole >= field->limit ? 0 : (uint32_t)whole;
        break;
    case WHOLE:
        *(int64_t *)at = whole;
        break;
    case REAL:
        *(double *)at = json_is_null(value) ? NAN : json_number_value(value);
        break;
    }
}

static bool from_json(const struct field *fields, size_t n, const json_t *object, void *to)
{
    if (!json_is_object(object))
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct field *field = &fields[i];
        const json_t *value = json_object_get(object, field->name);
        char *at = (char *)to + field->offset;

        if (value != NULL && field->n == 0)
            take_value(field, value, at);
        for (size_t k = 0; k < field->n && k < json_array_size(value); k++)
            take_value(field, json_array_get(value, k), at + k * field->stride);
    }
    return true;
}

json_t *known_device_json(const struct known_device *device)
{
    return to_json(device_fields, SIZE(device_fields), device);
}

json_t *known_incident_json(const struct incident *incident)
{
    return to_json(incident_fields, SIZE(incident_fields), incident);
}

json_t *known_ping_json(const struct ping *ping)
{
    json_t *object = to_json(ping_fields, SIZE(ping_fields), ping);

    json_object_set_new(object, "device", json_string(ping->device));
    return object;
}

bool known_device_of(const json_t *json, struct known_device *out)
{
    memset(out, 0, sizeof *out);
    return from_json(device_fields, SIZE(device_fields), json, out);
}

bool known_incident_of(const json_t *json, struct incident *out)
{
    memset(out, 0, sizeof *out);
    return from_json(incident_fields, SIZE(incident_fields), json, out);
}

bool known_ping_of(const json_t *json, struct ping *out)
{
    const char *device = json_string_value(json_object_get(json, "device"));

    memset(out, 0, sizeof *out);
    if (device == NULL || !name_valid(device) ||
        !from_json(ping_fields, SIZE(ping_fields), json, out))
        return false;
    strcpy(out->device, device); // name_valid has measured it
    return true;
}

/* ---- as text ---- */

static char *print(json_t *json)
{
    char *text = json != NULL ? json_dumps(json, DUMP_FLAGS) : NULL;

    json_decref(json);
    return text;
}

char *known_device_print(const struct known_device *device)
{
    return print(known_device_json(device));
}

char *known_incident_print(const struct incident *incident)
{
    return print(known_incident_json(incident));
}

bool known_device_read(const char *text, struct known_device *out)
{
    json_t *json = json_loads(text, 0, NULL);
    bool ok = known_device_of(json, out);

    json_decref(json);
    return ok;
}

bool known_incident_read(const char *text, struct incident *out)
{
    json_t *json = json_loads(text, 0, NULL);
    bool ok = known_incident_of(json, out);

    json_decref(json);
    return ok;
}
