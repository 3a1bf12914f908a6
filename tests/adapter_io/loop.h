/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop.h - the test's event loop, turned until something holds; PATIENCE_MS later the test fails.
 */
#ifndef ADAPTER_IO_LOOP_H
#define ADAPTER_IO_LOOP_H

#include "support/testbed.h"

#include <event2/event.h>

/* Turns the loop until `condition` holds. */
#define loop_until(base, condition) loop_until_within(base, PATIENCE_MS, condition)

/* The same for what no event of the loop tells of: looks every few ms. */
#define loop_poll(base, condition) loop_until_within(base, 5, condition)

#define loop_until_within(base, ms, condition)                                                     \
    do {                                                                                           \
        int64_t loop_end = now_ms() + PATIENCE_MS;                                                 \
        while (!(condition)) {                                                                     \
            if (now_ms() > loop_end)                                                               \
                fail_msg("waited in vain for: %s", #condition);                                    \
            loop_turn(base, now_ms() + (ms));                                                      \
        }                                                                                          \
    } while (0)

/* Turns the loop for so long: for what must not happen. */
void loop_for(struct event_base *base, int64_t ms);

/* One turn: waits for an event, at most until `deadline` of now_ms(). */
void loop_turn(struct event_base *base, int64_t deadline);

/*
 * The soonest of what waits for nothing but time: in how many ms it will happen (-1: there is
 * none), and making it happen now, so that no test waits ten seconds.
 */
int loop_timer_ms(struct event_base *base);
void loop_hurry(struct event_base *base);

#endif
