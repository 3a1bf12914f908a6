/* SPDX-License-Identifier: Apache-2.0 */
/* http_target.c - which other door to call, as a value. */
#include "adapter/http/http_call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PORT_PLAIN = 8750, PORT_SECURE = 443 };

/* HOST[:PORT] with nothing behind it; [::1] is a host too. */
static bool read_host(const char *text, int standard, struct http_target *out, struct fault *why)
{
    bool bracketed = *text == '[';
    size_t n = bracketed ? strcspn(text + 1, "]") : strcspn(text, ":");
    const char *from = bracketed ? text + 1 : text, *rest = from + n;
    char *end;
    long port = standard;

    if (bracketed && *rest == ']')
        rest++;
    if (n == 0 || n >= HTTP_CALL_HOST_MAX || from[strcspn(from, " /@?#\r\n")] != '\0')
        return fault_set(why, "\"%.80s\" has no host of 1..%d characters, or more behind it", text,
                         HTTP_CALL_HOST_MAX - 1);
    if (*rest == ':') {
        port = strtol(rest + 1, &end, 10);
        if (rest[1] < '0' || rest[1] > '9' || *end != '\0' || port < 1 || port > 65535)
            return fault_set(why, "\"%.80s\": the port is not 1..65535", text);
    } else if (*rest != '\0') {
        return fault_set(why, "\"%.80s\" is not HOST or HOST:PORT", text);
    }
    snprintf(out->host, sizeof out->host, "%.*s", (int)n, from);
    out->port = (int)port;
    return true;
}

bool http_target_parse(const char *text, const char *folder, struct http_target *out,
                       struct fault *why)
{
    struct http_target target = { .secure = strncmp(text, "https://", 8) == 0 };
    bool good;

    if (strncmp(text, "unix:", 5) == 0)
        good = endpoint_socket_path(text + 5, folder, target.path, why);
    else if (target.secure)
        good = read_host(text + 8, PORT_SECURE, &target, why);
    else if (strncmp(text, "http://", 7) == 0)
        good = read_host(text + 7, PORT_PLAIN, &target, why);
    else
        return fault_set(why, "\"%.80s\" begins with none of unix: http:// https://", text);
    if (!good)
        return false;
    snprintf(target.text, sizeof target.text, "%s", text);
    *out = target;
    return true;
}
