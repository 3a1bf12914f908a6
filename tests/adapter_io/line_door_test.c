/* SPDX-License-Identifier: Apache-2.0 */
/* A door of one line each: who says it whole is answered, and nobody can keep others out. */
#include "adapter/line_door.h"

#include "loop.h"
#include "support/test.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct scene {
    struct event_base *base;
    struct line_door *door;
    struct path at;
    struct line_call *held; // not answered yet
    bool hold;
    int lines;
    char line[64];
    long uid;
};

static void on_line(struct line_call *call, const char *line, void *arg)
{
    struct scene *scene = arg;

    scene->lines++;
    scene->uid = line_door_uid(call);
    snprintf(scene->line, sizeof scene->line, "%s", line);
    if (scene->hold)
        scene->held = call;
    else
        line_door_answer(call, "yes");
}

static void open_door(struct scene *scene, struct testbed *testbed)
{
    struct fault why;

    *scene = (struct scene){ .base = event_base_new(), .at = testbed_path(testbed, "door") };
    if (!line_door_open(scene->base, scene->at.text, 0600, on_line, scene, &scene->door, &why))
        fail_msg("%s", why.text);
}

static void close_door(struct scene *scene)
{
    line_door_close(scene->door);
    event_base_loop(scene->base, EVLOOP_NONBLOCK);
    event_base_free(scene->base);
}

static int call(const struct scene *scene)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    strcpy(at.sun_path, scene->at.text);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* Turns the loop until the door has hung up; what it said. */
static void hear(struct scene *scene, int fd, const char *want)
{
    char text[64] = "";
    size_t n = 0;
    ssize_t got = -1;

    loop_poll(
        scene->base,
        ((got = recv(fd, text + n, sizeof text - 1 - n, MSG_DONTWAIT)) > 0 ? (n += (size_t)got) : 0,
         got == 0));
    text[n] = '\0';
    assert_string_equal(text, want);
    close(fd);
}

