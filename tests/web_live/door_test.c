/* SPDX-License-Identifier: Apache-2.0 */
/* What breachd-web asks of breachd's door: maps, for somebody and a reason, and what happened. */
#include "web_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/http_client.h"
#include "support/test.h"

/* ---- breachd's door, which is a child's ---- */

/* Answers whoever comes with these bytes, and writes down what was asked. */
static _Noreturn void be_door(int listener, const char *answer, const char *asked)
{
    char text[8192];

    for (;;) {
        int fd = accept(listener, NULL, NULL);
        size_t n = 0;
        ssize_t got;
        FILE *file;

        while (n < sizeof text - 1 && (got = read(fd, text + n, sizeof text - 1 - n)) > 0) {
            n += (size_t)got;
            text[n] = '\0';
            if (strstr(text, "\r\n\r\n") != NULL)
                break;
        }
        file = fopen(asked, "we");
        fputs(text, file);
        fclose(file);
        if (write(fd, answer, strlen(answer)) < 0)
            _exit(1);
        close(fd);
    }
}

static pid_t door_open(const struct testbed *testbed, const char *answer)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    pid_t pid;

    snprintf(at.sun_path, sizeof at.sun_path, "%s", testbed_path(testbed, "door.sock").text);
    unlink(at.sun_path);
    assert_int_equal(bind(listener, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(listener, 8), 0);
    pid = fork();
    if (pid == 0)
        be_door(listener, answer, testbed_path(testbed, "asked").text);
    close(listener);
    return pid;
}

