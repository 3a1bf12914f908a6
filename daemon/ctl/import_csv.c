/* SPDX-License-Identifier: Apache-2.0 */
/* import_csv.c - a table with a line of names; a row is a zone, or an order without one. */
#include "ctl/import_readers.h"

#include "adapter/lead.h"
#include "adapter/ping/csv_line.h"
#include "adapter/print.h"
#include "ctl/meter.h"
#include "ctl/projection.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LAT = ORDER_KEYS, LON, EAST, NORTH, NAME, TIMES, COLUMNS, NOT_TAKEN };

static const struct alias {
    const char *name;
    size_t column;
} aliases[] = {
    { "order", 0 },   { "lat", LAT },       { "latitude", LAT }, { "lon", LON },
    { "lng", LON },   { "longitude", LON }, { "easting", EAST }, { "northing", NORTH },
    { "name", NAME }, { "times", TIMES },
};

/* Which column each field of a line is. */
struct table {
    size_t is[CSV_COLUMNS_MAX], n;
};

static size_t find_column(const char *name)
{
    size_t key = order_key_find(name);

    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
        if (strcasecmp(aliases[i].name, name) == 0)
            return aliases[i].column;
    }
    return key < ORDER_KEYS && strcmp(order_keys[key].name, "geojson") != 0 ? key : NOT_TAKEN;
}

/* The names; what is none of them is told, so that nobody thinks it was taken. */
static bool read_names(const struct csv_line *line, struct table *out, struct fault *why)
{
    bool seen[COLUMNS] = { false }, places = false, has_order = false;

    if (line->n == CSV_COLUMNS_MAX)
        return fault_set(why, "line 1: %d columns or more are not read", CSV_COLUMNS_MAX);
    out->n = line->n;
    for (size_t i = 0; i < line->n; i++)
        has_order |= strcasecmp(line->fields[i], "order") == 0;
    for (size_t i = 0; i < line->n; i++) {
        size_t is = find_column(line->fields[i]);

        if (has_order && strcasecmp(line->fields[i], "id") == 0)
            is = NOT_TAKEN; // QGIS numbers features so
        out->is[i] = is;

        if (is == NOT_TAKEN)
            print_line(stderr, "breachctl: column %zu, %s, is not taken", i + 1, line->fields[i]);
        else if (seen[is])
            return fault_set(why, "line 1: two columns are called %.60s", line->fields[i]);
        else
            seen[is] = true;
        places |= is != NOT_TAKEN;
    }
    return places || fault_set(why, "line 1: names no column that is known: order, zone, "
                                    "respondent, devices, from, lat, lon, radius, wkt and others");
}

/* Whether a pair of columns says a place; false with the reason when only half of it is there. */
static bool has_pair(const char *const fields[COLUMNS], size_t one, size_t other, const char *names,
                     bool *out, struct fault *why)
{
    *out = fields[one] != NULL && fields[other] != NULL;
    return (fields[one] != NULL) == (fields[other] != NULL) ||
           fault_set(why, "%s go together", names);
}

/* `lat, lon`, of degrees as they are written or of the grid; only one of them may say it. */
static bool find_centre(struct import_rows *import, const char *const fields[COLUMNS], char out[64],
                        struct fault *why)
{
    bool degrees, grid, centre = fields[order_key_find("centre")] != NULL;
    struct lonlat at;

    out[0] = '\0';
    if (!has_pair(fields, LAT, LON, "lat and lon", &degrees, why) ||
        !has_pair(fields, EAST, NORTH, "easting and northing", &grid, why))
        return false;
    if (degrees + grid + centre > 1)
        return fault_set(why, "says where it lies %s: leave one in",
                         centre ? "by centre and by other columns"
                                : "by lat, lon and by easting, northing");
    if (degrees)
        snprintf(out, 64, "%.30s, %.30s", fields[LAT], fields[LON]);
    if (!grid)
        return true;
    if (!import_rows_place(import, PROJECTION_GRID, strtod(fields[EAST], NULL),
                           strtod(fields[NORTH], NULL), &at, why))
        return false;
    snprintf(out, 64, "%.7f, %.7f", at.lat, at.lon);
    return true;
}