static void a_line_is_answered_and_the_door_hangs_up(void **state)
{
    struct scene scene;
    struct stat about;
    int fd;

    open_door(&scene, *state);
    assert_int_equal(stat(scene.at.text, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    fd = call(&scene);
    say(fd, "how ");
    loop_for(scene.base, 5);
    assert_int_equal(scene.lines, 0);
    say(fd, "are you\nmore\n");
    hear(&scene, fd, "yes\n");
    assert_string_equal(scene.line, "how are you");
    assert_int_equal(scene.lines, 1);
    close_door(&scene);
    assert_int_equal(access(scene.at.text, F_OK), -1);
    testbed_close(*state);
}

static void a_line_without_end_is_hung_up_on(void **state)
{
    struct scene scene;
    char much[LINE_DOOR_MAX];
    int fd;

    open_door(&scene, *state);
    fd = call(&scene);
    memset(much, 'x', sizeof much);
    assert_int_equal(send(fd, much, sizeof much, MSG_NOSIGNAL), sizeof much);
    hear(&scene, fd, "");
    assert_int_equal(scene.lines, 0);
    close_door(&scene);
    testbed_close(*state);
}

static void who_has_gone_before_the_answer_harms_nobody(void **state)
{
    struct scene scene;
    int fd;

    open_door(&scene, *state);
    scene.hold = true;
    fd = call(&scene);
    say(fd, "first\n");
    loop_until(scene.base, scene.held != NULL);
    close(fd);
    loop_for(scene.base, 5);
    line_door_answer(scene.held, "too late");
    scene.hold = false;
    fd = call(&scene);
    say(fd, "second\n");
    hear(&scene, fd, "yes\n");
    close_door(&scene);
    testbed_close(*state);
}

static void who_waits_when_it_closes_is_gone(void **state)
{
    struct scene scene;
    int fd;

    open_door(&scene, *state);
    scene.hold = true;
    fd = call(&scene);
    say(fd, "first\n");
    loop_until(scene.base, scene.held != NULL);
    close_door(&scene);
    close(fd);
    testbed_close(*state);
}

/* The first to come in has been silent longest. */
static void who_says_nothing_keeps_nobody_out(void **state)
{
    struct scene scene;
    int silent[LINE_DOOR_CALLS_MAX], fd;

    open_door(&scene, *state);
    for (int i = 0; i < LINE_DOOR_CALLS_MAX; i++)
        silent[i] = call(&scene);
    loop_for(scene.base, 5);
    fd = call(&scene);
    say(fd, "let me in\n");
    hear(&scene, fd, "yes\n");
    hear(&scene, silent[0], "");
    assert_int_equal(send(silent[1], "me too\n", 7, MSG_NOSIGNAL), 7);
    hear(&scene, silent[1], "yes\n");
    for (int i = 2; i < LINE_DOOR_CALLS_MAX; i++)
        close(silent[i]);
    close_door(&scene);
    testbed_close(*state);
}

/* More than there are places, at once, and each has said its line: all of them are answered. */
static void who_has_spoken_is_not_put_out(void **state)
{
    enum { CALLERS = 2 * LINE_DOOR_CALLS_MAX };
    struct scene scene;
    int fds[CALLERS];

    open_door(&scene, *state);
    for (int i = 0; i < LINE_DOOR_CALLS_MAX; i++) {
        fds[i] = call(&scene);
        say(fds[i], "hello\n");
    }
    loop_for(scene.base, 5);
    for (int i = LINE_DOOR_CALLS_MAX; i < CALLERS; i++) {
        fds[i] = call(&scene);
        say(fds[i], "hello\n");
    }
    for (int i = 0; i < CALLERS; i++)
        hear(&scene, fds[i], "yes\n");
    close_door(&scene);
    testbed_close(*state);
}

/* One place belongs to somebody else: whoever has most gives way. */
static void who_has_most_gives_way(void **state)
{
    struct testbed *testbed = *state;
    struct scene scene;
    int silent[LINE_DOOR_CALLS_MAX], other, fd;

    if (geteuid() != 0)
        skip(); // whoever is not root cannot be somebody else
    open_door(&scene, testbed);
    assert_int_equal(chmod(testbed->dir, 0711), 0);
    assert_int_equal(chmod(scene.at.text, 0666), 0);
    other = call(&scene); // root's is the oldest
    assert_int_equal(seteuid(65534), 0);
    for (int i = 1; i < LINE_DOOR_CALLS_MAX; i++)
        silent[i] = call(&scene);
    fd = call(&scene);
    assert_int_equal(seteuid(0), 0);
    say(fd, "one more\n");
    hear(&scene, fd, "yes\n");
    assert_int_equal(scene.uid, 65534);
    hear(&scene, silent[1], "");
    say(other, "still here\n");
    hear(&scene, other, "yes\n");
    assert_int_equal(scene.uid, 0);
    for (int i = 2; i < LINE_DOOR_CALLS_MAX; i++)
        close(silent[i]);
    close_door(&scene);
    testbed_close(testbed);
}

/* Who says nothing is gone after some seconds, though nobody wants the place. */
static void who_says_nothing_is_gone_in_the_end(void **state)
{
    struct scene scene;
    int fd;

    open_door(&scene, *state);
    fd = call(&scene);
    loop_for(scene.base, 5);
    assert_in_range(loop_timer_ms(scene.base), 1, LINE_DOOR_PATIENCE_S * 1000);
    loop_hurry(scene.base);
    hear(&scene, fd, "");
    close_door(&scene);
    testbed_close(*state);
}

static void a_dead_ones_socket_is_replaced_and_a_file_is_not(void **state)
{
    struct testbed *testbed = *state;
    struct scene scene, next;
    struct line_door *door = NULL;
    struct fault why;

    open_door(&scene, testbed);
    open_door(&next, testbed); // as after a kill: the socket is still there
    close_door(&next);
    close_door(&scene);
    testbed_print(testbed, "door", "a file\n");
    scene.base = event_base_new();
    assert_false(line_door_open(scene.base, scene.at.text, 0600, on_line, NULL, &door, &why));
    assert_non_null(strstr(why.text, "is there already, and no socket"));
    event_base_free(scene.base);
    testbed_close(testbed);
}

/* ---- the other side ---- */

struct asking {
    const char *path;
    char answer[LINE_DOOR_MAX];
    bool none, ok, done;
    struct fault why;
};

static void *ask(void *arg)
{
    struct asking *asking = arg;

    asking->ok =
        line_door_ask(asking->path, "how are you", asking->answer, &asking->none, &asking->why);
    __atomic_store_n(&asking->done, true, __ATOMIC_RELEASE);
    return NULL;
}

static void who_asks_is_told_the_answer_or_that_nobody_is_there(void **state)
{
    struct scene scene;
    struct asking asking = { 0 };
    pthread_t thread;

    open_door(&scene, *state);
    asking.path = scene.at.text;
    assert_int_equal(pthread_create(&thread, NULL, ask, &asking), 0);
    loop_poll(scene.base, __atomic_load_n(&asking.done, __ATOMIC_ACQUIRE));
    pthread_join(thread, NULL);
    assert_true(asking.ok);
    assert_string_equal(asking.answer, "yes");
    close_door(&scene);
    ask(&asking);
    assert_false(asking.ok);
    assert_true(asking.none);
    testbed_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_line_is_answered_and_the_door_hangs_up),
        testbed_test(a_line_without_end_is_hung_up_on),
        testbed_test(who_has_gone_before_the_answer_harms_nobody),
        testbed_test(who_waits_when_it_closes_is_gone),
        testbed_test(who_says_nothing_keeps_nobody_out),
        testbed_test(who_has_spoken_is_not_put_out),
        testbed_test(who_has_most_gives_way),
        testbed_test(who_says_nothing_is_gone_in_the_end),
        testbed_test(a_dead_ones_socket_is_replaced_and_a_file_is_not),
        testbed_test(who_asks_is_told_the_answer_or_that_nobody_is_there),
    };

    signal(SIGPIPE, SIG_IGN); // as in service
    return cmocka_run_group_tests_name("line_door", tests, NULL, NULL);
}
