/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/endpoint.h"

#include <arpa/inet.h>
#include <event2/util.h>
#include <stdio.h>
#include <string.h>

/* PATH of `unix:PATH`, made whole; false when it does not fit into a socket address. */
static bool socket_path(const char *path, const char *folder, char out[ENDPOINT_PATH_MAX],
                        struct fault *why)
{
    int n = snprintf(out, ENDPOINT_PATH_MAX, "%s%s%s", path[0] == '/' ? "" : folder,
                     path[0] == '/' ? "" : "/", path);

    if (path[0] == '\0' || n >= ENDPOINT_PATH_MAX)
        return fault_set(why, "unix:%.120s: a socket's path has 1..%d characters", path,
                         ENDPOINT_PATH_MAX - 1);
    return true;
}

static bool is_loopback(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)address;

        return ntohl(in->sin_addr.s_addr) >> 24 == 127;
    }
    if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const void *)address;

        return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
    }
    return false;
}

bool endpoint_parse(const char *text, const char *folder, struct endpoint *out, struct fault *why)
{
    struct endpoint read = { .length = sizeof read.address };
    struct sockaddr_un *un = (void *)&read.address;
    char numeric[ENDPOINT_TEXT_MAX];
    int length = (int)sizeof read.address;
    bool local = strncmp(text, "localhost:", 10) == 0;

    snprintf(read.text, sizeof read.text, "%s", text);
    if (strncmp(text, "unix:", 5) == 0) {
        un->sun_family = AF_UNIX;
        if (!socket_path(text + 5, folder, un->sun_path, why))
            return false;
        read.length = sizeof *un;
        *out = read;
        return true;
    }
    snprintf(numeric, sizeof numeric, "%s%s", local ? "127.0.0.1" : "", local ? text + 9 : text);
    if (strrchr(numeric, ':') == NULL ||
        evutil_parse_sockaddr_port(numeric, (struct sockaddr *)&read.address, &length) != 0)
        return fault_set(why, "\"%.100s\" is not host:port, [v6]:port or unix:PATH", text);
    if (!is_loopback(&read.address))
        return fault_set(
            why, "%.100s is not loopback: without tokens only loopback and unix sockets", text);
    read.length = (socklen_t)length;
    *out = read;
    return true;
}

static bool parse_tail(const char *tail, int *out_port, int *out_db)
{
    int read = 0;

    if (tail[0] == ':' &&
        (sscanf(tail, ":%5d%n", out_port, &read) != 1 || *out_port < 1 || *out_port > 65535))
        return false;
    tail += read;
    read = 0;
    if (tail[0] == '/' && tail[1] != '\0' &&
        (sscanf(tail, "/%5d%n", out_db, &read) != 1 || *out_db < 0 || tail[read] != '\0'))
        return false;
    return tail[0] == '\0' || tail[0] == '/';
}

bool redis_target_parse(const char *text, const char *folder, struct redis_target *out,
                        struct fault *why)
{
    static const char scheme[] = "redis://";
    struct redis_target read = { .port = 6379 };
    const char *at = text, *end;

    snprintf(read.text, sizeof read.text, "%s", text);
    if (strncmp(text, "unix:", 5) == 0) {
        if (!socket_path(text + 5, folder, read.path, why))
            return false;
        *out = read;
        return true;
    }
    if (strncmp(text, scheme, sizeof scheme - 1) != 0)
        return fault_set(why, "\"%.100s\" is not redis://[user@]host:port/db or unix:PATH", text);
    at += sizeof scheme - 1;
    end = strchr(at, '@');
    if (end != NULL && memchr(at, ':', (size_t)(end - at)) != NULL)
        return fault_set(why, "a password belongs into password-file, not into the url");
    if (end != NULL) {
        snprintf(read.user, sizeof read.user, "%.*s", (int)(end - at), at);
        at = end + 1;
    }
    end = at[0] == '[' ? strchr(at, ']') : at + strcspn(at, ":/");
    if (end == NULL || end == at || end - at >= REDIS_HOST_MAX)
        return fault_set(why, "\"%.100s\" has no host", text);
    snprintf(read.host, sizeof read.host, "%.*s", (int)(end - at - (at[0] == '[')),
             at + (at[0] == '['));
    if (!parse_tail(end + (at[0] == '['), &read.port, &read.db))
        return fault_set(why, "\"%.100s\": a port is 1..65535, a db a number from 0", text);
    *out = read;
    return true;
}
