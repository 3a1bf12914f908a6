/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/clock.h"

#include <time.h>

static struct skew skew;

static int64_t read_ms(clockid_t which)
{
    struct timespec now;

    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Goes on while the machine sleeps, as the world does. */
static struct tick count(void)
{
    return (struct tick){ read_ms(CLOCK_BOOTTIME) };
}

struct utc clock_utc(void)
{
    int64_t apart;

    if (!skew.set)
        clock_look(&apart);
    return skew_utc(&skew, count());
}

struct tick clock_tick(void)
{
    return (struct tick){ read_ms(CLOCK_MONOTONIC) };
}

int64_t clock_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

enum skew_news clock_look(int64_t *out_ms)
{
    return skew_look(&skew, (struct utc){ read_ms(CLOCK_REALTIME) }, count(), out_ms);
}

void clock_hear(struct utc said)
{
    if (skew.apart != 0)
        skew_hear(&skew, said, count());
}

int64_t clock_apart(void)
{
    return skew.apart;
}
