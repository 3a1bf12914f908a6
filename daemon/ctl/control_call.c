/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/control_call.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool control_call_ledger(const struct ctl_options *options, char out[SETTINGS_PATH_MAX],
                         struct fault *why)
{
    struct complaints complaints = { 0 };
    struct settings settings = { 0 };
    bool ok = true;

    if (options->ledger == NULL) {
        settings_load(ctl_settings_path(options), &settings, &complaints);
        // A slip in its name would ask another breachd than is meant: that of the usual ledger.
        if (options->settings != NULL && complaints.n > 0 &&
            (settings.ledger[0] == '\0' || settings.site[0] == '\0'))
            ok = fault_set(why, "%s", complaints.kept[0].text);
        settings_wipe(&settings);
        complaints_fini(&complaints);
    }
    snprintf(out, SETTINGS_PATH_MAX, "%s",
             options->ledger != NULL      ? options->ledger
             : settings.ledger[0] != '\0' ? settings.ledger
                                          : SETTINGS_LEDGER);
    return ok;
}

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

/* Up to the line's end, or where the connection ends; false when that is before any line. */
static bool hear(int fd, char out[CONTROL_ANSWER_MAX], struct fault *why)
{
    size_t n = 0;

    while (n < CONTROL_ANSWER_MAX - 1) {
        ssize_t got = recv(fd, out + n, CONTROL_ANSWER_MAX - 1 - n, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fault_set(why, "%s", strerror(errno));
        n += (size_t)got;
        if (got == 0 || memchr(out, '\n', n) != NULL)
            break;
    }
    out[n] = '\0';
    return strchr(out, '\n') != NULL ||
           fault_set(why, "it ended before it had answered: whether anything was reloaded is open");
}

bool control_call(const char *ledger, const char *question, char out[CONTROL_ANSWER_MAX],
                  struct fault *why)
{
    char path[CONTROL_PATH_MAX];
    struct sockaddr_un at;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 || fault_set(why, "%s", strerror(errno));

    ok = ok && control_address(control_path(ledger, path), &at, why);
    if (ok && connect(fd, (const struct sockaddr *)&at, sizeof at) != 0)
        ok = fault_set(why, "%.300s: %s: does breachd run, with this ledger?", path,
                       strerror(errno));
    if (ok && !say(fd, question, strlen(question)))
        ok = fault_set(why, "%.300s: %s", path, strerror(errno));
    ok = ok && hear(fd, out, why);
    if (fd >= 0)
        close(fd);
    return ok;
}
