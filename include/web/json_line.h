/* SPDX-License-Identifier: Apache-2.0 */
/* json_line.h - JSON that others wrote, before it goes to a browser; and JSON of ours. */
#ifndef WEB_JSON_LINE_H
#define WEB_JSON_LINE_H

#include "core/fault.h"

#include <jansson.h>
#include <stddef.h>

enum { JSON_LINE_MAX = 64 * 1024 /* bytes of one object */ };

/*
 * Makes one line of the bytes of a JSON object, as they stand: only line ends between its tokens
 * become blanks, so that none of them ends a line of text/event-stream. False when it is no object,
 * no UTF-8, or longer. `bytes` may be written to.
 */
bool json_line_check(char *bytes, size_t n);

/*
 * A copy of such an object that tells no place: without the members lat and lon, wherever they
 * stand. Without them to begin with it is as the bytes are; else numbers keep 15 digits. The caller
 * frees. NULL: it is none, or memory is out.
 */
char *json_line_placeless(const char *bytes, size_t n);

/* {"error":"…"}; the caller frees, NULL when memory is out. */
char *json_line_error(const char *why);

/* Compact, and takes `json` (NULL is fine); the caller frees, NULL when memory is out. */
char *json_line_print(json_t *json);

/*
 * A text of a request, "" when it is absent or null. False: it is another type, or longer than
 * `most` bytes, or has control characters; *out is borrowed.
 */
bool json_line_text(const json_t *object, const char *name, size_t most, const char **out,
                    struct fault *why);

#endif
