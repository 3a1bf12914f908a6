/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/control_call.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool say(int fd, const char *text, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, text, n, MSG_NOSIGNAL);

        if (sent < 0 && errno != EINTR)
            return false;
        text += sent > 0 ? sent : 0;
        n -= sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

/*
 * Up to the line's end, or where the connection ends; false, with errno, when that is before any
 * line: 0 where the peer has hung up.
 */
static bool hear(int fd, char out[CONTROL_ANSWER_MAX])
{
    size_t n = 0;

    while (n < CONTROL_ANSWER_MAX - 1) {
        ssize_t got = recv(fd, out + n, CONTROL_ANSWER_MAX - 1 - n, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        n += (size_t)got;
        if (got == 0 || memchr(out, '\n', n) != NULL)
            break;
    }
    out[n] = '\0';
    errno = 0;
    return strchr(out, '\n') != NULL;
}

/* A peer that was stopped is connected to by the kernel, and says nothing. */
static bool limit(int fd, int64_t ms, struct fault *why)
{
    struct timeval patience = { ms / 1000, ms % 1000 * 1000 };

    return (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
            setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0) ||
           fault_set(why, "%s", strerror(errno));
}

/* Says why the peer at `path` was not connected to, heard, or spoken to. */
static bool blame(const char *path, int64_t ms, const char *more, struct fault *why)
{
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return fault_set(why,
                         "%.300s: breachd does not answer within %" PRId64
                         " s: is it stopped (SIGSTOP), or its disk stuck?",
                         path, (ms + 999) / 1000);
    return fault_set(why, "%.300s: %s%s", path, strerror(errno), more);
}

bool control_call_within(const char *ledger, const char *question, int64_t ms,
                         char out[CONTROL_ANSWER_MAX], struct fault *why)
{
    char path[CONTROL_PATH_MAX];
    struct sockaddr_un at;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 || fault_set(why, "%s", strerror(errno));

    ok = ok && limit(fd, ms, why) && control_address(control_path(ledger, path), &at, why);
    if (ok && connect(fd, (const struct sockaddr *)&at, sizeof at) != 0)
        ok = blame(path, ms, ": does breachd run, with this ledger?", why);
    if (ok && !say(fd, question, strlen(question)))
        ok = blame(path, ms, "", why);
    if (ok && !hear(fd, out))
        ok = errno != 0 ? blame(path, ms, "", why)
                        : fault_set(why, "it ended before it had answered");
    if (fd >= 0)
        close(fd);
    return ok;
}

bool control_call(const char *ledger, const char *question, char out[CONTROL_ANSWER_MAX],
                  struct fault *why)
{
    return control_call_within(ledger, question, CONTROL_CALL_MS, out, why);
}
