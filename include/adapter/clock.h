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

/* The ledger has lived through `until`: see skew.h. To be followed by a look. */
void clock_lived(struct utc until);

/*
 * Compares with the clock on the wall, and asks the kernel whether that is synchronised: once a
 * second, and when it was set.
 */
struct skew_news clock_look(void);

/* A ping of that respondent has just come and says that it was made at `said`. */
void clock_hear(const char *respondent, struct utc said);

/* Whether a ping of his that looks old may be of now: see skew.h. */
bool clock_doubts(const char *respondent);

/* What is believed, and why. */
const struct skew *clock_skew(void);

/*
 * A descriptor that is readable when the clock on the wall has been set (timerfd_create(2),
 * TFD_TIMER_CANCEL_ON_SET), or -1; the caller closes it. When it is, clock_was_set is to be called,
 * and then clock_look.
 */
int clock_watch(void);
void clock_was_set(int watch);

#endif
