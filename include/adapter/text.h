/* SPDX-License-Identifier: Apache-2.0 */
/* text.h - what people wrote, before it goes into JSON or onto a terminal. */
#ifndef ADAPTER_TEXT_H
#define ADAPTER_TEXT_H

#include "core/fault.h"

#include <stddef.h>

enum { TEXT_LONGEST = 4096 };

/* UTF-8 of at most TEXT_LONGEST bytes, without control characters; else says why not. */
bool text_is_clean(const char *text, struct fault *why);

/* An escape at its longest, that of a character over U+FFFF, and the NUL behind it. */
enum { TEXT_ESCAPE_MAX = sizeof "\\uDB40\\uDC01" };

/*
 * Any bytes as UTF-8 that a terminal or a log shows and does not obey: into `out`, never more than
 * `room` of them with the NUL, whole characters and whole escapes. Returns how many of the `n`
 * bytes were taken: fewer than all when the rest does not fit; at least one when room is
 * TEXT_ESCAPE_MAX.
 *
 * Written as JSON writes them, `\u009B` or `\uDB40\uDC01`, are control characters (C0 with line
 * ends and NUL, DEL, C1), the separators U+2028 and U+2029, and what Unicode calls default
 * ignorable: bidirectional controls, zero-width and format characters, fillers, tags, variation
 * selectors. A byte that is no UTF-8 becomes `\x9B`. A backslash stays as it is, so what was
 * escaped is not escaped again, and compact JSON stays JSON and means the same.
 */
size_t text_escape(const char *bytes, size_t n, char *out, size_t room);
/*
 * Copies `text` so that it can always be printed: bytes that are no UTF-8 become `?`, and what is
 * too long for `room` bytes (4 at least) with the zero is cut between two characters and ends with
 * `…`. Returns `out`.
 */
char *text_fit(const char *text, char *out, size_t room);

#endif
