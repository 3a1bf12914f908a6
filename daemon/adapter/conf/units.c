/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/conf/units.h"

#include "core/projected.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct suffix {
    enum unit_kind kind;
    const char *text;
    double factor;
} suffixes[] = {
    { UNIT_COUNT, "", 1 },
    { UNIT_DURATION, "ms", 1 },
    { UNIT_DURATION, "s", 1000 },
    { UNIT_DURATION, "m", 60000 },
    { UNIT_DURATION, "h", 3600000 },
    { UNIT_DURATION, "d", 86400000 },
    { UNIT_DISTANCE, "m", 1 },
    { UNIT_DISTANCE, "km", 1000 },
    { UNIT_SPEED, "m/s", 1 },
    { UNIT_SIZE, "B", 1 },
    { UNIT_SIZE, "KiB", 1024 },
    { UNIT_SIZE, "MiB", 1024 * 1024 },
    { UNIT_SIZE, "GiB", 1024.0 * 1024 * 1024 },
    { UNIT_SHARE, "%", 0.01 },
    { UNIT_PERCENT, "", 1 },
    { UNIT_PERCENT, "%", 1 },
};

static const char *wanted(enum unit_kind kind)
{
    switch (kind) {
    case UNIT_COUNT:
        return "a whole number";
    case UNIT_DURATION:
        return "a duration like 15s, 5m, 2h or 28d";
    case UNIT_DISTANCE:
        return "a distance like 200 m or 1.5 km";
    case UNIT_SPEED:
        return "a speed like 0.5 m/s";
    case UNIT_SIZE:
        return "a size like 64 KiB or 1 MiB";
    case UNIT_SHARE:
        return "a share like 80 %";
    case UNIT_PERCENT:
        return "a percentage like 95";
    }
    return NULL;
}

static const struct suffix *find_suffix(enum unit_kind kind, const char *text)
{
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (suffixes[i].kind == kind && strcmp(suffixes[i].text, text) == 0)
            return &suffixes[i];
    }
    return NULL;
}

static char *print_in(const struct suffix *suffix, double value, char text[UNIT_TEXT_MAX])
{
    // cppcheck-suppress nullPointer ; each kind has suffixes
    bool apart = suffix->kind != UNIT_DURATION && suffix->kind != UNIT_COUNT;

    snprintf(text, UNIT_TEXT_MAX, "%.10g%s%s", value / suffix->factor, apart ? " " : "",
             suffix->text);
    return text;
}

/* In the largest unit that keeps it whole, or nearly. */
static const char *print_value(enum unit_kind kind, double value, char text[UNIT_TEXT_MAX])
{
    const struct suffix *best = NULL;

    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        const struct suffix *suffix = &suffixes[i];

        if (suffix->kind == kind && (best == NULL || value >= suffix->factor))
            best = suffix;
    }
    return print_in(best, value, text);
}

char *unit_print(enum unit_kind kind, double value, char text[UNIT_TEXT_MAX])
{
    const struct suffix *best = NULL;

    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        const struct suffix *suffix = &suffixes[i];

        if (suffix->kind == kind && (best == NULL || fmod(value, suffix->factor) == 0))
            best = suffix;
    }
    // Nothing is whole in every unit.
    return print_in(value == 0 && kind == UNIT_DURATION ? find_suffix(kind, "s") : best, value,
                    text);
}

/* Digits with at most one point: no sign, no exponent, no "nan", as strtod would also take. */
static size_t number_length(const char *text)
{
    size_t whole = strspn(text, "0123456789");

    return text[whole] == '.' ? whole + 1 + strspn(text + whole + 1, "0123456789") : whole;
}

bool unit_parse(enum unit_kind kind, const char *text, double low, double high, double *out,
                struct fault *why)
{
    size_t n = number_length(text);
    const struct suffix *suffix = find_suffix(kind, text + n + strspn(text + n, " \t"));
    char low_text[UNIT_TEXT_MAX], high_text[UNIT_TEXT_MAX];
    double value;

    if (strcspn(text, "0123456789") >= n || n > 20 || suffix == NULL)
        return fault_set(why, "\"%.40s\" is not %s", text, wanted(kind));
    value = strtod(text, NULL) * suffix->factor;
    if (kind == UNIT_COUNT && value != floor(value))
        return fault_set(why, "\"%.40s\" is not %s", text, wanted(kind));
    // 99.9 times 0.01 is a little more than 0.999: the limit itself is within it.
    if (value > high && value <= high * (1 + 1e-12))
        value = high;
    if (!(value >= low && value <= high))
        return fault_set(why, "%.40s is outside %s..%s", text, print_value(kind, low, low_text),
                         print_value(kind, high, high_text));
    *out = value;
    return true;
}

bool latlon_parse(const char *text, struct lonlat *out, struct fault *why)
{
    double lat, lon;
    int read = 0;

    if (sscanf(text, "%lf , %lf %n", &lat, &lon, &read) != 2 || text[read] != '\0' ||
        !isfinite(lat) || !isfinite(lon)) {
        fault_set(why, "not like `51.56844, 0.45782` (latitude, longitude)");
        return fault_add_secret(why, " (\"%.60s\")", text);
    }
    if (!projected_not(&(struct lonlat_box){ { lat, lon }, { lat, lon } }, why)) // as it stands
        return false;
    if (fabs(lat) > 90) {
        fault_set(why, "latitude is outside -90..90%s",
                  fabs(lon) <= 90 && fabs(lat) <= 180 ? ": swapped with longitude?" : "");
        return fault_add_secret(why, " (%g)", lat);
    }
    if (fabs(lon) > 180) {
        fault_set(why, "longitude is outside -180..180");
        return fault_add_secret(why, " (%g)", lon);
    }
    *out = (struct lonlat){ lon, lat };
    return true;
}
