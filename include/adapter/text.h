/* SPDX-License-Identifier: Apache-2.0 */
/* text.h - what people wrote, before it goes into JSON or onto a terminal. */
#ifndef ADAPTER_TEXT_H
#define ADAPTER_TEXT_H

#include "core/fault.h"

#include <stddef.h>

enum { TEXT_LONGEST = 4096 };

/* UTF-8 of at most TEXT_LONGEST bytes, without control characters; else says why not. */
bool text_is_clean(const char *text, struct fault *why);

/*
 * Copies `text` so that it can always be printed: bytes that are no UTF-8 become `?`, and what is
 * too long for `room` bytes (4 at least) with the zero is cut between two characters and ends with
 * `…`. Returns `out`.
 */
char *text_fit(const char *text, char *out, size_t room);

#endif
