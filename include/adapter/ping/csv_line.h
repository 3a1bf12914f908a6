/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv_line.h - one line of a table after the other, cut into fields (RFC 4180, and others). Pure.
 */
#ifndef ADAPTER_PING_CSV_LINE_H
#define ADAPTER_PING_CSV_LINE_H

#include <stdbool.h>
#include <stddef.h>

enum { CSV_LINE_MAX = 4096, CSV_COLUMNS_MAX = 64 };

struct csv_line {
    char text[CSV_LINE_MAX];
    const char *fields[CSV_COLUMNS_MAX]; /* without quotes, and blanks around; more are not kept */
    size_t n;
};

/*
 * The next line from *at on, moved past; false at the end. It ends with CR, LF or both. A field in
 * quotes may hold the delimiter, line ends, and quotes doubled; quotes that do not end within
 * CSV_LINE_MAX bytes, at the end of their field, are letters like others. Too long, or with a NUL,
 * the line has no fields.
 */
bool csv_line_next(const char **at, const char *end, char delimiter, struct csv_line *line);

/* No field holds anything. */
bool csv_line_is_blank(const struct csv_line *line);

#endif
