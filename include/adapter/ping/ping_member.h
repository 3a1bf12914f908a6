/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ping_member.h - the members of a ping by the names that CONTRACT 4 gives them, each once. Pure.
 */
#ifndef ADAPTER_PING_PING_MEMBER_H
#define ADAPTER_PING_PING_MEMBER_H

#include <stddef.h>

/* In the order that breachd's own senders keep. */
enum ping_member {
    PING_DEVICE,
    PING_TIME,
    PING_LAT,
    PING_LON,
    PING_ACCURACY,
    PING_SPEED,
    PING_COURSE,
    PING_BATTERY,
    PING_SOURCE,
    PING_TAMPER,
    PING_SEQ,
    PING_FIX,
    PING_ALARM,
    PING_MEMBERS
};

/* Its name, of a member below PING_MEMBERS. */
const char *ping_member_name(enum ping_member member);

/*
 * The member whose name are these `n` bytes, looked for from `from` on, as most senders keep one
 * order; PING_MEMBERS: there is none. `from` is a member or PING_MEMBERS.
 */
enum ping_member ping_member_find(const char *name, size_t n, enum ping_member from);

#endif
