/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/ping_row.h"

#include "adapter/ping/reading.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

static bool given(const struct ping_row *row, enum ping_field field)
{
    return row->value[field] != NULL && row->value[field][0] != '\0';
}

/*
 * As tables write it; what is neither is as if it were not there, but for GNSS loggers' "NO FIX".
 */
static bool truth(const struct ping_row *row, enum ping_field field, bool absent)
{
    bool is;

    if (!given(row, field))
        return absent;
    if (reading_truth(row->value[field], &is))
        return is;
    return strcasecmp(row->value[field], "no fix") != 0 && absent;
}

/* `sides`: two letters, of which the second makes it negative; a sign that is there stays. */
static bool degrees(const struct ping_row *row, enum ping_field field, const char *sides,
                    const char *name, double *out, struct fault *why)
{
    enum ping_field side = field + 1;
    const char *letter = given(row, side) ? row->value[side] : "";

    if (!given(row, field))
        return fault_set(why, "%s: missing", name);
    if (!reading_number(row->value[field], out))
        return fault_set(why, "%s: not a number", name);
    if (letter[0] == '\0')
        return true;
    if (strchr(sides, toupper((unsigned char)letter[0])) == NULL || letter[1] != '\0')
        return fault_set(why, "%s: its side is neither %c nor %c", name, sides[0], sides[1]);
    if (toupper((unsigned char)letter[0]) == sides[1])
        *out = -fabs(*out);
    return true;
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
    if (!given(row, ROW_TIME))
        return fault_set(why, "time: missing");
    return reading_time(row->value[ROW_TIME], &out->time) ||
           fault_set(why, "time: neither seconds, milliseconds nor like 2020-06-23T20:14:05Z");
}

bool ping_row_read(const struct ping_row *row, struct ping *out, struct fault *why)
{
    struct ping ping = { 0 };
    double hdop;

    if (!device_and_time(row, &ping, why) ||
        !degrees(row, ROW_LAT, "NS", "lat", &ping.at.lat, why) ||
        !degrees(row, ROW_LON, "EW", "lon", &ping.at.lon, why) ||
        !number(row, ROW_ACCURACY, "accuracy", &ping.accuracy, why) ||
        !number(row, ROW_HDOP, "hdop", &hdop, why) ||
        !number(row, ROW_SPEED, "speed", &ping.speed, why) ||
        !number(row, ROW_COURSE, "course", &ping.course, why) ||
        !number(row, ROW_BATTERY_LEVEL, "battery", &ping.battery, why))
        return false;
    ping.accuracy = reading_accuracy(ping.accuracy, hdop);
    ping.speed *= row->speed_unit > 0 ? row->speed_unit : 1;
    ping.tamper = truth(row, ROW_TAMPER, false);
    ping.no_fix = !truth(row, ROW_VALID, true) || truth(row, ROW_OUTDATED, false);
    if (!ping_settle(&ping, why))
        return false;
    *out = ping;
    return true;
}
