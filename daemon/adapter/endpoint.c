/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/endpoint.h"

#include <arpa/inet.h>
#include <event2/util.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool endpoint_socket_path(const char *path, const char *folder, char out[ENDPOINT_PATH_MAX],
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

/* The text ends with a colon and a port; [v6] has the colon behind its bracket. */
static bool has_port(const char *text)
{
    const char *colon = strrchr(text, ':'), *bracket = strchr(text, ']');
    size_t digits = colon ? strspn(colon + 1, "0123456789") : 0;

    return digits >= 1 && digits <= 5 && colon[1 + digits] == '\0' && atoi(colon + 1) >= 1 &&
           atoi(colon + 1) <= 65535 &&
           (bracket != NULL ? colon == bracket + 1 : strchr(text, ':') == colon);
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
        if (!endpoint_socket_path(text + 5, folder, un->sun_path, why))
            return false;
        read.length = sizeof *un;
        read.local = true;
        *out = read;
        return true;
    }
    snprintf(numeric, sizeof numeric, "%s%s", local ? "127.0.0.1" : "", local ? text + 9 : text);
    if (!has_port(numeric) ||
        evutil_parse_sockaddr_port(numeric, (struct sockaddr *)&read.address, &length) != 0)
        return fault_set(why, "\"%.100s\" is not host:port, [v6]:port or unix:PATH", text);
    read.local = is_loopback(&read.address);
    read.length = (socklen_t)length;
    *out = read;
    return true;
}
