/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shiftclock.c - a machine that was asleep. Preloaded into breachd: once the file named by
 * SHIFTCLOCK_FILE is there, the wall's clock and CLOCK_BOOTTIME are ahead by the seconds that stand
 * in it, as after a sleep of so long; the monotonic clock goes on.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static long ahead(void)
{
    const char *path = getenv("SHIFTCLOCK_FILE");
    FILE *file = path == NULL ? NULL : fopen(path, "re");
    long seconds = 0;

    if (file == NULL)
        return 0;
    if (fscanf(file, "%ld", &seconds) != 1)
        seconds = 0;
    fclose(file);
    return seconds;
}

int clock_gettime(clockid_t which, struct timespec *out)
{
    // dlsym() gives an object pointer, ISO C has no cast from it to a function.
    int (*real)(clockid_t, struct timespec *);
    int result;

    *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    result = real(which, out);
    if (result == 0 && (which == CLOCK_REALTIME || which == CLOCK_BOOTTIME))
        out->tv_sec += ahead();
    return result;
}
