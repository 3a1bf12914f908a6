/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping_csv.h"

#include "adapter/ping_row.h"

#include <string.h>

/* One line, cut into fields where it lies. */
struct line {
    char text[PING_CSV_LINE_MAX];
    const char *fields[PING_CSV_COLUMNS_MAX];
    size_t n;
};

/* The field at `at` without its quotes; returns the place after it, a comma or the end. */
static char *cut(char *at, const char **out)
{
    char *to = at;

    *out = at;
    if (*at != '"')
        return at + strcspn(at, ",");
    for (at++; *at != '\0' && !(at[0] == '"' && at[1] != '"'); at++) {
        at += *at == '"'; // two stand for one
        *to++ = *at;
    }
    at += *at == '"';
    if (to < at)
        *to = '\0';
    return at + strcspn(at, ",");
}

/* The next line of the body; false at its end. Too long or with a NUL, it has no fields. */
static bool next(const char **at, const char *end, struct line *line)
{
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    size_t length = (size_t)((stop ? stop : end) - *at);
    char *text = line->text;

    if (*at == end)
        return false;
    line->n = 0;
    if (length < sizeof line->text && memchr(*at, '\0', length) == NULL) {
        memcpy(text, *at, length);
        text[length] = '\0';
        text[strcspn(text, "\r")] = '\0';
        for (bool more = true; more && line->n < PING_CSV_COLUMNS_MAX; text++) {
            text = cut(text, &line->fields[line->n++]);
            more = *text == ',';
            *text = '\0';
        }
    }
    *at = stop ? stop + 1 : end;
    return true;
}

static bool is_blank(const struct line *line)
{
    return line->n == 1 && line->fields[0][0] == '\0';
}

bool ping_csv_read(const struct ping_body *body, ping_taker *take, void *arg, struct fault *why)
{
    const char *at = body->bytes, *end = body->bytes + body->n;
    enum ping_field columns[PING_CSV_COLUMNS_MAX];
    struct fault refused;
    struct line line;
    size_t index = 0, n_columns;
    bool known = false;

    if (!next(&at, end, &line) || line.n == 0)
        return fault_set(why, "no line of names like device,time,lat,lon,accuracy");
    n_columns = line.n;
    for (size_t i = 0; i < n_columns; i++) {
        columns[i] = ping_row_field(line.fields[i]);
        known = known || columns[i] == ROW_LAT;
    }
    if (!known)
        return fault_set(why, "no line of names like device,time,lat,lon,accuracy");
    while (next(&at, end, &line)) {
        struct ping_row row = { .value = { body->names[0] } };
        struct ping ping;

        if (is_blank(&line))
            continue;
        for (size_t i = 0; i < line.n && i < n_columns; i++) {
            if (columns[i] != PING_FIELDS)
                row.value[columns[i]] = line.fields[i];
        }
        if (ping_row_read(&row, &ping, &refused))
            take(&ping, index++, NULL, arg);
        else
            take(NULL, index++, refused.text, arg);
    }
    return true;
}
