/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/ping_member.h"

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

enum ping_member ping_member_find(const char *name, size_t n, enum ping_member from)
{
    for (int i = 0; i < PING_MEMBERS; i++) {
        int member = ((int)from + i) % PING_MEMBERS;

        if (names[member].n == n && memcmp(names[member].text, name, n) == 0)
            return (enum ping_member)member;
    }
    return PING_MEMBERS;
}
