/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/csv_line.h"

#include <string.h>

static bool is_blank(char letter, char delimiter)
{
    return letter != delimiter && (letter == ' ' || letter == '\t');
}

static bool ends_line(char letter)
{
    return letter == '\n' || letter == '\r';
}

static const char *skip_blanks(const char *at, const char *end, char delimiter)
{
    while (at < end && is_blank(*at, delimiter))
        at++;
    return at;
}

/* Behind the quotes that begin at `at`, and blanks; NULL when they are none that end. */
static const char *skip_quotes(const char *at, const char *end, char delimiter)
{
    for (at++; at < end; at++) {
        if (*at != '"')
            continue;
        if (at + 1 == end || at[1] != '"') {
            at = skip_blanks(at + 1, end, delimiter);
            return at == end || *at == delimiter || ends_line(*at) ? at : NULL;
        }
        at++;
    }
    return NULL;
}

/* Where the line ends that begins at `at`. */
static const char *line_end(const char *at, const char *end, char delimiter)
{
    const char *far = end - at < CSV_LINE_MAX ? end : at + CSV_LINE_MAX;

    for (bool begins = true; at < end && !ends_line(*at);) {
        const char *field = begins ? skip_blanks(at, end, delimiter) : at;
        const char *behind =
            begins && field < end && *field == '"' ? skip_quotes(field, far, delimiter) : NULL;

        begins = behind == NULL && *at == delimiter;
        at = behind != NULL ? behind : at + 1;
    }
    return at;
}

/* The text in the quotes that begin at `at`, and end, to where they begin. */
static void unquote(char *at)
{
    char *to = at;

    // To the quote that skip_quotes() found.
    for (at++; !(at[0] == '"' && at[1] != '"'); at++) {
        at += *at == '"'; // two stand for one
        *to++ = *at;
    }
    *to = '\0';
}

/* One field of the text at `at`, which ends at `end`; behind it, at a delimiter or the end. */
static char *cut(char *at, char *end, char delimiter, const char **out)
{
    const char ends[] = { delimiter, '\0' };
    const char *behind;
    char *last;

    while (is_blank(*at, delimiter)) // blanks alone: the NUL is none
        at++;
    *out = at;
    behind = *at == '"' ? skip_quotes(at, end, delimiter) : NULL;
    if (behind != NULL) {
        unquote(at);
        return at + (behind - at);
    }
    at += strcspn(at, ends);
    for (last = at; last > *out && is_blank(last[-1], delimiter); last--)
        ;
    if (last < at)
        *last = '\0';
    return at;
}

bool csv_line_next(const char **at, const char *end, char delimiter, struct csv_line *line)
{
    const char *stop = line_end(*at, end, delimiter);
    size_t length = (size_t)(stop - *at);
    char *text = line->text;

    if (*at == end)
        return false;
    line->n = 0;
    if (length < sizeof line->text && memchr(*at, '\0', length) == NULL) {
        memcpy(text, *at, length);
        text[length] = '\0';
        for (bool more = true; more && line->n < CSV_COLUMNS_MAX;) {
            text = cut(text, line->text + length, delimiter, &line->fields[line->n++]);
            more = *text == delimiter;
            if (more)
                *text++ = '\0';
        }
    }
    *at = stop < end && *stop == '\r' ? stop + 1 : stop;
    *at = *at < end && **at == '\n' ? *at + 1 : *at;
    return true;
}

bool csv_line_is_blank(const struct csv_line *line)
{
    for (size_t i = 0; i < line->n; i++) {
        if (line->fields[i][0] != '\0')
            return false;
    }
    return line->n > 0;
}
