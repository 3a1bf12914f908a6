/* SPDX-License-Identifier: Apache-2.0 */
#include "support/house.h"

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

struct words {
    const char *of[ARGUMENTS_LIMIT];
};

static const char *program(void)
{
    const char *other = getenv("BREACHD_OTHER"); // another build, judged by the same tests

    return other != NULL ? other : BREACHD_PROGRAM;
}

static struct words words_of(va_list arguments)
{
    struct words words = { { program() } };
    size_t n = 1;

    while ((words.of[n] = va_arg(arguments, const char *)) != NULL)
        assert_in_range(++n, 1, ARGUMENTS_LIMIT - 4);
    return words;
}

static void words_add(struct words *words, const char *word)
{
    size_t n = 0;

    while (words->of[n] != NULL)
        n++;
    assert_in_range(n, 1, ARGUMENTS_LIMIT - 2);
    words->of[n] = word;
}

void house_environment(struct house *house, const char *variable)
{
    size_t n = 0;

    while (house->environment[n] != NULL)
        n++;
    assert_in_range(n, 0, 5);
    house->environment[n] = variable;
}

static void begin(struct house *house, struct words words)
{
    struct path settings = house_path(house, "breachd.conf"), log = house_path(house, "log");
    char notify[300];

    house_hear(house);
    *house->notes = '\0'; // what an earlier breachd said
    words_add(&words, "-c");
    words_add(&words, settings.text);
    snprintf(notify, sizeof(notify), "NOTIFY_SOCKET=%s", house_path(house, "notify.sock").text);

    const char *environment[] = { notify,
                                  house->environment[0],
                                  house->environment[1],
                                  house->environment[2],
                                  house->environment[3],
                                  house->environment[4],
                                  house->environment[5],
                                  NULL };
    house->breachd = child_start(
        &(struct command){ .argv = words.of, .err = log.text, .environment = environment });
}

void house_begin(struct house *house)
{
    begin(house, (struct words){ { program() } });
}

void house_start(struct house *house, ...)
{
    struct words words;
    va_list arguments;

    va_start(arguments, house);
    words = words_of(arguments);
    va_end(arguments);
    begin(house, words);
    house_await_note(house, "READY=1");
}

void house_kill(struct house *house)
{
    child_kill(&house->breachd);
}

void house_reload(struct house *house)
{
    assert_int_equal(kill(house->breachd.pid, SIGHUP), 0);
    house_await_note(house, "RELOADING=1");
    house_await_note(house, "READY=1");
}

/* Takes the notes up to and with this line away; false when it is not among them. */
static bool notes_hold(struct house *house, const char *line)
{
    size_t length = strlen(line);

    for (char *at = house->notes; (at = strstr(at, line)) != NULL; at++) {
        bool begins = at == house->notes || at[-1] == '\n';

        if (begins && at[length] == '\n') {
            memmove(house->notes, at + length + 1, strlen(at + length + 1) + 1);
            return true;
        }
    }
    return false;
}

/* Bounded: when they are half full, the older half is let go. */
static void notes_take(struct house *house)
{
    const size_t half = sizeof(house->notes) / 2;
    size_t have = strlen(house->notes);
    ssize_t got;

    if (have >= half) {
        memmove(house->notes, house->notes + have - half / 2, half / 2 + 1);
        have = half / 2;
    }
    got = recv(house->notify, house->notes + have, half, MSG_DONTWAIT);
    if (got > 0)
        strcpy(house->notes + have + got, house->notes[have + (size_t)got - 1] == '\n' ? "" : "\n");
}

void house_hear(struct house *house)
{
    while (wait_for(house->notify, POLLIN, 0))
        notes_take(house);
}

void house_await_note(struct house *house, const char *line)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (!notes_hold(house, line)) {
        if (wait_for(house->notify, POLLIN, now_ms() + 100))
            notes_take(house);
        else if (house->breachd.pid != 0 && !child_lives(&house->breachd))
            fail_msg("breachd ended before it said %s", line);
        else if (now_ms() > deadline)
            fail_msg("breachd did not say %s", line);
    }
}

int house_run(struct house *house, ...)
{
    struct path out = house_path(house, "run.out"), err = house_path(house, "run.err");
    struct words words;
    struct child child;
    va_list arguments;
    int status;

    va_start(arguments, house);
    words = words_of(arguments);
    va_end(arguments);
    unlink(err.text);
    child = child_start(&(struct command){ .argv = words.of, .out = out.text, .err = err.text });
    if (!child_ends(&child, PATIENCE_MS, &status)) {
        child_kill(&child);
        fail_msg("breachd did not come to an end");
    }
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

bool house_log_has(const struct house *house, const char *text)
{
    char *log = house_read(house, "log");
    bool has = log != NULL && strstr(log, text) != NULL;

    free(log);
    return has;
}

void house_await_log(const struct house *house, const char *text)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    int watch = inotify_init1(IN_CLOEXEC);
    char drained[4096];
    bool has;

    inotify_add_watch(watch, house_path(house, "log").text, IN_MODIFY);
    while (!(has = house_log_has(house, text)) && wait_for(watch, POLLIN, deadline))
        (void)!read(watch, drained, sizeof(drained));
    close(watch);
    if (!has)
        fail_msg("the log does not say: %s", text);
}
