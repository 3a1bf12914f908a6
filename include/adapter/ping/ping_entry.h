/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ping_entry.h - an entry of a Redis stream as a checked ping: a field `ping` with the JSON of
 * CONTRACT 4, or flat fields of the same names, which need no JSON. Pure.
 */
#ifndef ADAPTER_PING_PING_ENTRY_H
#define ADAPTER_PING_PING_ENTRY_H

#include "core/fault.h"
#include "core/ping.h"

#include <stddef.h>

/* Borrowed; a NUL stands behind its `n` bytes. */
struct entry_text {
    const char *text;
    size_t n;
};

/*
 * Of `n` texts, names and values by turns. The same is refused, in the same words, as by ping_json;
 * as flat fields have no types, a number is what reads as one to its end, tamper is true, false, 1
 * or 0, and an empty value is as good as none. A known field twice is refused. Beside `ping` no
 * other field is looked at. Of what is refused the device alone counts, "" where it was not read.
 */
bool ping_entry_read(const struct entry_text *texts, size_t n, struct ping *out, struct fault *why);

#endif
