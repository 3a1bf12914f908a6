/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold.c - for how long a reload holds the loop: `hold BREACHD CONF [COMMAND…]` starts
 * breachd, runs COMMAND (which may change the orders), reloads, and asks for /readyz on
 * one connection again and again until systemd would hear that it is done. The longest
 * answer, and the most of a processor that the loop's thread took within one: on a busy
 * machine the first counts others' work too.
 */
#include "bench/child.h"

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PORT = 8751, PATIENCE_S = 600, BETWEEN_US = 500 };

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Milliseconds of a processor that the main thread, which is the loop, has had. */
static double used_ms(pid_t pid)
{
    char path[64], text[128] = "";
    ssize_t n;
    int fd;

    snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", (int)pid, (int)pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        err(1, "%s", path);
    n = read(fd, text, sizeof text - 1);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    return strtod(text, NULL) / 1e6;
}

static bool heard(int notes, const char *line)
{
    char note[4096];
    ssize_t n;
    bool found = false;

    while ((n = recv(notes, note, sizeof note - 1, 0)) > 0) {
        note[n] = '\0';
        found |= strstr(note, line) != NULL;
    }
    return found;
}

static void finish(pid_t pid, const char *name)
{
    int status;

    if (waitpid(pid, &status, 0) != pid || status != 0)
        errx(1, "%s ended with status 0x%x", name, (unsigned)status);
}

static void await_ready(int notes, pid_t pid)
{
    double until = now_ms() + PATIENCE_S * 1e3;

    while (!heard(notes, "READY=1")) {
        if (now_ms() > until || waitpid(pid, NULL, WNOHANG) != 0)
            errx(1, "breachd did not become ready");
        usleep(BETWEEN_US);
    }
}

static int dial(void)
{
    struct sockaddr_in door = { .sin_family = AF_INET, .sin_port = htons(PORT) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    door.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&door, sizeof door) != 0)
        err(1, "127.0.0.1:%d", PORT);
    return fd;
}

static void ask(int door)
{
    static const char get[] = "GET /readyz HTTP/1.1\r\nHost: bench\r\n\r\n";
    char answer[2048];

    if (write(door, get, sizeof get - 1) != (ssize_t)sizeof get - 1 ||
        read(door, answer, sizeof answer) <= 0)
        errx(1, "breachd closed the connection");
}

int main(int argc, char **argv)
{
    double began, ended = 0, longest = 0, most = 0, loop;
    unsigned long asked = 0;
    int notes, door;
    pid_t pid;

    if (argc < 3)
        errx(2, "usage: hold BREACHD CONF [COMMAND…]");
    notes = child_notes();
    pid = child_start((char *[]){ argv[1], "-c", argv[2], NULL });
    await_ready(notes, pid);
    if (argv[3] != NULL)
        finish(child_start(argv + 3), argv[3]);
    door = dial();
    loop = used_ms(pid);
    kill(pid, SIGHUP);
    for (began = now_ms(); ended == 0; asked++) {
        double before = now_ms(), used = used_ms(pid), took, cost;

        ask(door);
        took = now_ms() - before;
        cost = used_ms(pid) - used;
        longest = took > longest ? took : longest;
        most = cost > most ? cost : most;
        if (heard(notes, "READY=1"))
            ended = now_ms();
        if (before - began > PATIENCE_S * 1e3)
            errx(1, "breachd did not say READY=1");
        usleep(BETWEEN_US);
    }
    printf("%9s %9s %12s %12s %12s %9s %9s\n", "reload s", "asked", "longest ms", "most CPU ms",
           "loop's CPU s", "RSS MiB", "peak MiB");
    printf("%9.2f %9lu %12.1f %12.1f %12.2f %9.1f %9.1f\n", (ended - began) / 1e3, asked, longest,
           most, (used_ms(pid) - loop) / 1e3, child_memory(pid, "VmRSS:"),
           child_memory(pid, "VmHWM:"));
    kill(pid, SIGTERM);
    finish(pid, argv[1]);
    return 0;
}
