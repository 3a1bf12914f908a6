/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/redis_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 1 to 5 digits at *at, moved past. */
static bool take_digits(const char **at, int *out)
{
    size_t n = strspn(*at, "0123456789");

    if (n < 1 || n > 5)
        return false;
    *out = atoi(*at);
    *at += n;
    return true;
}

/* [:port][/[db]] */
static bool parse_tail(const char *at, int *out_port, int *out_db)
{
    if (*at == ':' && (at++, !take_digits(&at, out_port) || *out_port < 1 || *out_port > 65535))
        return false;
    if (*at == '/' && *++at != '\0' && !take_digits(&at, out_db))
        return false;
    return *at == '\0';
}

bool url_without_password(const char *text, struct fault *why)
{
    const char *scheme = strstr(text, "://"), *start = scheme ? scheme + 3 : text;
    const char *at = strrchr(start, '@');

    if ((at == NULL || memchr(start, ':', (size_t)(at - start)) == NULL) &&
        strcasestr(text, "password=") == NULL)
        return true;
    return fault_set(why, "a password belongs into password-file, not into the url");
}

static bool take_user(const char *at, const char *end, struct redis_target *out, struct fault *why)
{
    if (end - at >= REDIS_USER_MAX)
        return fault_set(why, "a user of more than %d characters", REDIS_USER_MAX - 1);
    snprintf(out->user, sizeof out->user, "%.*s", (int)(end - at), at);
    return true;
}

/* PATH, or //[user@]/PATH; an @ in a path is the path's. */
static bool parse_unix(const char *at, const char *folder, struct redis_target *out,
                       struct fault *why)
{
    const char *path = strncmp(at, "//", 2) == 0 ? strchr(at + 2, '/') : NULL;

    if (path == NULL || path[-1] != '@')
        return endpoint_socket_path(at, folder, out->path, why);
    if (memchr(at, ':', (size_t)(path - at)) != NULL)
        return url_without_password(out->text, why);
    return take_user(at + 2, path - 1, out, why) &&
           endpoint_socket_path(path, folder, out->path, why);
}

bool redis_target_parse(const char *text, const char *folder, struct redis_target *out,
                        struct fault *why)
{
    struct redis_target read = { .port = 6379, .secure = strncmp(text, "rediss:", 7) == 0 };
    const char *scheme = read.secure ? "rediss://" : "redis://", *at = text, *end;

    snprintf(read.text, sizeof read.text, "%s", text);
    if (strncmp(text, "unix:", 5) != 0 && !url_without_password(text, why))
        return false;
    if (strncmp(text, "unix:", 5) == 0) {
        if (!parse_unix(text + 5, folder, &read, why))
            return false;
        *out = read;
        return true;
    }
    if (strncmp(text, scheme, strlen(scheme)) != 0)
        return fault_set(why,
                         "\"%.100s\" is not redis://[user@]host:port/db, rediss://, unix:PATH or "
                         "unix://user@/PATH",
                         text);
    at += strlen(scheme);
    end = strchr(at, '@');
    if (end != NULL && !take_user(at, end, &read, why))
        return false;
    at = end != NULL ? end + 1 : at;
    end = at[0] == '[' ? strchr(at, ']') : at + strcspn(at, ":/");
    if (end == NULL || end == at + (at[0] == '[') || end - at >= REDIS_HOST_MAX)
        return fault_set(why, "\"%.100s\" has no host", text);
    snprintf(read.host, sizeof read.host, "%.*s", (int)(end - at - (at[0] == '[')),
             at + (at[0] == '['));
    if (!parse_tail(end + (at[0] == '['), &read.port, &read.db))
        return fault_set(why, "\"%.100s\": a port is 1..65535, a db a number from 0", text);
    *out = read;
    return true;
}
