/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { HEAD_MAX = 512, ANSWER_MAX = 8192 };

void wire_init(struct wire *wire, const char *path)
{
    *wire = (struct wire){ .fd = -1 };
    snprintf(wire->at, sizeof wire->at, "%s", path);
}

void wire_close(struct wire *wire)
{
    if (wire->fd >= 0)
        close(wire->fd);
    wire->fd = -1;
}

static int open_to(const char *path)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    struct timeval patience = { WIRE_PATIENCE_S, 0 };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, (const struct sockaddr *)&at, sizeof at) == 0)
        return fd;
    close(fd);
    return -1;
}

static int say_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);

        if (sent <= 0)
            return -1;
        bytes += sent;
        n -= (size_t)sent;
    }
    return 0;
}

/* Reads one whole answer; its code, or 0. */
static int read_answer(int fd)
{
    char text[ANSWER_MAX + 1];
    size_t n = 0, wanted = ANSWER_MAX;

    while (n < wanted) {
        ssize_t got = recv(fd, text + n, ANSWER_MAX - n, 0);
        const char *end, *length;

        if (got <= 0)
            return 0;
        n += (size_t)got;
        text[n] = '\0';
        end = strstr(text, "\r\n\r\n");
        length = strstr(text, "Content-Length: ");
        if (end != NULL && length != NULL)
            wanted = (size_t)(end + 4 - text) + strtoul(length + 16, NULL, 10);
    }
    return n >= 12 ? atoi(text + 9) : 0;
}

int wire_post(struct wire *wire, const char *token, const char *path, const char *body, size_t n)
{
    char head[HEAD_MAX];
    int length, code = 0;

    if (wire->fd < 0)
        wire->fd = open_to(wire->at);
    if (wire->fd < 0)
        return 0;
    length = snprintf(head, sizeof head,
                      "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                      "%s%s%sContent-Length: %zu\r\n\r\n",
                      path, *token ? "Authorization: Bearer " : "", token, *token ? "\r\n" : "", n);
    if (say_all(wire->fd, head, (size_t)length) == 0 && say_all(wire->fd, body, n) == 0)
        code = read_answer(wire->fd);
    if (code == 0)
        wire_close(wire);
    return code;
}

void wire_throw(const struct wire *wire, const void *bytes, size_t n)
{
    int fd = open_to(wire->at);

    if (fd < 0)
        return;
    say_all(fd, bytes, n);
    close(fd);
}
