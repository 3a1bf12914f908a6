/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wallclock.c - another clock on the wall, and another word of the kernel about it. Preloaded into
 * breachd: CLOCK_REALTIME alone is ahead by the seconds that stand in the file WALLCLOCK_FILE
 * (less than none: behind). The kernel's clock is synchronised as the file WALLCLOCK_KERNEL says:
 * "yes", "once" (whether it tells, and at the first look), "refused" (it does not tell), or
 * anything else: no. A timer that is cancelled when the clock is set is the fifo WALLCLOCK_SET:
 * whoever writes to it, sets. And the machine was asleep for as long as stands in WALLCLOCK_SLEPT,
 * as CLOCK_BOOTTIME knows too.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <time.h>

/* The first word of the file that a variable names; "" when there is none. */
static const char *word_of(const char *variable, char word[32])
{
    const char *path = getenv(variable);
    FILE *file = path == NULL ? NULL : fopen(path, "re");

    word[0] = '\0';
    if (file == NULL)
        return word;
    if (fscanf(file, "%31s", word) != 1)
        word[0] = '\0';
    fclose(file);
    return word;
}

int clock_gettime(clockid_t which, struct timespec *out)
{
    // dlsym() gives an object pointer, ISO C has no cast from it to a function.
    int (*real)(clockid_t, struct timespec *);
    char word[32];
    int result;

    *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    result = real(which, out);
    if (result == 0 && which == CLOCK_REALTIME)
        out->tv_sec += strtol(word_of("WALLCLOCK_FILE", word), NULL, 10);
    if (result == 0 && (which == CLOCK_REALTIME || which == CLOCK_BOOTTIME))
        out->tv_sec += strtol(word_of("WALLCLOCK_SLEPT", word), NULL, 10);
    return result;
}

int adjtimex(struct timex *out)
{
    static int asked;
    char word[32];
    int yes = strcmp(word_of("WALLCLOCK_KERNEL", word), "yes") == 0 ||
              (strcmp(word, "once") == 0 && asked < 2);

    if (strcmp(word, "refused") == 0) {
        errno = EPERM;
        return -1;
    }
    asked++;
    memset(out, 0, sizeof *out);
    out->status = yes ? STA_PLL : STA_UNSYNC;
    out->maxerror = yes ? 1000 : 16000000;
    return yes ? TIME_OK : TIME_ERROR;
}

int timerfd_create(clockid_t which, int flags)
{
    int (*real)(clockid_t, int);
    const char *fifo = getenv("WALLCLOCK_SET");

    *(void **)&real = dlsym(RTLD_NEXT, "timerfd_create");
    return which == CLOCK_REALTIME && fifo != NULL ? open(fifo, O_RDWR | O_NONBLOCK | O_CLOEXEC)
                                                   : real(which, flags);
}

int timerfd_settime(int fd, int flags, const struct itimerspec *when, struct itimerspec *old)
{
    int (*real)(int, int, const struct itimerspec *, struct itimerspec *);

    *(void **)&real = dlsym(RTLD_NEXT, "timerfd_settime");
    return (flags & TFD_TIMER_CANCEL_ON_SET) != 0 && getenv("WALLCLOCK_SET") != NULL
               ? 0
               : real(fd, flags, when, old);
}
