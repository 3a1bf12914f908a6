/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testbed.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"

#define ARGUMENTS_LIMIT 16

struct argument_list {
    const char *of[ARGUMENTS_LIMIT];
};

static const char *program(void)
{
    const char *other = getenv("BREACHD_OTHER"); // another build, judged by the same tests

    return other != NULL ? other : BREACHD_PROGRAM;
}

static struct argument_list argument_list_of(va_list arguments)
{
    struct argument_list argument_list = { { program() } };
    size_t n = 1;

    while ((argument_list.of[n] = va_arg(arguments, const char *)) != NULL)
        assert_in_range(++n, 1, ARGUMENTS_LIMIT - 4);
    return argument_list;
}

static void argument_list_add(struct argument_list *argument_list, const char *word)
{
    size_t n = 0;

    while (argument_list->of[n] != NULL)
        n++;
    assert_in_range(n, 1, ARGUMENTS_LIMIT - 2);
    argument_list->of[n] = word;
}

void testbed_environment(struct testbed *testbed, const char *variable)
{
    size_t n = 0;

    while (testbed->environment[n] != NULL)
        n++;
    assert_in_range(n, 0, 6);
    testbed->environment[n] = variable;
}

static void begin(struct testbed *testbed, struct argument_list argument_list)
{
    struct path settings = testbed_path(testbed, "breachd.conf"),
                log = testbed_path(testbed, "log");
    char notify[300];

    testbed_hear(testbed);
    *testbed->notes = '\0'; // what an earlier breachd said
    argument_list_add(&argument_list, "-c");
    argument_list_add(&argument_list, settings.text);
    snprintf(notify, sizeof(notify), "NOTIFY_SOCKET=%s", testbed_path(testbed, "notify.sock").text);

    const char *environment[] = { notify,
                                  testbed->environment[0],
                                  testbed->environment[1],
                                  testbed->environment[2],
                                  testbed->environment[3],
                                  testbed->environment[4],
                                  testbed->environment[5],
                                  testbed->environment[6],
                                  NULL };
    testbed->breachd = child_start(
        &(struct command){ .argv = argument_list.of, .err = log.text, .environment = environment });
}

void testbed_begin(struct testbed *testbed)
{
    begin(testbed, (struct argument_list){ { program() } });
}

void testbed_start(struct testbed *testbed, ...)
{
    struct argument_list argument_list;
    va_list arguments;

    va_start(arguments, testbed);
    argument_list = argument_list_of(arguments);
    va_end(arguments);
    begin(testbed, argument_list);
    testbed_await_note(testbed, "READY=1");
}

void testbed_kill(struct testbed *testbed)
{
    child_kill(&testbed->breachd);
}

void testbed_reload(struct testbed *testbed)
{
    assert_int_equal(kill(testbed->breachd.pid, SIGHUP), 0);
    testbed_await_note(testbed, "RELOADING=1");
    testbed_await_note(testbed, "READY=1");
}

/* Takes the notes up to and with this line away; false when it is not among them. */
static bool notes_hold(struct testbed *testbed, const char *line)
{
    size_t length = strlen(line);

    for (char *at = testbed->notes; (at = strstr(at, line)) != NULL; at++) {
        bool begins = at == testbed->notes || at[-1] == '\n';

        if (begins && at[length] == '\n') {
            memmove(testbed->notes, at + length + 1, strlen(at + length + 1) + 1);
            return true;
        }
    }
    return false;
}

/* Bounded: when they are half full, the older half is let go. */
static void notes_take(struct testbed *testbed)
{
    const size_t half = sizeof(testbed->notes) / 2;
    size_t have = strlen(testbed->notes);
    ssize_t got;

    if (have >= half) {
        memmove(testbed->notes, testbed->notes + have - half / 2, half / 2 + 1);
        have = half / 2;
    }
    got = recv(testbed->notify, testbed->notes + have, half, MSG_DONTWAIT);
    if (got > 0)
        strcpy(testbed->notes + have + got,
               testbed->notes[have + (size_t)got - 1] == '\n' ? "" : "\n");
}

void testbed_hear(struct testbed *testbed)
{
    while (wait_for(testbed->notify, POLLIN, 0))
        notes_take(testbed);
}

void testbed_await_note(struct testbed *testbed, const char *line)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (!notes_hold(testbed, line)) {
        if (wait_for(testbed->notify, POLLIN, now_ms() + 100))
            notes_take(testbed);
        else if (testbed->breachd.pid != 0 && !child_lives(&testbed->breachd))
            fail_msg("breachd ended before it said %s", line);
        else if (now_ms() > deadline)
            fail_msg("breachd did not say %s", line);
    }
}

int testbed_run(struct testbed *testbed, ...)
{
    struct path out = testbed_path(testbed, "run.out"), err = testbed_path(testbed, "run.err");
    struct argument_list argument_list;
    struct child child;
    va_list arguments;
    int status;

    va_start(arguments, testbed);
    argument_list = argument_list_of(arguments);
    va_end(arguments);
    unlink(err.text);
    child = child_start(
        &(struct command){ .argv = argument_list.of, .out = out.text, .err = err.text });
    if (!child_ends(&child, PATIENCE_MS, &status)) {
        child_kill(&child);
        fail_msg("breachd did not come to an end");
    }
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

bool testbed_log_has(const struct testbed *testbed, const char *text)
{
    char *log = testbed_read(testbed, "log");
    bool has = log != NULL && strstr(log, text) != NULL;

    free(log);
    return has;
}

void testbed_await_log(const struct testbed *testbed, const char *text)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    int watch = inotify_init1(IN_CLOEXEC);
    char drained[4096];
    bool has;

    inotify_add_watch(watch, testbed_path(testbed, "log").text, IN_MODIFY);
    while (!(has = testbed_log_has(testbed, text)) && wait_for(watch, POLLIN, deadline))
        (void)!read(watch, drained, sizeof(drained));
    close(watch);
    if (!has)
        fail_msg("the log does not say: %s", text);
}
