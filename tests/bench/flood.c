/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flood.c - many addresses of loopback that connect and ask nothing: first some that stay, then
 * attempts one after another that half of the time begin a request and hang up.
 */
#include "bench/population.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { AT_ONCE = 256, FLOOD_ADDRESSES = 60000, WAIT_MS = 200 };

struct flood {
    double port, idle, attempts, seconds; // stay for so long after the last attempt
    double connected, refused;
};

/* From 127.1.X.Y; -1 when the kernel refuses. */
static int connect_to(const struct flood *flood, unsigned nth)
{
    struct sockaddr_in from = { .sin_family = AF_INET }, to = from;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        err(1, "socket");
    from.sin_addr.s_addr = htonl(0x7f010000 + 1 + nth % FLOOD_ADDRESSES);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)flood->port);
    if (bind(fd, (void *)&from, sizeof from) == 0 &&
        (connect(fd, (void *)&to, sizeof to) == 0 || errno == EINPROGRESS))
        return fd;
    close(fd);
    return -1;
}

static int *stay(struct flood *flood)
{
    int *fds = calloc((size_t)flood->idle + 1, sizeof *fds);

    if (fds == NULL)
        err(1, "idle");
    for (unsigned i = 0; i < flood->idle; i++)
        fds[i] = connect_to(flood, i);
    return fds;
}

/* A handful at a time: whoever is through, or has waited long enough, makes room for the next. */
static void attack(struct flood *flood)
{
    static const char half[] = "POST /v1/pings HTTP/1.1\r\nContent-Length: 10";
    struct pollfd at[AT_ONCE];
    unsigned begun = 0;

    while (begun < flood->attempts) {
        size_t n = 0;

        for (; n < AT_ONCE && begun < flood->attempts; begun++) {
            int fd = connect_to(flood, begun);

            if (fd >= 0)
                at[n++] = (struct pollfd){ fd, POLLOUT, 0 };
            else
                flood->refused++;
        }
        poll(at, n, WAIT_MS);
        for (size_t i = 0; i < n; i++) {
            bool through = (at[i].revents & (POLLOUT | POLLERR)) == POLLOUT;

            flood->connected += through;
            flood->refused += !through;
            if (through && i % 2 == 0)
                (void)!send(at[i].fd, half, sizeof half - 1, MSG_NOSIGNAL);
            close(at[i].fd);
        }
    }
}

/* How many of the idle ones the door has closed meanwhile. */
static unsigned closed_of(const int *fds, const struct flood *flood)
{
    unsigned n = 0;
    char byte;

    for (unsigned i = 0; i < flood->idle; i++)
        n += fds[i] >= 0 && recv(fds[i], &byte, 1, MSG_DONTWAIT) == 0;
    return n;
}

int main(int argc, char **argv)
{
    struct flood flood = { .port = 8751, .idle = 10000, .attempts = 100000, .seconds = 0 };
    struct knob knobs[] = { { "port", &flood.port, 1, 65535 },
                            { "idle", &flood.idle, 0, 60000 },
                            { "attempts", &flood.attempts, 0, 1e7 },
                            { "seconds", &flood.seconds, 0, 3600 } };
    struct rlimit limit;
    int64_t begin;
    double took;
    int *fds;

    knobs_read(argc, argv, 1, knobs, sizeof knobs / sizeof *knobs);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    fds = stay(&flood);
    begin = now_us();
    attack(&flood);
    took = (double)(now_us() - begin) / 1e6;
    poll(NULL, 0, (int)(flood.seconds * 1000));
    printf("%8s %8s %9s %9s %10s %11s\n", "idle", "attempts", "connected", "refused", "attempts/s",
           "idle closed");
    printf("%8.0f %8.0f %9.0f %9.0f %10.0f %11u\n", flood.idle, flood.attempts, flood.connected,
           flood.refused, took > 0 ? flood.attempts / took : 0, closed_of(fds, &flood));
    free(fds);
    return 0;
}
