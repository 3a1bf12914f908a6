/* SPDX-License-Identifier: Apache-2.0 */
/* What systemd is told, also while it does not read. */
#include "adapter/supervise.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "support/test.h"

enum { MANY = 2000, TEXT_MAX = 2048, HANGS_S = 20 };

/* ld --wrap=clock_gettime: so many seconds are passed over. */
static time_t later;

int __real_clock_gettime(clockid_t which, struct timespec *out);
int __wrap_clock_gettime(clockid_t which, struct timespec *out);
int __wrap_clock_gettime(clockid_t which, struct timespec *out)
{
    int rc = __real_clock_gettime(which, out);

    out->tv_sec += later;
    return rc;
}

/* A socket of systemd's, at an abstract address. */
static int setup(void **state)
{
    static int fd;
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    char name[64];
    int n = snprintf(name, sizeof name, "@breachd-supervise-%d", (int)getpid());

    memcpy(at.sun_path + 1, name + 1, (size_t)n - 1);
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    setenv("NOTIFY_SOCKET", name, 1);
    alarm(HANGS_S); // who waits for it would wait for ever
    *state = &fd;
    return bind(fd, (struct sockaddr *)&at,
                (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)n));
}

static int teardown(void **state)
{
    alarm(0);
    return close(*(int *)*state);
}

/* The next that was said, "" when that is all. */
static const char *next(void **state)
{
    static char text[TEXT_MAX];
    ssize_t n = recv(*(int *)*state, text, sizeof text - 1, 0);

    text[n > 0 ? n : 0] = '\0';
    return text;
}

/* All that is there is thrown away but the newest, which is given back. */
static const char *newest(void **state)
{
    static char last[TEXT_MAX];
    const char *text;

    last[0] = '\0';
    while ((text = next(state))[0] != '\0')
        strcpy(last, text);
    return last;
}

/* systemd ends a start that says nothing for its TimeoutStartSec, and begins it anew, for ever. */
static void a_long_start_is_said_to_go_on_until_it_is_ready(void **state)
{
    for (int i = 0; i < MANY; i++)
        supervise_alive();
    supervise_starting(); // nobody reads: with the next bit
    newest(state);
    for (int i = 0; i < MANY; i++)
        supervise_starting();
    assert_string_equal(next(state), "EXTEND_TIMEOUT_USEC=120000000");
    assert_string_equal(next(state), ""); // not of each of two thousand bits
    later += SUPERVISE_STARTING_S;
    supervise_starting();
    assert_string_equal(next(state), "EXTEND_TIMEOUT_USEC=120000000");
    supervise_ready();
    assert_string_equal(next(state), "READY=1");
    later += SUPERVISE_STARTING_S;
    supervise_starting();
    assert_string_equal(next(state), "");
}

static void each_is_said_at_once(void **state)
{
    supervise_reloading();
    assert_non_null(strstr(next(state), "RELOADING=1\nMONOTONIC_USEC="));
    supervise_status("watching\nMAINPID=1");
    assert_string_equal(next(state), "STATUS=watching\\u000AMAINPID=1");
    supervise_ready();
    assert_string_equal(next(state), "READY=1");
    supervise_alive();
    assert_string_equal(next(state), "WATCHDOG=1");
    supervise_go_on();
    assert_string_equal(next(state), "");
}

/* A reload is asked for again and again, and nobody reads: the newest comes later, and in order. */
static void nobody_waits_for_who_does_not_read(void **state)
{
    for (int i = 0; i < MANY; i++) {
        supervise_reloading();
        supervise_status("number %d", i);
        supervise_alive();
    }
    supervise_ready();
    newest(state); // it reads again
    supervise_go_on();
    assert_non_null(strstr(next(state), "RELOADING=1"));
    assert_string_equal(next(state), "READY=1");
    assert_string_equal(next(state), "STATUS=number 1999");
    assert_string_equal(next(state), "");
}

/* The READY=1 of one that is not told of any more would end the one that goes on. */
static void a_reload_that_begins_takes_the_end_of_the_one_before_back(void **state)
{
    for (int i = 0; i < MANY; i++)
        supervise_alive();
    supervise_reloading();
    supervise_ready();
    supervise_reloading();
    newest(state);
    supervise_go_on();
    assert_non_null(strstr(next(state), "RELOADING=1"));
    assert_string_equal(next(state), "");
    supervise_ready();
    assert_string_equal(next(state), "READY=1");
}

static void who_stops_says_so_last(void **state)
{
    for (int i = 0; i < MANY; i++)
        supervise_alive();
    supervise_status("watching");
    supervise_stopping();
    newest(state);
    supervise_go_on();
    assert_string_equal(newest(state), "STOPPING=1\nSTATUS=stopping");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_long_start_is_said_to_go_on_until_it_is_ready, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(each_is_said_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(nobody_waits_for_who_does_not_read, setup, teardown),
        cmocka_unit_test_setup_teardown(a_reload_that_begins_takes_the_end_of_the_one_before_back,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(who_stops_says_so_last, setup, teardown),
    };

    return cmocka_run_group_tests_name("supervise", tests, NULL, NULL);
}