/* Where each field belongs; a value behind the last name may be the end of any before it. */
static bool sort_fields(const struct table *table, const struct csv_line *line,
                        const char *fields[COLUMNS], struct fault *why)
{
    for (size_t i = 0; i < line->n; i++) {
        if (line->fields[i][0] == '\0')
            continue;
        if (i >= table->n)
            return fault_set(why,
                             "has %zu fields, and line 1 names %zu: a value with the delimiter "
                             "in it stands in quotes",
                             line->n, table->n);
        if (table->is[i] != NOT_TAKEN)
            fields[table->is[i]] = line->fields[i];
    }
    return true;
}

static bool take_line(struct import_rows *import, const struct table *table,
                      const struct csv_line *line, size_t nth, struct fault *why)
{
    const char *fields[COLUMNS] = { NULL };
    struct import_row row = { .nth = nth };
    size_t centre = order_key_find("centre"), wkt = order_key_find("wkt");
    char place[64], *shape = NULL;
    struct fault cause;
    bool ok;

    if (!sort_fields(table, line, fields, &cause))
        return fault_set(why, "line %zu: %.400s", nth, cause.text);
    memcpy(row.values, fields, sizeof row.values);
    row.name = fields[NAME];
    row.times = fields[TIMES];
    ok = find_centre(import, fields, place, &cause);
    if (ok && place[0] != '\0')
        row.values[centre] = place;
    if (ok && fields[wkt] != NULL) {
        row.values[wkt] = shape = import_wkt(import, fields[wkt], &cause);
        ok = shape != NULL;
    }
    ok = ok ? import_rows_put(import, &row, why)
            : fault_set(why, "line %zu: %.400s", nth, cause.text);
    free(shape);
    return ok;
}

/* The one of those that the line of names has most. */
static char find_delimiter(const char *text)
{
    static const char candidates[] = ",;\t";
    size_t most = 0, length = strcspn(text, "\r\n");
    char best = ',';

    for (const char *at = candidates; *at != '\0'; at++) {
        size_t n = 0;

        for (size_t i = 0; i < length; i++)
            n += text[i] == *at;
        if (n > most)
            best = *at;
        most = n > most ? n : most;
    }
    return best;
}

/* Of a line that was not cut into fields: it began at `at`, and `end` is behind it. */
static bool refuse_line(const char *at, const char *end, size_t nth, struct fault *why)
{
    if (memchr(at, '\0', (size_t)(end - at)) != NULL)
        return fault_set(why, "line %zu: holds a NUL: no text", nth);
    return fault_set(why, "line %zu: longer than %d bytes: give large shapes as GeoJSON", nth,
                     CSV_LINE_MAX);
}

/* The next line, and which it is; false at the end, or with *ok false one that cannot be read. */
static bool next_line(const char **text, const char *end, char delimiter, struct csv_line *line,
                      size_t *nth, bool *ok, struct fault *why)
{
    const char *at = *text;

    if (!*ok || !csv_line_next(text, end, delimiter, line))
        return false;
    ++*nth;
    if (line->n == 0)
        *ok = refuse_line(at, *text, *nth, why);
    return *ok;
}

/* All lines behind that of the names, which was the first. */
static bool take_lines(struct import_rows *import, const struct table *table, char delimiter,
                       const char *text, const char *end, struct csv_line *line, struct fault *why)
{
    const char *begin = text;
    struct meter meter;
    size_t nth = 1;
    bool ok = true;

    meter_begin(&meter, "import, reading", (uint64_t)(end - text));
    import->meter = &meter;
    while (next_line(&text, end, delimiter, line, &nth, &ok, why)) {
        if (!csv_line_is_blank(line))
            ok = take_line(import, table, line, nth, why);
        meter_at(&meter, (uint64_t)(text - begin));
    }
    import->meter = NULL;
    meter_end(&meter);
    return ok;
}

bool import_csv(struct import_rows *import, const char *text, size_t n, struct fault *why)
{
    struct csv_line *line = calloc(1, sizeof *line);
    const char *end;
    struct table table;
    size_t nth = 0;
    char delimiter;
    bool ok = line != NULL || fault_set(why, FAULT_MEMORY);

    ok = ok && lead_skip(&text, &n, why);
    end = text + n;
    delimiter = ok ? find_delimiter(text) : ',';
    import->each = "line";
    if (!next_line(&text, end, delimiter, line, &nth, &ok, why))
        ok = ok && fault_set(why, "the table is empty");
    ok = ok && read_names(line, &table, why) &&
         take_lines(import, &table, delimiter, text, end, line, why);
    free(line);
    return ok;
}
