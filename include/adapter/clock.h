/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock.h - the only reader of clocks. Our time is counted by the kernel from when the clock on the
 * wall was last believed, so that nothing jumps with it. For the loop's thread alone.
 */
#ifndef ADAPTER_CLOCK_H
#define ADAPTER_CLOCK_H

#include "core/fault.h"
#include "core/skew.h"

struct utc clock_utc(void);
struct tick clock_tick(void);
int64_t clock_us(void); /* the same in microseconds */

/* The ledger has lived through `until`: see skew.h. To be followed by a look. */
void clock_set_floor(struct utc until);

/*
 * Compares with the clock on the wall, and with what the kernel says of it: once a second, and when
 * it was set.
 */
struct skew_news clock_check(void);

/*
 * Whether the kernel tells this process itself that its clock is synchronised, adjtimex(2); false
 * with the reason where that is refused, as by ProtectClock= of systemd.exec(5). Asked once.
 */
bool clock_kernel_tells(struct fault *why);

/*
 * Where it is refused, the kernel's word is what was last told here. It is of the clock as it was
 * when somebody else was asked for it: `sets` is what clock_sets said then, and of a clock that has
 * been set since, by half a second or by the kernel's own account, it says nothing.
 */
void clock_set_synchronised(bool synchronised, unsigned sets);
unsigned clock_sets(void); /* how often it was seen to be set; never 0 */

/* Whether something was told since it was last seen to be set. */
bool clock_told_stands(void);

/*
 * A ping of that respondent says that it is `said`, UTC_NEVER: nothing. Whether one of his that
 * looks old may be of now: see skew.h.
 */
bool clock_hear(const char *respondent, struct utc said);

/* What is believed, and why. */
const struct skew *clock_skew(void);

/*
 * A descriptor that is readable when the clock on the wall has been set (timerfd_create(2),
 * TFD_TIMER_CANCEL_ON_SET), or -1; the caller closes it. When it is, clock_was_set is to be called,
 * and then clock_check.
 */
int clock_watch(void);
void clock_was_set(int watch);

#endif
