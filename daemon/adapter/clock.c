/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/clock.h"

#include "adapter/log.h"
#include "core/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

/*
 * Microseconds that a time daemon may at most be wrong by its own account. The kernel adds 500 a
 * second while it does not hear from it, and gives up at 16 s.
 */
enum { MAXERROR_US = 5 * 1000 * 1000 };

enum { READS = 3, TOGETHER_MS = 100 };

/*
 * A wall that has moved so far against our count since the last look was set, though nothing told
 * so: time daemons slew by 83 ms a second at the most (chrony.conf(5), maxslewrate).
 */
enum { SET_MS = 500 };

static const time_t never = 9000000000; // in 2255

static struct skew skew;
static bool was_set; // since the last look

static enum { UNASKED, TELLS, REFUSES } kernel;
static int refusal; // errno of it

/* What else is told where the kernel refuses. */
static struct {
    bool synchronised;
    unsigned of;   // which setting of the wall it is about
    unsigned sets; // settings seen until now, the first look among them
    int64_t base;  // ms: the wall less our count, at the last look
} sync_state;

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

/* The wall and our count of one moment: a machine may sleep between two reads. */
static struct utc read_wall(struct tick *out_now)
{
    struct utc wall;
    struct tick before;

    *out_now = count();
    for (int i = 0; i < READS; i++) {
        before = *out_now;
        wall.ms = read_ms(CLOCK_REALTIME);
        *out_now = count();
        if (out_now->ms - before.ms < TOGETHER_MS)
            break;
    }
    return wall;
}

bool clock_kernel_tells(struct fault *why)
{
    struct timex timex = { 0 };

    if (kernel == UNASKED) {
        kernel = adjtimex(&timex) != -1 ? TELLS : REFUSES;
        refusal = errno;
    }
    return kernel == TELLS || fault_set(why, "%s", strerror(refusal));
}

/* Notes a wall that was set. */
static void note(struct utc wall, struct tick now)
{
    int64_t base = wall.ms - now.ms;

    if (sync_state.sets == 0 || llabs(base - sync_state.base) >= SET_MS)
        sync_state.sets++;
    sync_state.base = base;
}

unsigned clock_sets(void)
{
    struct tick now;
    struct utc wall = read_wall(&now);

    note(wall, now);
    return sync_state.sets;
}

void clock_set_synchronised(bool synchronised, unsigned sets)
{
    sync_state.synchronised = synchronised;
    sync_state.of = sets;
}

bool clock_told_stands(void)
{
    return clock_sets() == sync_state.of;
}

/* To be asked after the wall was read: of one that was set in between it says no. */
static bool is_synchronised(void)
{
    static bool complained;
    struct timex timex = { 0 };
    int state;

    if (kernel == REFUSES)
        return sync_state.synchronised && sync_state.of == sync_state.sets;
    state = adjtimex(&timex);

    if (state == -1 && !complained) {
        complained = true;
        log_warning("clock: the kernel does not tell whether it is synchronised: %s",
                    strerror(errno));
    }
    return state != -1 && state != TIME_ERROR && (timex.status & STA_UNSYNC) == 0 &&
           timex.maxerror <= MAXERROR_US;
}

static struct skew_news sample(bool ask)
{
    struct tick now;
    struct skew_wall wall = { .time = read_wall(&now) };

    note(wall.time, now);
    wall.synchronised = ask && is_synchronised();
    wall.set = was_set;
    was_set = false;
    return skew_check(&skew, &wall, now);
}

struct utc clock_utc(void)
{
    if (!skew.set)
        sample(false);
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

void clock_set_floor(struct utc until)
{
    skew_set_floor(&skew, until);
}

struct skew_news clock_check(void)
{
    return sample(true);
}

bool clock_hear(const char *respondent, struct utc said)
{
    uint64_t id = name_hash(respondent);
    struct tick now = count();

    if (said.ms != UTC_NEVER.ms)
        skew_hear(&skew, id, said, now);
    return skew_doubts(&skew, id, now);
}

const struct skew *clock_skew(void)
{
    return &skew;
}

/* The timer never expires: it is there to be cancelled by the kernel when the wall clock is set. */
static void arm(int watch)
{
    struct itimerspec when = { .it_value.tv_sec = never };

    timerfd_settime(watch, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &when, NULL);
}

int clock_watch(void)
{
    int watch = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);

    if (watch >= 0)
        arm(watch);
    return watch;
}

void clock_was_set(int watch)
{
    uint64_t rung;

    if (read(watch, &rung, sizeof rung) != -1 || errno == ECANCELED) {
        was_set = true;
        sync_state.base = INT64_MIN / 2; // whatever it says now
        clock_sets();
    }
    arm(watch);
}
