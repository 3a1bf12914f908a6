/* SPDX-License-Identifier: Apache-2.0 */
#include "loop.h"

#include <sys/time.h>

#include "support/test.h"

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    (void)arg; // the turn ends by itself
}

void loop_turn(struct event_base *base, int64_t deadline)
{
    int64_t left = deadline - now_ms();
    struct timeval wait = { left > 0 ? left / 1000 : 0, left > 0 ? left % 1000 * 1000 : 0 };
    struct event *timer = event_new(base, -1, 0, on_deadline, NULL);

    assert_non_null(timer);
    assert_int_equal(event_add(timer, &wait), 0);
    event_base_loop(base, EVLOOP_ONCE);
    event_free(timer);
}

void loop_for(struct event_base *base, int64_t ms)
{
    int64_t end = now_ms() + ms;

    while (now_ms() < end)
        loop_turn(base, end);
}

struct soonest {
    const struct event *timer; // NULL: none
    struct timeval at;
};

static int find_timer(const struct event_base *base, const struct event *candidate, void *arg)
{
    struct soonest *soonest = arg;
    struct timeval at;

    (void)base;
    if (event_get_fd(candidate) >= 0 || !event_pending(candidate, EV_TIMEOUT, &at))
        return 0;
    if (soonest->timer == NULL || evutil_timercmp(&at, &soonest->at, <))
        *soonest = (struct soonest){ candidate, at };
    return 0;
}

int loop_timer_ms(struct event_base *base)
{
    struct soonest soonest = { 0 };
    struct timeval now;

    event_base_foreach_event(base, find_timer, &soonest);
    if (soonest.timer == NULL)
        return -1;
    gettimeofday(&now, NULL);
    return (int)((soonest.at.tv_sec - now.tv_sec) * 1000 +
                 (soonest.at.tv_usec - now.tv_usec) / 1000);
}

void loop_hurry(struct event_base *base)
{
    struct soonest soonest = { 0 };
    union {
        const struct event *found;
        struct event *ours;
    } same;

    event_base_foreach_event(base, find_timer, &soonest);
    assert_non_null(soonest.timer);
    same.found = soonest.timer;
    event_active(same.ours, EV_TIMEOUT, 1);
}
