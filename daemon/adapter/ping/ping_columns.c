/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/ping_columns.h"

#include "adapter/ping/reading.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { NAME_LONGEST = 48 };

#define MPH (1609.344 / 3600)

/* Of each member the best name first: a whole time before what may be the time of day alone. */
static const struct column {
    const char *name;
    enum ping_field field;
    double unit; // of speed, in m/s; 0: breachd's own unit
} columns[] = {
    { "device", ROW_DEVICE_ID, 0 },
    { "deviceid", ROW_DEVICE_ID, 0 }, // before "id": Traccar's is that of the position
    { "taglocalidentifier", ROW_DEVICE_ID, 0 },
    { "individuallocalidentifier", ROW_DEVICE_ID, 0 },
    { "id", ROW_DEVICE_ID, 0 },
    { "tid", ROW_DEVICE_ID, 0 },
    { "timestamp", ROW_TIME, 0 },
    { "fixtime", ROW_TIME, 0 },
    { "devicetime", ROW_TIME, 0 },
    { "datetime", ROW_TIME, 0 },
    { "tst", ROW_TIME, 0 },
    { "isotst", ROW_TIME, 0 },
    { "time", ROW_TIME, 0 },
    { "timestampms", ROW_TIME, 0 },
    { "epoch", ROW_TIME, 0 },
    { "utc", ROW_TIME, 0 },
    { "date", ROW_DATE, 0 },
    { "lat", ROW_LAT, 0 },
    { "latitude", ROW_LAT, 0 },
    { "locationlat", ROW_LAT, 0 },
    { "ns", ROW_LAT_SIDE, 0 },
    { "lon", ROW_LON, 0 },
    { "lng", ROW_LON, 0 },
    { "long", ROW_LON, 0 },
    { "longitude", ROW_LON, 0 },
    { "locationlong", ROW_LON, 0 },
    { "locationlon", ROW_LON, 0 },
    { "ew", ROW_LON_SIDE, 0 },
    { "accuracy", ROW_ACCURACY, 0 },
    { "acc", ROW_ACCURACY, 0 },
    { "accm", ROW_ACCURACY, 0 },
    { "horizontalaccuracy", ROW_ACCURACY, 0 },
    { "eobshorizontalaccuracyestimate", ROW_ACCURACY, 0 },
    { "hdop", ROW_HDOP, 0 },
    { "gpshdop", ROW_HDOP, 0 },
    { "speed", ROW_SPEED, 0 },
    { "groundspeed", ROW_SPEED, 0 },
    { "speedmps", ROW_SPEED, 0 },
    { "speedkmh", ROW_SPEED, READING_KMH },
    { "vel", ROW_SPEED, READING_KMH },
    { "course", ROW_COURSE, 0 },
    { "heading", ROW_COURSE, 0 },
    { "bearing", ROW_COURSE, 0 },
    { "cog", ROW_COURSE, 0 },
    { "battery", ROW_BATTERY_LEVEL, 0 },
    { "batt", ROW_BATTERY_LEVEL, 0 },
    { "batterylevel", ROW_BATTERY_LEVEL, 0 },
    { "tamper", ROW_TAMPER, 0 },
    { "valid", ROW_VALID, 0 },
    { "visible", ROW_VALID, 0 },
    { "outdated", ROW_OUTDATED, 0 },
    { "manuallymarkedoutlier", ROW_OUTDATED, 0 },
};

enum { COLUMNS = sizeof columns / sizeof *columns };

/* Units behind a name; of speed, or of the member whose own unit it is. */
static const struct unit {
    const char *name;
    enum ping_field field;
    double unit;
} units[] = {
    { "m/s", ROW_SPEED, 1 },
    { "mps", ROW_SPEED, 1 },
    { "km/h", ROW_SPEED, READING_KMH },
    { "kmh", ROW_SPEED, READING_KMH },
    { "kph", ROW_SPEED, READING_KMH },
    { "kn", ROW_SPEED, READING_KNOT },
    { "kt", ROW_SPEED, READING_KNOT },
    { "knots", ROW_SPEED, READING_KNOT },
    { "mph", ROW_SPEED, MPH },
    { "m", ROW_ACCURACY, 0 },
    { "deg", ROW_LAT, 0 },
    { "deg", ROW_LON, 0 },
    { "deg", ROW_COURSE, 0 },
    { "%", ROW_BATTERY_LEVEL, 0 },
    { "utc", ROW_TIME, 0 },
    { "utc", ROW_DATE, 0 },
    { "s", ROW_TIME, 0 },
    { "ms", ROW_TIME, 0 },
};

/* Letters and digits of `from`, up to a parenthesis, in small ones; where it stopped. */
static const char *fold(const char *from, char out[NAME_LONGEST])
{
    size_t n = 0;

    for (; *from != '\0' && strchr("([", *from) == NULL; from++) {
        if (isalnum((unsigned char)*from) && n + 1 < NAME_LONGEST)
            out[n++] = (char)tolower((unsigned char)*from);
    }
    out[n] = '\0';
    return from;
}

/* "(km/h)": what it says of that member; false when it is none of its units. */
static bool take_unit(const char *said, enum ping_field field, double *unit)
{
    size_t n = strcspn(said + 1, ")]");

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (units[i].field == field && strlen(units[i].name) == n &&
            strncasecmp(units[i].name, said + 1, n) == 0) {
            *unit = units[i].unit;
            return true;
        }
    }
    return false;
}

/* The row of `columns`, or COLUMNS; *unit is what one of it is. */
static size_t find(const char *name, double *unit)
{
    char folded[NAME_LONGEST];
    const char *said = fold(name, folded);
    size_t i = 0;

    while (i < COLUMNS && strcmp(columns[i].name, folded) != 0)
        i++;
    if (i == COLUMNS)
        return COLUMNS;
    *unit = columns[i].unit;
    return *said == '\0' || take_unit(said, columns[i].field, unit) ? i : COLUMNS;
}

enum ping_field ping_columns_field(const char *name)
{
    double unit = 0;
    size_t i = find(name, &unit);

    return i < COLUMNS && unit == 0 ? columns[i].field : PING_FIELDS;
}

/* Traccar counts in knots, and says so nowhere. */
static bool is_of_traccar(const char *name)
{
    char folded[NAME_LONGEST];

    fold(name, folded);
    return strcmp(folded, "fixtime") == 0 || strcmp(folded, "attributes") == 0;
}

bool ping_columns_find(const char *const *names, size_t n, struct ping_columns *out)
{
    size_t best[PING_FIELDS];
    double speed = 0;
    bool knots = false;

    for (size_t i = 0; i < PING_FIELDS; i++) {
        best[i] = COLUMNS;
        out->place[i] = -1;
    }
    for (size_t i = 0; i < n; i++) {
        double unit = 0;
        size_t row = find(names[i], &unit);

        knots = knots || is_of_traccar(names[i]);
        if (row == COLUMNS || row >= best[columns[row].field])
            continue;
        best[columns[row].field] = row;
        out->place[columns[row].field] = (int)i;
        if (columns[row].field == ROW_SPEED)
            speed = unit;
    }
    out->speed_unit = speed > 0 ? speed : knots ? READING_KNOT : 1;
    out->foreign_device = best[ROW_DEVICE_ID] != 0; // "device" is the first of all
    return out->place[ROW_LAT] >= 0 && out->place[ROW_LON] >= 0;
}
