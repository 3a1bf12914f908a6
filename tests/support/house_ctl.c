/* SPDX-License-Identifier: Apache-2.0 */
#include "support/house.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"

enum { ARGUMENTS_MAX = 24 };

/* breachctl at work: where Redis is and where bookmarks lie is told by its environment. */
static struct child start(struct house *house, const char *out, va_list arguments)
{
    struct path err = house_path(house, "ctl.err");
    const char *argv[ARGUMENTS_MAX] = { BREACHCTL_PROGRAM };
    char redis[160], state[160];
    const char *environment[] = { redis, state, "TZ=UTC", NULL };
    size_t n = 1;

    while ((argv[n] = va_arg(arguments, const char *)) != NULL)
        assert_in_range(++n, 1, ARGUMENTS_MAX - 1);
    snprintf(redis, sizeof redis, "BREACHCTL_REDIS=unix:%s", house_path(house, "redis.sock").text);
    snprintf(state, sizeof state, "XDG_STATE_HOME=%s", house_path(house, "state").text);
    unlink(err.text);
    return child_start(
        &(struct command){ .argv = argv, .out = out, .err = err.text, .environment = environment });
}

static struct child start_anew(struct house *house, va_list arguments)
{
    struct path out = house_path(house, "ctl.out");

    unlink(out.text);
    return start(house, out.text, arguments);
}

static int end_of(struct child *child)
{
    int status;

    if (!child_ends(child, PATIENCE_MS, &status)) {
        child_kill(child);
        fail_msg("breachctl did not come to an end");
    }
    if (!WIFEXITED(status))
        fail_msg("breachctl: killed by signal %d", WTERMSIG(status));
    return WEXITSTATUS(status);
}

int house_ctl(struct house *house, ...)
{
    va_list arguments;
    struct child child;

    va_start(arguments, house);
    child = start_anew(house, arguments);
    va_end(arguments);
    return end_of(&child);
}

struct child house_ctl_start(struct house *house, ...)
{
    va_list arguments;
    struct child child;

    va_start(arguments, house);
    child = start_anew(house, arguments);
    va_end(arguments);
    return child;
}

struct child house_ctl_start_to(struct house *house, const char *out, ...)
{
    va_list arguments;
    struct child child;

    va_start(arguments, out);
    child = start(house, out, arguments);
    va_end(arguments);
    return child;
}

int house_ctl_stop(struct child *child)
{
    kill(child->pid, SIGINT);
    return end_of(child);
}

static const char *keep(struct house *house, const char *name, char **slot)
{
    free(*slot);
    *slot = house_read(house, name);
    return *slot != NULL ? *slot : "";
}

const char *house_ctl_said(struct house *house)
{
    return keep(house, "ctl.out", &house->said);
}

const char *house_ctl_complained(struct house *house)
{
    return keep(house, "ctl.err", &house->complained);
}

void house_ctl_await(struct house *house, const char *text)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    int watch = inotify_init1(IN_CLOEXEC);
    char drained[4096];
    bool has;

    // The folder first: the file is made by the child, maybe only now.
    inotify_add_watch(watch, house->dir, IN_MODIFY | IN_CREATE);
    while (!(has = strstr(house_ctl_said(house), text) != NULL) &&
           wait_for(watch, POLLIN, deadline))
        (void)!read(watch, drained, sizeof drained);
    close(watch);
    if (!has)
        fail_msg("breachctl does not say: %s\nbut: %s%s", text, house_ctl_said(house),
                 house_ctl_complained(house));
}
