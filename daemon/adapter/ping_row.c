/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping_row.h"

#include "adapter/reading.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static const struct column {
    const char *name;
    enum ping_field field;
} columns[] = {
    { "device", ROW_DEVICE_ID },  { "id", ROW_DEVICE_ID },   { "time", ROW_TIME },
    { "timestamp", ROW_TIME },    { "lat", ROW_LAT },        { "latitude", ROW_LAT },
    { "lon", ROW_LON },           { "lng", ROW_LON },        { "longitude", ROW_LON },
    { "accuracy", ROW_ACCURACY }, { "hdop", ROW_HDOP },      { "speed", ROW_SPEED },
    { "course", ROW_COURSE },     { "heading", ROW_COURSE }, { "battery", ROW_BATTERY_LEVEL },
    { "tamper", ROW_TAMPER },
};

enum ping_field ping_row_field(const char *name)
{
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        if (strcasecmp(columns[i].name, name) == 0)
            return columns[i].field;
    }
    return PING_FIELDS;
}

static bool given(const struct ping_row *row, enum ping_field field)
{
    return row->value[field] != NULL && row->value[field][0] != '\0';
}

static bool degrees(const struct ping_row *row, enum ping_field field, const char *name,
                    double *out, struct fault *why)
{
    if (!given(row, field))
        return fault_set(why, "%s: missing", name);
    return reading_number(row->value[field], out) || fault_set(why, "%s: not a number", name);
}

static bool number(const struct ping_row *row, enum ping_field field, const char *name, double *out,
                   struct fault *why)
{
    *out = NAN;
    return !given(row, field) || reading_number(row->value[field], out) ||
           fault_set(why, "%s: not a number", name);
}

static bool device_and_time(const struct ping_row *row, struct ping *out, struct fault *why)
{
    if (!given(row, ROW_DEVICE_ID))
        return fault_set(why, "device: missing");
    if (!name_valid(row->value[ROW_DEVICE_ID]))
        return fault_set(why, "device: not 1..%d letters, digits, - _ .", NAME_MAX_CHARS);
    strcpy(out->device, row->value[ROW_DEVICE_ID]); // name_valid has measured it
    return (given(row, ROW_TIME) && reading_time(row->value[ROW_TIME], &out->time)) ||
           fault_set(why, "time: neither seconds, milliseconds nor like 2020-06-23T20:14:05Z");
}

bool ping_row_read(const struct ping_row *row, struct ping *out, struct fault *why)
{
    struct ping ping = { 0 };
    double hdop;

    if (!device_and_time(row, &ping, why) || !degrees(row, ROW_LAT, "lat", &ping.at.lat, why) ||
        !degrees(row, ROW_LON, "lon", &ping.at.lon, why) ||
        !number(row, ROW_ACCURACY, "accuracy", &ping.accuracy, why) ||
        !number(row, ROW_HDOP, "hdop", &hdop, why) ||
        !number(row, ROW_SPEED, "speed", &ping.speed, why) ||
        !number(row, ROW_COURSE, "course", &ping.course, why) ||
        !number(row, ROW_BATTERY_LEVEL, "battery", &ping.battery, why))
        return false;
    ping.accuracy = reading_accuracy(ping.accuracy, hdop);
    ping.tamper = given(row, ROW_TAMPER) && (strcasecmp(row->value[ROW_TAMPER], "true") == 0 ||
                                             strcmp(row->value[ROW_TAMPER], "1") == 0);
    if (!ping_settle(&ping, why))
        return false;
    *out = ping;
    return true;
}
