/* SPDX-License-Identifier: Apache-2.0 */
/*
 * measure.c - what a set of orders costs: `measure BREACHD CONF [COMMAND…]` times
 * breachd -n, then a start and a reload by what breachd tells systemd, and reads its
 * memory; after COMMAND once more.
 */
#include "bench/child.h"

#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 600000 };

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Its end must be a good one; its greatest memory in MiB. */
static double finish(pid_t pid, const char *name)
{
    struct rusage used;
    int status;

    if (wait4(pid, &status, 0, &used) != pid)
        err(1, "%s", name);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        errx(1, "%s ended with status 0x%x", name, (unsigned)status);
    return (double)used.ru_maxrss / 1024;
}

static bool note_has(const char *note, const char *line)
{
    const char *at = strstr(note, line);

    return at != NULL && (at == note || at[-1] == '\n');
}

/* Reads notes until one has `line`; breachd must live meanwhile. When that was. */
static double await_note(int notes, int pidfd, const char *line)
{
    struct pollfd either[] = { { notes, POLLIN, 0 }, { pidfd, POLLIN, 0 } };
    char note[4096] = "";

    while (!note_has(note, line)) {
        ssize_t n = 0;

        if (poll(either, 2, PATIENCE_MS) <= 0)
            errx(1, "breachd did not say %s", line);
        if (either[0].revents != 0)
            n = recv(notes, note, sizeof note - 1, 0);
        else
            errx(1, "breachd ended before it said %s", line);
        note[n > 0 ? n : 0] = '\0';
    }
    return now_s();
}

static void measure_check(char *breachd, char *conf)
{
    double began = now_s();
    double mib = finish(child_start((char *[]){ breachd, "-n", "-c", conf, NULL }), "breachd -n");

    printf("%8.2f %8.1f", now_s() - began, mib);
}

static void measure_service(char *breachd, char *conf, char **command)
{
    int notes = child_notes();
    double began = now_s(), used = 0;
    pid_t pid = child_start((char *[]){ breachd, "-c", conf, NULL });
    int pidfd = pidfd_open(pid, 0);

    printf(" %9.2f", await_note(notes, pidfd, "READY=1") - began);
    printf(" %9.1f", child_memory(pid, "VmRSS:"));
    if (command[0] != NULL) {
        finish(child_start(command), command[0]);
        used = child_memory(pid, "VmRSS:");
    }
    kill(pid, SIGHUP);
    began = await_note(notes, pidfd, "RELOADING=1");
    printf(" %9.1f %9.2f", used, await_note(notes, pidfd, "READY=1") - began);
    printf(" %9.1f\n", child_memory(pid, "VmHWM:"));
    kill(pid, SIGTERM);
    finish(pid, "breachd");
}

int main(int argc, char **argv)
{
    if (argc < 3)
        errx(2, "usage: measure BREACHD CONF [COMMAND…]");
    setvbuf(stdout, NULL, _IOFBF, BUFSIZ); // all of the row, or nothing
    printf("%8s %8s %9s %9s %9s %9s %9s\n", "-n s", "-n MiB", "ready s", "RSS MiB", "used MiB",
           "reload s", "peak MiB");
    measure_check(argv[1], argv[2]);
    measure_service(argv[1], argv[2], argv + 3);
    return 0;
}
