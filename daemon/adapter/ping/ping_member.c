/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/ping_member.h"

#include <stdbool.h>
#include <string.h>

#define NAMED(text)                                                                                \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

static const struct name {
    const char *text;
    size_t n;
} names[PING_MEMBERS] = {
    [PING_DEVICE] = NAMED("device"),     [PING_TIME] = NAMED("time"),
    [PING_LAT] = NAMED("lat"),           [PING_LON] = NAMED("lon"),
    [PING_ACCURACY] = NAMED("accuracy"), [PING_SPEED] = NAMED("speed"),
    [PING_COURSE] = NAMED("course"),     [PING_BATTERY] = NAMED("battery"),
    [PING_SOURCE] = NAMED("source"),     [PING_TAMPER] = NAMED("tamper"),
    [PING_SEQ] = NAMED("seq"),           [PING_FIX] = NAMED("fix"),
    [PING_ALARM] = NAMED("alarm"),
};

const char *ping_member_name(enum ping_member member)
{
    return names[member].text;
}

static bool is_named(int member, const char *name, size_t n)
{
    return names[member].n == n && memcmp(names[member].text, name, n) == 0;
}

enum ping_member ping_member_find(const char *name, size_t n, enum ping_member from)
{
    for (int member = (int)from; member < PING_MEMBERS; member++) {
        if (is_named(member, name, n))
            return (enum ping_member)member;
    }
    for (int member = 0; member < (int)from; member++) {
        if (is_named(member, name, n))
            return (enum ping_member)member;
    }
    return PING_MEMBERS;
}
