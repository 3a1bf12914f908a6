/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/ping_csv.h"

#include "adapter/lead.h"
#include "adapter/ping/csv_line.h"
#include "adapter/ping/ping_columns.h"
#include "adapter/ping/reading.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { VALUE_MAX = 64 };

static const double gps_began = 315964800; // 1980-01-06

/* A file, and how it is to be read. */
struct table {
    const char *at, *end;
    const char *device; // of the body; NULL: none
    char delimiter;
    struct ping_columns columns;
    struct csv_line line; // the newest
};

/* A line's members as breachd spells them. */
struct spelled {
    struct ping_row row;
    char text[PING_FIELDS][VALUE_MAX];
};

/* ---- the line of names ---- */

/* Excel's line `sep=;` is skipped: the delimiter is found by the names of columns. */
static void skip_separator(struct table *table)
{
    const char *at = table->at;

    if (table->end - at >= 5 && strncasecmp(at, "sep=", 4) == 0)
        csv_line_next(&table->at, table->end, '\n', &table->line);
}

static bool find_columns(struct table *table, struct fault *why)
{
    static const char delimiters[] = ",;\t|";
    struct csv_line *line = &table->line;

    skip_separator(table);
    for (size_t i = 0; i < sizeof delimiters - 1; i++) {
        const char *at = table->at;

        table->delimiter = delimiters[i];
        while (csv_line_next(&at, table->end, table->delimiter, line)) { // a line each turn
            if (!csv_line_is_blank(line))
                break;
        }
        if (ping_columns_find(line->fields, line->n, &table->columns)) {
            table->at = at;
            return true;
        }
    }
    return fault_set(why, "no line of names like device,time,lat,lon,accuracy");
}

/* ---- a line of values ---- */

static const char *field_of(const struct table *table, enum ping_field field)
{
    int place = table->columns.place[field];
    const char *text = place >= 0 && (size_t)place < table->line.n ? table->line.fields[place] : "";

    return strcmp(text, "NA") == 0 ? "" : text; // as R writes it
}

static void replace(char *text, char from, char to)
{
    for (; *text != '\0'; text++)
        *text = *text == from ? to : *text;
}

/* A value too long for a number or a time is none; the device's is the reader's to refuse. */
static void spell(const struct table *table, struct spelled *out)
{
    bool comma = strchr(field_of(table, ROW_LAT), ',') != NULL ||
                 strchr(field_of(table, ROW_LON), ',') != NULL;

    for (int field = ROW_TIME; field < PING_FIELDS; field++) {
        const char *text = field_of(table, field);

        if ((size_t)snprintf(out->text[field], VALUE_MAX, "%s", text) >= VALUE_MAX)
            strcpy(out->text[field], "?");
        if (comma || field == ROW_TIME)
            replace(out->text[field], ',', '.');
        out->row.value[field] = out->text[field];
    }
    out->row.value[ROW_DEVICE_ID] = table->device != NULL && table->columns.foreign_device
                                        ? table->device
                                        : field_of(table, ROW_DEVICE_ID);
    out->row.speed_unit = table->columns.speed_unit;
}

/* 2020/06/23, and UTC behind it, which is meant anyway. */
static void spell_date(char *text)
{
    size_t n = strlen(text);

    if (n >= 10 && text[4] == '/' && text[7] == '/')
        text[4] = text[7] = '-';
    if (n > 4 && strcmp(text + n - 4, " UTC") == 0)
        text[n - 4] = '\0';
}

/* Date and time in two columns are one, unless the time is one by itself. */
static bool spell_time(struct spelled *spelled, struct fault *why)
{
    char *time = spelled->text[ROW_TIME], *date = spelled->text[ROW_DATE];
    char both[2 * VALUE_MAX];
    double number;

    spell_date(time);
    spell_date(date);
    if (time[0] == '\0')
        strcpy(time, date); // perhaps it is both
    if (reading_number(time, &number) && number < gps_began)
        return fault_set(why, "time: %.10g is neither seconds nor milliseconds since 1970", number);
    if (date[0] != '\0' && time[2] == ':' &&
        snprintf(both, sizeof both, "%sT%s", date, time) < VALUE_MAX)
        strcpy(time, both);
    return true;
}

static bool read_line(const struct table *table, struct ping *out, struct fault *why)
{
    struct spelled spelled = { 0 };

    spell(table, &spelled);
    return spell_time(&spelled, why) && ping_row_read(&spelled.row, out, why);
}

bool ping_csv_read(const struct ping_body *body, ping_taker *take, void *arg, struct fault *why)
{
    struct table table = { .at = body->bytes, .device = body->names[0] };
    size_t n = body->n, index = 0;
    struct fault refused;
    struct ping ping;

    if (!lead_skip(&table.at, &n, why))
        return false;
    table.end = table.at + n;
    if (!find_columns(&table, why))
        return false;
    while (csv_line_next(&table.at, table.end, table.delimiter, &table.line)) { // a line each turn
        if (csv_line_is_blank(&table.line))
            continue;
        if (read_line(&table, &ping, &refused))
            take(&ping, index++, NULL, arg);
        else
            take(NULL, index++, refused.text, arg);
    }
    return true;
}
