/* SPDX-License-Identifier: Apache-2.0 */
/* The socket beside a ledger: a line is asked, a line is answered; who says too much is let go. */
#include "adapter/control.h"

#include "loop.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"

static struct bed {
    struct event_base *base;
    struct control *control;
    char folder[32], path[CONTROL_PATH_MAX];
    char asked[CONTROL_LINE_MAX]; // the newest question
    uint64_t call;
    int calls;
} bed;

static void on_ask(uint64_t call, const char *line, void *arg)
{
    (void)arg;
    bed.calls++;
    bed.call = call;
    snprintf(bed.asked, sizeof bed.asked, "%s", line);
}

static int setup(void **state)
{
    struct fault why;
    char ledger[64];

    (void)state;
    bed = (struct bed){ .base = event_base_new(), .folder = "/tmp/breachd-control-XXXXXX" };
    assert_non_null(mkdtemp(bed.folder));
    snprintf(ledger, sizeof ledger, "%s/ledger.db", bed.folder);
    control_path(ledger, bed.path);
    assert_true(control_open(bed.base, bed.path, on_ask, NULL, &bed.control, &why));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    control_close(bed.control);
    event_base_free(bed.base);
    unlink(bed.path);
    return rmdir(bed.folder);
}

static int call_it(void)
{
    struct sockaddr_un at;
    struct fault why;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    assert_true(control_address(bed.path, &at, &why));
    assert_int_equal(connect(fd, (const struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* All that comes until the end; -1: it has not ended yet. */
static ssize_t hear(int fd, char out[64])
{
    static size_t have;
    ssize_t got = recv(fd, out + have, 63 - have, 0);

    if (got < 0 && errno == EAGAIN)
        return -1;
    have = got > 0 ? have + (size_t)got : have;
    out[have] = '\0';
    if (got > 0)
        return -1;
    got = (ssize_t)have;
    have = 0;
    return got;
}

static void a_line_is_asked_and_a_line_answered(void **state)
{
    char text[64] = "";
    int fd = call_it();

    (void)state;
    say(fd, "rel");
    loop_for(bed.base, 20);
    assert_int_equal(bed.calls, 0);
    say(fd, "oad\n");
    loop_until(bed.base, bed.calls == 1);
    assert_string_equal(bed.asked, "reload");
    control_answer(bed.control, bed.call, "done");
    loop_poll(bed.base, hear(fd, text) >= 0);
    assert_string_equal(text, "done\n");
    close(fd);
}

static void who_has_gone_is_not_answered(void **state)
{
    int fd = call_it();

    (void)state;
    say(fd, "reload\n");
    loop_until(bed.base, bed.calls == 1);
    close(fd);
    loop_for(bed.base, 20);
    control_answer(bed.control, bed.call, "done"); // and nothing comes of it
    loop_for(bed.base, 20);
}

static void each_is_answered_his_own(void **state)
{
    int one = call_it(), other = call_it();
    char text[64] = "";
    uint64_t first;

    (void)state;
    say(one, "reload\n");
    loop_until(bed.base, bed.calls == 1);
    first = bed.call;
    say(other, "reload\n");
    loop_until(bed.base, bed.calls == 2);
    control_answer(bed.control, bed.call, "second");
    loop_poll(bed.base, hear(other, text) >= 0);
    assert_string_equal(text, "second\n");
    control_answer(bed.control, first, "first");
    loop_poll(bed.base, hear(one, text) >= 0);
    assert_string_equal(text, "first\n");
    close(one);
    close(other);
}

static void who_says_too_much_is_let_go(void **state)
{
    char text[64] = "", much[CONTROL_LINE_MAX + 1];
    int fd = call_it();

    (void)state;
    memset(much, 'x', sizeof much);
    much[CONTROL_LINE_MAX] = '\0';
    say(fd, much);
    loop_poll(bed.base, hear(fd, text) >= 0 || errno == ECONNRESET);
    assert_int_equal(bed.calls, 0);
    close(fd);
}

/* A socket's event that waits for time too: of the one call. */
static int find_patience(const struct event_base *base, const struct event *candidate, void *arg)
{
    const struct event **found = arg;

    (void)base;
    if (event_get_fd(candidate) >= 0 && event_pending(candidate, EV_TIMEOUT, NULL))
        *found = candidate;
    return 0;
}

static void who_says_nothing_is_let_go(void **state)
{
    char text[64] = "";
    union {
        const struct event *found;
        struct event *ours;
    } patience = { NULL };
    int fd = call_it();

    (void)state;
    loop_for(bed.base, 20); // let in
    event_base_foreach_event(bed.base, find_patience, &patience.found);
    assert_non_null(patience.found);
    event_active(patience.ours, EV_TIMEOUT, 1);
    loop_poll(bed.base, hear(fd, text) >= 0);
    assert_int_equal(bed.calls, 0);
    close(fd);
}

static void one_more_than_there_are_places_is_let_go_and_the_others_stay(void **state)
{
    int fd[CONTROL_CALLS_MAX + 1];
    char text[64] = "";

    (void)state;
    for (int i = 0; i < CONTROL_CALLS_MAX; i++) {
        fd[i] = call_it();
        say(fd[i], "reload\n");
        loop_until(bed.base, bed.calls == i + 1);
    }
    fd[CONTROL_CALLS_MAX] = call_it();
    loop_poll(bed.base, hear(fd[CONTROL_CALLS_MAX], text) >= 0);
    assert_int_equal(hear(fd[0], text), -1);
    close(fd[0]);
    close(fd[CONTROL_CALLS_MAX]);
    loop_for(bed.base, 20);
    fd[0] = call_it(); // there is a place again
    say(fd[0], "reload\n");
    loop_until(bed.base, bed.calls == CONTROL_CALLS_MAX + 1);
    for (int i = 0; i < CONTROL_CALLS_MAX; i++)
        close(fd[i]);
}

/* Half-open calls keep nobody out: the oldest of them makes way, and who has asked stays. */
static void who_asks_nothing_makes_way_the_oldest_first(void **state)
{
    int fd[CONTROL_CALLS_MAX], last;
    char text[64] = "";

    (void)state;
    for (int i = 0; i < CONTROL_CALLS_MAX; i++) {
        fd[i] = call_it();
        loop_for(bed.base, 5); // let in, one after the other
    }
    say(fd[0], "reload\n");
    loop_until(bed.base, bed.calls == 1);
    last = call_it();
    loop_poll(bed.base, hear(fd[1], text) >= 0);
    say(last, "device tag\n");
    loop_until(bed.base, bed.calls == 2);
    assert_string_equal(bed.asked, "device tag");
    assert_int_equal(hear(fd[0], text), -1);
    assert_int_equal(hear(fd[2], text), -1);
    for (int i = 0; i < CONTROL_CALLS_MAX; i++)
        close(fd[i]);
    close(last);
}

static void only_its_owner_may_come_in(void **state)
{
    struct stat what;

    (void)state;
    assert_int_equal(stat(bed.path, &what), 0);
    assert_int_equal(what.st_mode & 07777, 0600);
}

static void a_socket_that_a_crash_left_is_taken_away(void **state)
{
    struct control *other;
    struct fault why;

    (void)state;
    // As a killed breachd leaves it; whoever has the ledger's lock is the only one.
    assert_true(control_open(bed.base, bed.path, on_ask, NULL, &other, &why));
    control_close(bed.control);
    bed.control = other;
}

static void what_is_no_socket_stays(void **state)
{
    char path[CONTROL_PATH_MAX + 8];
    struct control *other = NULL;
    struct fault why;
    FILE *file;

    (void)state;
    snprintf(path, sizeof path, "%s-file", bed.path);
    file = fopen(path, "we");
    fclose(file);
    assert_false(control_open(bed.base, path, on_ask, NULL, &other, &why));
    assert_non_null(strstr(why.text, "-file: Address already in use"));
    assert_null(other);
    assert_int_equal(unlink(path), 0);
}

static void a_path_too_long_for_a_socket_is_told(void **state)
{
    struct control *other = NULL;
    struct sockaddr_un at;
    struct fault why;
    char path[160];

    (void)state;
    memset(path, 'x', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    assert_false(control_open(bed.base, path, on_ask, NULL, &other, &why));
    assert_non_null(strstr(why.text, ": longer than the 107 characters"));
    path[107] = '\0';
    assert_true(control_address(path, &at, &why));
}

#define control_test(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        control_test(a_line_is_asked_and_a_line_answered),
        control_test(who_has_gone_is_not_answered),
        control_test(each_is_answered_his_own),
        control_test(who_says_too_much_is_let_go),
        control_test(who_says_nothing_is_let_go),
        control_test(one_more_than_there_are_places_is_let_go_and_the_others_stay),
        control_test(who_asks_nothing_makes_way_the_oldest_first),
        control_test(only_its_owner_may_come_in),
        control_test(a_socket_that_a_crash_left_is_taken_away),
        control_test(what_is_no_socket_stays),
        control_test(a_path_too_long_for_a_socket_is_told),
    };

    return cmocka_run_group_tests_name("control", tests, NULL, NULL);
}
