/* SPDX-License-Identifier: Apache-2.0 */
/*
 * versus_post.c - a load by HTTP, as fast as it is answered: a device's pings in their order on one
 * connection, each connection with one request on its way. Also to a server that is no breachd.
 */
#include "bench/versus_load.h"

#include <arpa/inet.h>
#include <err.h>
#include <math.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 1000, ANSWER_MAX = 64 * 1024, HEAD_MAX = 512, PATIENCE_MS = 10000 };

struct post {
    struct versus_plan plan;
    double port, batch, connections, pid;
    struct versus_load load;
    char *request; // room for one
    size_t left, accepted, refused;
};

struct line {
    size_t next, step, end; // its requests: `next` and each `step` after it, up to `end`
    char answer[ANSWER_MAX];
    size_t n;
};

static int dial(double port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
        err(1, "127.0.0.1:%.0f", port);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

/* TOKEN of the environment, when there is one. */
static const char *token_line(void)
{
    static char line[HEAD_MAX / 2];
    const char *token = getenv("TOKEN");

    if (token != NULL && line[0] == '\0')
        snprintf(line, sizeof line, "Authorization: Bearer %s\r\n", token);
    return line;
}

/* Head and body, as far as possible in one write. */
static void send_next(struct post *post, struct line *line, int fd)
{
    size_t batch = (size_t)post->batch, n, sent = 0;
    char *body = post->request + HEAD_MAX, head[HEAD_MAX];

    n = batch > 1 ? versus_body(&post->load, line->next * batch, batch, body)
                  : versus_json(&post->load, &post->load.pings[line->next], body);
    snprintf(head, sizeof head,
             "POST /v1/pings HTTP/1.1\r\nHost: localhost\r\n%sContent-Type: application/json\r\n"
             "Content-Length: %zu\r\n\r\n",
             token_line(), n);
    memcpy(body - strlen(head), head, strlen(head));
    body -= strlen(head);
    n += strlen(head);
    while (sent < n) {
        ssize_t k = write(fd, body + sent, n - sent);

        if (k <= 0)
            err(1, "write");
        sent += (size_t)k;
    }
    line->next += line->step;
}

/* True when the answer is whole. */
static bool take_answer(struct post *post, struct line *line, int fd)
{
    ssize_t n = read(fd, line->answer + line->n, ANSWER_MAX - 1 - line->n);
    const char *end, *length, *accepted;

    if (n <= 0)
        errx(1, "a connection ended: %.200s", line->answer);
    line->n += (size_t)n;
    line->answer[line->n] = '\0';
    end = strstr(line->answer, "\r\n\r\n");
    length = strstr(line->answer, "Content-Length: ");
    if (end == NULL || length == NULL ||
        line->n < (size_t)(end + 4 - line->answer) + strtoul(length + 16, NULL, 10))
        return false;
    accepted = strstr(end, "\"accepted\":");
    post->accepted += accepted != NULL ? strtoul(accepted + 11, NULL, 10) : 0;
    post->refused += strncmp(line->answer, "HTTP/1.1 200", 12) != 0;
    line->n = 0;
    return true;
}

static void run(struct post *post, struct line *lines, struct pollfd *polled, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (lines[i].next < lines[i].end)
            send_next(post, &lines[i], polled[i].fd);
    }
    while (post->left > 0) {
        if (poll(polled, n, PATIENCE_MS) <= 0)
            errx(1, "%zu requests without an answer", post->left);
        for (size_t i = 0; i < n; i++) {
            if (polled[i].revents == 0 || !take_answer(post, &lines[i], polled[i].fd))
                continue;
            post->left--;
            if (lines[i].next < lines[i].end)
                send_next(post, &lines[i], polled[i].fd);
        }
    }
}

/* Device by device to the same connection: a turn is so many requests. */
static struct line *share_out(struct post *post, size_t n)
{
    size_t requests = post->left, turn = (size_t)(post->plan.devices / post->batch);
    struct line *lines = needed(calloc(n, sizeof *lines));

    if (turn % n != 0)
        errx(2, "%zu requests a turn are not for %zu connections", turn, n);
    for (size_t i = 0; i < n; i++)
        lines[i] = (struct line){ .next = i, .step = n, .end = requests };
    return lines;
}

int main(int argc, char **argv)
{
    static struct pollfd polled[CONNECTIONS_MAX];
    struct post post = { .plan = VERSUS_DEFAULT, .port = 8751, .batch = 100, .connections = 10 };
    struct knob knobs[VERSUS_KNOBS + 4] = {
        [VERSUS_KNOBS] = { "port", &post.port, 1, 65535 },
        { "batch", &post.batch, 1, 10000 },
        { "connections", &post.connections, 1, CONNECTIONS_MAX },
        { "pid", &post.pid, 0, INT32_MAX },
    };
    struct line *lines;
    double used, took, sender;
    int64_t began;

    versus_knobs(&post.plan, knobs);
    knobs_read(argc, argv, 1, knobs, VERSUS_KNOBS + 4);
    versus_load_init(&post.load, &post.plan);
    post.left = (size_t)(post.plan.pings / post.batch);
    post.request = needed(malloc(HEAD_MAX + (size_t)post.batch * VERSUS_PING_MAX + 2));
    lines = share_out(&post, (size_t)post.connections);
    for (size_t i = 0; i < (size_t)post.connections; i++)
        polled[i] = (struct pollfd){ dial(post.port), POLLIN, 0 };
    began = now_us();
    used = used_s(post.pid);
    sender = used_s(0);
    run(&post, lines, polled, (size_t)post.connections);
    took = (double)(now_us() - began) / 1e6;
    // requests/s, the server's and the sender's microseconds of a core a ping, taken, not 200
    printf("%.0f %.3f %.3f %zu %zu\n", floor(post.plan.pings / post.batch) / took,
           (used_s(post.pid) - used) / post.plan.pings * 1e6,
           (used_s(0) - sender) / post.plan.pings * 1e6, post.accepted, post.refused);
    free(lines);
    free(post.request);
    versus_load_fini(&post.load);
    return 0;
}
