/* SPDX-License-Identifier: Apache-2.0 */
/* entry.h - fields of a stream's entry, written as `name=value` and parted by one character. */
#ifndef SUPPORT_ENTRY_H
#define SUPPORT_ENTRY_H

#include "adapter/ping/ping_entry.h"

enum { ENTRY_TEXTS_MAX = 128 };

/*
 * Cuts `text`, which has a NUL behind its `n` bytes, into names and values by turns; what has no
 * `=` is a name with an empty value. How many there are, at most ENTRY_TEXTS_MAX.
 */
static inline size_t entry_split(char *text, size_t n, char parting,
                                 struct entry_text out[ENTRY_TEXTS_MAX])
{
    size_t count = 0;

    for (size_t at = 0, end; at < n && count < ENTRY_TEXTS_MAX; at = end + 1) {
        size_t equals;

        for (end = at; end < n && text[end] != parting;)
            end++;
        for (equals = at; equals < end && text[equals] != '=';)
            equals++;
        text[end] = text[equals] = '\0';
        out[count++] = (struct entry_text){ text + at, equals - at };
        out[count++] = equals < end ? (struct entry_text){ text + equals + 1, end - equals - 1 }
                                    : (struct entry_text){ text + end, 0 };
    }
    return count;
}

#endif
