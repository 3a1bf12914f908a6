/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testbed.h"

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
static struct child start(struct testbed *testbed, const char *out, va_list arguments)
{
    struct path err = testbed_path(testbed, "ctl.err");
    const char *argv[ARGUMENTS_MAX] = { BREACHCTL_PROGRAM };
    char redis[160], state[160];
    const char *environment[] = { redis, state, "TZ=UTC", NULL };
    size_t n = 1;

    while ((argv[n] = va_arg(arguments, const char *)) != NULL)
        assert_in_range(++n, 1, ARGUMENTS_MAX - 1);
    snprintf(redis, sizeof redis, "BREACHCTL_REDIS=unix:%s",
             testbed_path(testbed, "redis.sock").text);
    snprintf(state, sizeof state, "XDG_STATE_HOME=%s", testbed_path(testbed, "state").text);
    unlink(err.text);
    return child_start(
        &(struct command){ .argv = argv, .out = out, .err = err.text, .environment = environment });
}

static struct child start_anew(struct testbed *testbed, va_list arguments)
{
    struct path out = testbed_path(testbed, "ctl.out");

    unlink(out.text);
    return start(testbed, out.text, arguments);
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

int testbed_ctl(struct testbed *testbed, ...)
{
    va_list arguments;
    struct child child;

    va_start(arguments, testbed);
    child = start_anew(testbed, arguments);
    va_end(arguments);
    return end_of(&child);
}

struct child testbed_ctl_start(struct testbed *testbed, ...)
{
    va_list arguments;
    struct child child;

    va_start(arguments, testbed);
    child = start_anew(testbed, arguments);
    va_end(arguments);
    return child;
}

struct child testbed_ctl_start_to(struct testbed *testbed, const char *out, ...)
{
    va_list arguments;
    struct child child;

    va_start(arguments, out);
    child = start(testbed, out, arguments);
    va_end(arguments);
    return child;
}

int testbed_ctl_stop(struct child *child)
{
    kill(child->pid, SIGINT);
    return end_of(child);
}

static const char *keep(struct testbed *testbed, const char *name, char **slot)
{
    free(*slot);
    *slot = testbed_read(testbed, name);
    return *slot != NULL ? *slot : "";
}

const char *testbed_ctl_said(struct testbed *testbed)
{
    return keep(testbed, "ctl.out", &testbed->said);
}

const char *testbed_ctl_complained(struct testbed *testbed)
{
    return keep(testbed, "ctl.err", &testbed->complained);
}

void testbed_ctl_await(struct testbed *testbed, const char *text)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    int watch = inotify_init1(IN_CLOEXEC);
    char drained[4096];
    bool has;

    // The folder first: the file is made by the child, maybe only now.
    inotify_add_watch(watch, testbed->dir, IN_MODIFY | IN_CREATE);
    while (!(has = strstr(testbed_ctl_said(testbed), text) != NULL) &&
           wait_for(watch, POLLIN, deadline))
        (void)!read(watch, drained, sizeof drained);
    close(watch);
    if (!has)
        fail_msg("breachctl does not say: %s\nbut: %s%s", text, testbed_ctl_said(testbed),
                 testbed_ctl_complained(testbed));
}

void testbed_reload_really(struct testbed *testbed)
{
    struct path conf = testbed_path(testbed, "breachd.conf");
    char digest[13];
    const char *at;

    assert_int_equal(testbed_ctl(testbed, "reload", "-c", conf.text, NULL), 1);
    at = strstr(testbed_ctl_complained(testbed), "--really ");
    assert_non_null(at);
    snprintf(digest, sizeof digest, "%s", at + strlen("--really "));
    assert_int_equal(testbed_ctl(testbed, "reload", "-c", conf.text, "--really", digest, NULL), 0);
}
