/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/absolute.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* In place. */
static void tidy(char *path)
{
    char *to = path;

    for (const char *at = path; *at != '\0';) {
        size_t n;

        at += strspn(at, "/");
        n = strcspn(at, "/");
        if (n == 0 || (n == 1 && *at == '.')) {
            at += n;
            continue;
        }
        *to++ = '/';
        memmove(to, at, n);
        to += n;
        at += n;
    }
    if (to == path)
        *to++ = '/';
    *to = '\0';
}

const char *absolute_path(const char *path, char *out, size_t room)
{
    char folder[PATH_MAX];
    bool rooted = path[0] == '/';

    if ((!rooted && getcwd(folder, sizeof folder) == NULL) ||
        (size_t)snprintf(out, room, "%s%s%s", rooted ? "" : folder, rooted ? "" : "/", path) >=
            room) {
        snprintf(out, room, "%s", path);
        return out;
    }
    tidy(out);
    return out;
}

bool absolute_same(const char *one, const char *other)
{
    char first[PATH_MAX], second[PATH_MAX];
    struct stat here, there;

    if (strcmp(absolute_path(one, first, sizeof first),
               absolute_path(other, second, sizeof second)) == 0)
        return true;
    return stat(one, &here) == 0 && stat(other, &there) == 0 && here.st_dev == there.st_dev &&
           here.st_ino == there.st_ino;
}
