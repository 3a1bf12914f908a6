/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/clock.h"

#include <time.h>

static int64_t read_ms(clockid_t which)
{
    struct timespec now;

    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct utc clock_utc(void)
{
    return (struct utc){ read_ms(CLOCK_REALTIME) };
}

struct tick clock_tick(void)
{
    return (struct tick){ read_ms(CLOCK_MONOTONIC) };
}