static void door_close(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static int get_map(struct testbed *testbed, const struct browser *browser, const char *path,
                   const char *reason)
{
    char as[HEADERS_TEXT], lines[2 * HEADERS_TEXT];

    snprintf(lines, sizeof lines, "%sheader = \"X-Reason: %s\"\n", web_as(browser, as), reason);
    return testbed_ask_with(testbed, &(struct request){ .method = "GET", .path = path }, lines);
}

/* U+202E, U+0085, U+2028, U+200B */
static const char *const unseen[] = { "a\xE2\x80\xAE"
                                      "b",
                                      "a\xC2\x85"
                                      "b",
                                      "a\xE2\x80\xA8"
                                      "b",
                                      "a\xE2\x80\x8B"
                                      "b" };

static void a_map_is_asked_for_by_somebody_and_for_a_reason(void **state)
{
    struct testbed *testbed = *state;
    struct browser sergeant;
    char *asked;
    pid_t door;

    web_open(testbed);
    sergeant = web_browser(testbed, "sergeant");
    door = door_open(testbed, "HTTP/1.1 200 OK\r\nContent-Type: application/geo+json\r\n"
                              "Content-Length: 32\r\n\r\n{\"type\":\"FeatureCollection\",\"x\":1");
    assert_int_equal(get_map(testbed, &sergeant, "/incidents/A/home/1/map", "call 7"), 502);
    door_close(door);
    door = door_open(testbed, "HTTP/1.1 200 OK\r\nContent-Type: application/geo+json\r\n"
                              "Content-Length: 28\r\n\r\n{\"type\":\"FeatureCollection\"}");
    assert_int_equal(get_map(testbed, &sergeant, "/incidents/A%2Fhome%2F1/map", "call 7"), 200);
    assert_string_equal(testbed->body, "{\"type\":\"FeatureCollection\"}");
    asked = testbed_read(testbed, "asked");
    assert_non_null(strstr(asked, "GET /v1/incidents/A/home/1/map HTTP/1.1\r\n"));
    assert_non_null(strstr(asked, "\r\nAuthorization: Bearer bd_token\r\nX-By: sergeant\r\n"
                                  "X-Reason: call 7\r\n"));
    free(asked);
    web_await_newest(testbed, "audit", "what=look ");
    web_await_newest(testbed, "audit", " who=sergeant from=a unix socket incident=A/home/1");
    assert_int_equal(get_map(testbed, &sergeant, "/incidents/A/home/1/map", ""), 400);
    assert_int_equal(get_map(testbed, &sergeant, "/incidents/A/home/1/map", "\xFF"), 400);
    for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
        assert_int_equal(get_map(testbed, &sergeant, "/incidents/A/home/1/map", unseen[i]), 400);
    assert_int_equal(get_map(testbed, &sergeant, "/incidents/A/home/1/map", "caf\xC3\xA9 \\\\"),
                     200);
    assert_int_equal(
        get_map(testbed, &sergeant, "/incidents/A/home/1/map", "one\"\nheader = \"X-Reason: two"),
        400);
    assert_int_equal(get_map(testbed, &sergeant, "/incidents/A/../B/map", "call 7"), 404);
    assert_int_equal(get_map(testbed, &sergeant, "/incidents/A%0d%0aX/map", "call 7"), 404);
    door_close(door);
    testbed_close(testbed);
}

static const struct {
    const char *answer;
    int code;
} doors[] = {
    { "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
      404 },
    { "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
      502 },
    { "HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
      502 },
    { "HTTP/1.1 503 Unavailable\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
      503 },
    { "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\n{}", 502 },
    { "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}", 502 },
    { "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", 502 },
    { "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}", 502 },
    { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", 502 },
    { "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{}", 502 },
    { "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\nnull", 502 },
    { "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n5", 502 },
    { "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]", 502 },
    { "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", 502 },
    { "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n"
      "{\"type\":\"Feature\"}",
      502 },
    { "220 smtp\r\n\r\n", 502 },
    { "", 502 },
};

static void whatever_the_door_answers_ends_no_session(void **state)
{
    struct testbed *testbed = *state;
    struct browser sergeant;

    web_open(testbed);
    sergeant = web_browser(testbed, "sergeant");
    assert_int_equal(get_map(testbed, &sergeant, "/incidents/A/1/map", "call 7"), 502); // away
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++) {
        pid_t door = door_open(testbed, doors[i].answer);
        int code = get_map(testbed, &sergeant, "/incidents/A/1/map", "call 7");

        door_close(door);
        if (code != doors[i].code)
            fail_msg("%s: %d, not %d", doors[i].answer, code, doors[i].code);
    }
    assert_int_equal(web_get(testbed, "/me", &sergeant), 200);
    testbed_close(testbed);
}

static const struct {
    const char *path, *asked; // NULL: refused
    int code;
} histories[] = {
    { "/incidents", "GET /v1/incidents HTTP/1.1\r\n", 200 },
    { "/incidents?state=all&since=2020-06-23T21:00:00%2B01:00&after=412",
      "GET /v1/incidents?state=all&since=2020-06-23T20:00:00.000Z&after=412 HTTP/1.1\r\n", 200 },
    { "/incidents?state=todo&after=1", "GET /v1/incidents?state=todo&after=1 HTTP/1.1\r\n", 200 },
    { "/incidents?area=x", NULL, 400 },
    { "/incidents?state=todo&more=1", NULL, 400 },
    { "/incidents?xstate=todo", NULL, 400 },
    { "/incidents?state", NULL, 400 },
    { "/incidents/A/home/1?after=7", "GET /v1/incidents/A/home/1?after=7 HTTP/1.1\r\n", 200 },
    { "/incidents/A%2Fhome%2F1", "GET /v1/incidents/A/home/1 HTTP/1.1\r\n", 200 },
    { "/incidents?state=gone", NULL, 400 },
    { "/incidents?state=", NULL, 400 },
    { "/incidents?since=yesterday", NULL, 400 },
    { "/incidents?after=1%0d%0aX", NULL, 400 },
    { "/incidents?after=-1", NULL, 400 },
    { "/incidents/A%2F..%2FB", NULL, 404 },
    { "/incidents/A%0d%0aX", NULL, 404 },
    { "/incidents/", NULL, 404 },
};

static void what_happened_is_asked_for_as_breachd_would_understand_it(void **state)
{
    struct testbed *testbed = *state;
    struct browser viewer;
    pid_t door;

    web_open(testbed);
    viewer = web_browser(testbed, "viewer"); // no place is in it, so no reason either
    assert_int_equal(web_get(testbed, "/incidents", &viewer), 502); // away
    door = door_open(testbed, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                              "Content-Length: 16\r\n\r\n{\"incidents\":[]}");
    for (size_t i = 0; i < sizeof histories / sizeof *histories; i++) {
        int code = web_get(testbed, histories[i].path, &viewer);
        char *asked = testbed_read(testbed, "asked");

        if (code != histories[i].code)
            fail_msg("%s: %d", histories[i].path, code);
        if (histories[i].asked != NULL &&
            strncmp(asked, histories[i].asked, strlen(histories[i].asked)) != 0)
            fail_msg("%s: asked for %s", histories[i].path, asked);
        assert_null(strstr(asked, "X-Reason"));
        free(asked);
    }
    door_close(door);
    testbed_close(testbed);
}

/* A door that takes connections and says nothing. */
static int deaf_door(const struct testbed *testbed)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(at.sun_path, sizeof at.sun_path, "%s", testbed_path(testbed, "door.sock").text);
    unlink(at.sun_path);
    assert_int_equal(bind(listener, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(listener, 64), 0);
    return listener;
}

static int begin_get(struct testbed *testbed, const struct browser *browser, const char *path)
{
    char request[512];
    int fd = testbed_door(testbed);
    int n = snprintf(request, sizeof request,
                     "GET %s HTTP/1.1\r\nHost: localhost\r\nX-Reason: call 7\r\n"
                     "Cookie: breachd=%s\r\n\r\n",
                     path, browser->cookie);

    assert_true(http_client_say(fd, request, (size_t)n));
    return fd;
}

/* Forty of one person's are four; and however many people ask, a map is still asked for. */
static void who_asks_much_leaves_places_for_maps(void **state)
{
    static const char *const names[] = { "viewer", "desk", "sergeant", "other" };
    enum { EACH = 10, PEOPLE = sizeof names / sizeof *names, MAPS = 3 };
    struct testbed *testbed = *state;
    struct browser chief;
    int fds[EACH * PEOPLE], maps[MAPS], listener, n = 0;
    char *users = testbed_read(testbed, "users");

    testbed_print(testbed, "users", "%sother view %s\nchief map %s\n", users, KEPT_PASSWORD,
                  KEPT_PASSWORD);
    free(users);
    web_open(testbed);
    listener = deaf_door(testbed);
    chief = web_browser(testbed, "chief");
    for (int who = 0; who < PEOPLE; who++) {
        struct browser browser = web_browser(testbed, names[who]);

        for (int i = 0; i < EACH; i++)
            fds[n++] = begin_get(testbed, &browser, "/incidents?state=all");
        assert_int_equal(web_get(testbed, "/incidents", &browser), who < 3 ? 429 : 503);
    }
    for (int i = 0; i < MAPS; i++)
        maps[i] = begin_get(testbed, &chief, "/incidents/A/1/map");
    assert_int_equal(web_get(testbed, "/todo", &chief), 200); // those before it have begun
    close(listener);                                          // so all of them end: 502
    for (int i = 0; i < MAPS; i++) {
        char body[HTTP_CLIENT_ANSWER_MAX];

        assert_int_equal(http_client_hear(maps[i], body), 502);
        close(maps[i]);
    }
    while (n > 0)
        close(fds[--n]);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        web_test(a_map_is_asked_for_by_somebody_and_for_a_reason),
        web_test(whatever_the_door_answers_ends_no_session),
        web_test(who_asks_much_leaves_places_for_maps),
        web_test(what_happened_is_asked_for_as_breachd_would_understand_it),
    };

    return cmocka_run_group_tests_name("door", tests, NULL, NULL);
}
