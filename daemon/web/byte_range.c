/* SPDX-License-Identifier: Apache-2.0 */
#include "web/byte_range.h"

#include <stdbool.h>
#include <string.h>

enum { DIGITS_MAX = 18 }; // no more than fit

/* A number of 1..DIGITS_MAX digits; false: there is none. */
static bool read_number(const char **at, uint64_t *out)
{
    size_t n = strspn(*at, "0123456789");

    *out = 0;
    for (size_t i = 0; i < n && n <= DIGITS_MAX; i++)
        *out = 10 * *out + (uint64_t)((*at)[i] - '0');
    *at += n;
    return n > 0 && n <= DIGITS_MAX;
}

/* "N-M", "N-", "-N"; `last` is the last byte. False: it is none of these. */
static bool read_range(const char *at, uint64_t size, uint64_t *from, uint64_t *last)
{
    bool has_from = read_number(&at, from), has_last;

    if (*at++ != '-')
        return false;
    has_last = read_number(&at, last);
    if (*at != '\0' || (!has_from && !has_last) || (has_from && has_last && *last < *from))
        return false;
    if (!has_from) { // the last so many
        *from = *last == 0 ? size : *last < size ? size - *last : 0;
        *last = size - 1;
    } else if (!has_last || *last >= size) {
        *last = size - 1;
    }
    return true;
}

enum byte_range_is byte_range_read(const char *header, uint64_t size, uint64_t most,
                                   uint64_t *out_from, uint64_t *out_n)
{
    uint64_t from, last;

    if (header == NULL || strncmp(header, "bytes=", 6) != 0 || strchr(header, ',') != NULL ||
        !read_range(header + 6, size, &from, &last))
        return RANGE_ALL;
    if (size == 0 || from >= size)
        return RANGE_NONE;
    *out_from = from;
    *out_n = last - from + 1 < most ? last - from + 1 : most;
    return RANGE_PART;
}
