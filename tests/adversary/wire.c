/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include <stdio.h>
#include <unistd.h>

#include "support/http_client.h"

enum { HEAD_MAX = 512 };

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
    return http_client_connect_to(path, WIRE_PATIENCE_S * 1000);
}

int wire_post(struct wire *wire, const char *token, const char *path, const char *body, size_t n)
{
    char head[HEAD_MAX], answer[HTTP_CLIENT_ANSWER_MAX];
    int length, code = 0;

    if (wire->fd < 0)
        wire->fd = open_to(wire->at);
    if (wire->fd < 0)
        return 0;
    length = snprintf(head, sizeof head,
                      "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                      "%s%s%sContent-Length: %zu\r\n\r\n",
                      path, *token ? "Authorization: Bearer " : "", token, *token ? "\r\n" : "", n);
    if (http_client_say(wire->fd, head, (size_t)length) && http_client_say(wire->fd, body, n))
        code = http_client_hear(wire->fd, answer);
    if (code == 0)
        wire_close(wire);
    return code;
}

void wire_throw(const struct wire *wire, const void *bytes, size_t n)
{
    int fd = open_to(wire->at);

    if (fd < 0)
        return;
    http_client_say(fd, bytes, n);
    close(fd);
}
