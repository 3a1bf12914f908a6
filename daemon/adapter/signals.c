/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

const int signals_numbers[SIGNALS] = { SIGHUP, SIGTERM, SIGINT };

static sigset_t all(void)
{
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < SIGNALS; i++)
        sigaddset(&set, signals_numbers[i]);
    return set;
}

void signals_hold(void)
{
    sigset_t held = all();

    pthread_sigmask(SIG_BLOCK, &held, NULL);
}

void signals_release(void)
{
    sigset_t held = all(); // also what whoever started us had blocked

    pthread_sigmask(SIG_UNBLOCK, &held, NULL);
}

int signals_stop_fd(struct fault *why)
{
    sigset_t stop;
    int fd;

    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    fd = signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK); // never read: then they wait on
    if (fd < 0)
        fault_set(why, "signals cannot be waited for: %s", strerror(errno));
    return fd;
}

bool signals_stop_waits(void)
{
    sigset_t waits;

    return sigpending(&waits) == 0 &&
           (sigismember(&waits, SIGTERM) == 1 || sigismember(&waits, SIGINT) == 1);
}
