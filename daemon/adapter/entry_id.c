/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/entry_id.h"

#include <stddef.h>

static bool read_number(const char **at, uint64_t *out)
{
    const char *begin = *at;
    uint64_t number = 0;

    for (; **at >= '0' && **at <= '9'; (*at)++) {
        unsigned digit = (unsigned)(**at - '0');

        if (number > (UINT64_MAX - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *out = number;
    return *at > begin;
}

bool entry_id_read(const char *text, struct entry_id *out)
{
    struct entry_id id;

    if (!read_number(&text, &id.ms) || *text++ != '-' || !read_number(&text, &id.seq) ||
        *text != '\0')
        return false;
    *out = id;
    return true;
}

bool entry_id_after(const char *text, const char *than)
{
    struct entry_id one, other;

    if (!entry_id_read(text, &one) || !entry_id_read(than, &other))
        return false;
    return one.ms > other.ms || (one.ms == other.ms && one.seq > other.seq);
}
