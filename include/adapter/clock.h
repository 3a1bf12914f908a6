/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock.h - the only reader of clocks. Our time is counted by the kernel from when the clock on the
 * wall was last believed, so that nothing jumps with it. For the loop's thread alone.
 */
#ifndef ADAPTER_CLOCK_H
#define ADAPTER_CLOCK_H

#include "core/skew.h"

struct utc clock_utc(void);
struct tick clock_tick(void);
int64_t clock_us(void); /* the same in microseconds */

/* Compares with the clock on the wall: once a second. `out_ms`: it is so far ahead of us. */
enum skew_news clock_look(int64_t *out_ms);

/* A ping that has just come says that it is `said`. */
void clock_hear(struct utc said);

/* So far is the clock on the wall ahead while it is not believed, in ms; 0 while it is. */
int64_t clock_apart(void);

#endif
