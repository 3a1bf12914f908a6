/* SPDX-License-Identifier: Apache-2.0 */
#include "support/http_client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

int http_client_connect(const struct sockaddr *at, socklen_t size, int patience_ms)
{
    struct timeval patience = { patience_ms / 1000, patience_ms % 1000 * 1000 };
    int fd = socket(at->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, at, size) != 0) {
        close(fd);
        return -1;
    }
    if (at->sa_family == AF_INET)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

int http_client_connect_to(const char *path, int patience_ms)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };

    snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    return http_client_connect((const struct sockaddr *)&at, sizeof at, patience_ms);
}

bool http_client_say(int fd, const void *bytes, size_t n)
{
    for (const char *at = bytes; n > 0;) {
        ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
        at += sent;
        n -= (size_t)sent;
    }
    return true;
}

/* Where the body begins when all of the answer is there, else NULL. */
static const char *whole(const char *text, size_t n)
{
    const char *end = strstr(text, "\r\n\r\n");
    const char *length = strcasestr(text, "\r\ncontent-length:");

    if (end == NULL || length == NULL || length > end)
        return NULL;
    return n - (size_t)(end + 4 - text) >= strtoul(length + 17, NULL, 10) ? end + 4 : NULL;
}

int http_client_hear(int fd, char body[HTTP_CLIENT_ANSWER_MAX])
{
    char text[HTTP_CLIENT_ANSWER_MAX] = "";
    const char *begins;
    size_t have = 0;
    int code;

    while ((begins = whole(text, have)) == NULL) {
        ssize_t got = recv(fd, text + have, sizeof text - 1 - have, 0);

        if (got <= 0) // too long for the room, too
            return 0;
        have += (size_t)got;
        text[have] = '\0';
    }
    strcpy(body, begins);
    return sscanf(text, "HTTP/1.%*d %d", &code) == 1 ? code : 0;
}
