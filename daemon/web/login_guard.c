/* SPDX-License-Identifier: Apache-2.0 */
#include "web/login_guard.h"

/* FNV-1a. Names that meet in one number share their failures: no more is lost than a turn. */
static uint64_t key_of(const char *name)
{
    uint64_t key = UINT64_C(0xcbf29ce484222325);

    for (; *name != '\0'; name++)
        key = (key ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
    return key | (key == 0);
}

uint64_t login_guard_network(uint64_t address)
{
    return address >> 32 == 1 ? address & ~UINT64_C(0xff) : address & ~UINT64_C(0xffff);
}

/* By a name alone nobody comes late: else whoever fails with it often keeps its owner out. */
enum login_chance login_guard_chance(const struct login_guard *guard, uint64_t address,
                                     const char *name, struct tick now)
{
    bool from = auth_failures_now(&guard->addresses, address, now) >= AUTH_FAILURES_MAX;
    bool whose = auth_failures_now(&guard->names, key_of(name), now) >= AUTH_FAILURES_MAX;
    bool near = auth_failures_now(&guard->networks, login_guard_network(address), now) >=
                LOGIN_NETWORK_FAILURES_MAX;

    if (from && whose)
        return LOGIN_NONE;
    return from || near ? LOGIN_LATE : LOGIN_FAIR;
}

bool login_guard_failed(struct login_guard *guard, uint64_t address, const char *name,
                        struct tick now)
{
    auth_failures_add(&guard->names, key_of(name), now);
    auth_failures_add(&guard->networks, login_guard_network(address), now);
    return auth_failures_add(&guard->addresses, address, now) > AUTH_FAILURES_MAX;
}

bool login_guard_may_begin(struct login_guard *guard, const char *name, struct tick now)
{
    if (auth_failures_now(&guard->begun, key_of(name), now) >= LOGIN_BEGUN_MAX)
        return false;
    auth_failures_add(&guard->begun, key_of(name), now);
    return true;
}
