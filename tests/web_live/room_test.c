/* SPDX-License-Identifier: Apache-2.0 */
/* What the control room says goes to breachd in its own name; places come from breachd's door. */
#include "web_fixture.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"

/* The fields of the newest entry of a stream, "name=value name=value …"; the caller frees. */
static char *newest(struct testbed *testbed, const char *stream)
{
    redisReply *reply = testbed_redis(testbed, "XREVRANGE {breachd}:%s + - COUNT 1", stream);
    redisReply *fields;
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    assert_int_equal(reply->elements, 1);
    fields = reply->element[0]->element[1];
    for (size_t i = 0; i + 1 < fields->elements; i += 2)
        fprintf(out, "%s%s=%s", i > 0 ? " " : "", fields->element[i]->str,
                fields->element[i + 1]->str);
    fclose(out);
    freeReplyObject(reply);
    return text;
}

static const struct {
    const char *path, *body, *entry; // NULL: refused with 400
} words[] = {
    { "/ack", "{\"incident\":\"A/home/1\"}", "incident=A/home/1 action=ack by=desk" },
    { "/ack", "{\"incident\":\"device/tag-1/silent/2\",\"note\":\"h\xC3\xA9\",\"by\":\"another\"}",
      "incident=device/tag-1/silent/2 action=ack by=desk note=h\xC3\xA9" },
    { "/close", "{\"incident\":\"A/home/1\",\"outcome\":\"arrested\"}",
      "incident=A/home/1 action=close by=desk reason=arrested" },
    { "/close", "{\"incident\":\"A/home/1\",\"reason\":\"drift\",\"note\":\"n\"}",
      "incident=A/home/1 action=close by=desk reason=drift note=n" },
    { "/hand", "{\"incident\":\"A/home/1\",\"to\":\"sergeant\"}",
      "incident=A/home/1 action=hand by=desk to=sergeant" },
    { "/shelve", "{\"incident\":\"A/home/1\",\"until\":\"2030-01-01T00:00:00Z\"}",
      "incident=A/home/1 action=shelve by=desk until=2030-01-01T00:00:00Z" },
    { "/shelve", "{\"incident\":\"A/home/1\",\"until\":\"2h\"}",
      "incident=A/home/1 action=shelve by=desk until=2h" },
    { "/note", "{\"incident\":\"A/home/1\",\"note\":\"<b>\"}",
      "incident=A/home/1 action=note by=desk note=<b>" },
    { "/ack", "{}", NULL },
    { "/ack", "{\"incident\":\"\"}", NULL },
    { "/ack", "{\"incident\":\"A/../1\"}", NULL },
    { "/ack", "{\"incident\":\"A b\"}", NULL },
    { "/ack", "{\"incident\":\"A/1\",\"reason\":\"bored\"}", NULL },
    { "/ack", "{\"incident\":\"A/1\",\"note\":\"a\\r\\nb\"}", NULL },
    { "/ack", "[\"A/1\"]", NULL },
    { "/ack", "{\"incident\":\"A/1\",\"incident\":\"A/2\"}", NULL },
    { "/close", "{\"incident\":\"A/1\"}", NULL },
    { "/close", "{\"incident\":\"A/1\",\"outcome\":\"bored\"}", NULL },
    { "/hand", "{\"incident\":\"A/1\"}", NULL },
    { "/shelve", "{\"incident\":\"A/1\"}", NULL },
    { "/shelve", "{\"incident\":\"A/1\",\"until\":\"2 hours\"}", NULL },
    { "/shelve", "{\"incident\":\"A/1\",\"until\":\"22:30\"}", NULL },
    { "/shelve", "{\"incident\":\"A/1\",\"until\":\"9h\"}", NULL },
    { "/shelve", "{\"incident\":\"A/1\",\"until\":\"0s\"}", NULL },
    { "/shelve", "{\"incident\":\"A/1\",\"until\":\"2020-13-01T00:00:00Z\"}", NULL },
    { "/note", "{\"incident\":\"A/1\"}", NULL },
};

static void what_is_said_stands_in_the_stream_by_who_says_it(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        int code = web_say(testbed, words[i].path, words[i].body, &desk);
        char *entry;

        if (code != (words[i].entry != NULL ? 202 : 400))
            fail_msg("%s %s: %d: %s", words[i].path, words[i].body, code, testbed->body);
        if (words[i].entry == NULL)
            continue;
        assert_int_equal(strncmp(testbed->body, "{\"id\":\"", 7), 0);
        entry = newest(testbed, "acks");
        assert_string_equal(entry, words[i].entry);
        free(entry);
    }
    assert_int_equal(testbed_redis_number(testbed, "XLEN {breachd}:acks"), 8);
    testbed_close(testbed);
}

static void who_did_what_is_written_down(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;
    char *entry;

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    web_say(testbed, "/ack", "{\"incident\":\"A/home/1\"}", &desk);
    entry = newest(testbed, "audit");
    assert_non_null(strstr(entry, "program=breachd-web what=ack at=20"));
    assert_non_null(strstr(entry, " who=desk from=a unix socket incident=A/home/1"));
    free(entry);
    web_say(testbed, "/logout", "{}", &desk);
    entry = newest(testbed, "audit");
    assert_non_null(strstr(entry, "what=logout "));
    free(entry);
    entry = newest(testbed, "reports"); // breachd itself is not there
    assert_non_null(strstr(entry, "what=lost "));
    free(entry);
    testbed_close(testbed);
}

static void without_redis_nothing_is_said_and_that_is_told(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    testbed_redis_kill(testbed);
    assert_int_equal(web_say(testbed, "/ack", "{\"incident\":\"A/1\"}", &desk), 503);
    testbed_redis_start(testbed, "appendonly yes\n");
    testbed_close(testbed);
}

/* Hangs: who waits is answered once it is given up. */
static void a_redis_that_hangs_is_given_up(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;
    struct stream stream;

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    stream = stream_open(testbed, &desk, "");
    kill(testbed->redis.pid, SIGSTOP);
    assert_int_equal(web_say(testbed, "/ack", "{\"incident\":\"A/1\"}", &desk), 503);
    stream_until(&stream, "event: lost\ndata: {\"what\":\"redis\"}");
    kill(testbed->redis.pid, SIGCONT);
    stream_until(&stream, "event: lost\ndata: {\"what\":\"heartbeat\"}");
    stream_close(&stream);
    testbed_close(testbed);
}

/*
 * The command as the manual page has it, from "ACL SETUSER web" to its end, in one line; each % is
 * doubled, for hiredis.
 */
static void read_rights(char *out, size_t room)
{
    FILE *page = fopen(MANUAL_PAGE, "re");
    char line[256];
    bool on = false;
    size_t n = 0;

    assert_non_null(page);
    while (fgets(line, sizeof line, page) != NULL && (!on || line[0] != '.')) {
        on = on || strncmp(line, "ACL SETUSER web", 15) == 0;
        line[strcspn(line, "\\\n")] = '\0'; // and what goes on with it
        for (const char *at = line; on && *at != '\0'; at++)
            n += (size_t)snprintf(out + n, room - n, "%s%c", *at == '%' ? "%" : "", *at);
    }
    fclose(page);
    assert_true(on && n < room);
}

static void with_the_rights_of_the_manual_it_does_its_work(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;
    struct stream stream;
    char rights[1024], url[128], last[64], *entry;

    read_rights(rights, sizeof rights);
    testbed_redis_start(testbed, "appendonly yes\n");
    freeReplyObject(testbed_redis(testbed, rights));
    freeReplyObject(testbed_redis(testbed, "SET {breachd}:heartbeat {\"site\":\"essex\"}"));
    testbed_print(testbed, "password", "PASSWORD\n");
    snprintf(url, sizeof url, "unix://web@%s", testbed_path(testbed, "redis.sock").text);
    testbed_set(testbed, "breachd.conf", "redis", "url", url);
    testbed_set(testbed, "breachd.conf", "redis", "password-file", "password");
    testbed_start(testbed, NULL);
    desk = web_browser(testbed, "desk");
    stream = stream_open(testbed, &desk, "");
    stream_until(&stream, "event: heartbeat");
    web_alert(testbed, 1);
    stream_until(&stream, "{\"n\":1}");
    stream_last(&stream, last);
    stream_close(&stream);
    web_alert(testbed, 2);
    stream = stream_open(testbed, &desk, last);
    stream_until(&stream, "{\"n\":2}");
    assert_int_equal(web_get(testbed, "/alerts", &desk), 200);
    assert_int_equal(web_say(testbed, "/ack", "{\"incident\":\"A/1\"}", &desk), 202);
    entry = newest(testbed, "audit");
    assert_non_null(strstr(entry, "what=ack "));
    free(entry);
    assert_int_equal(stream_count(&stream, "event: lost"), 0);
    assert_false(testbed_log_has(testbed, "NOPERM"));
    assert_true(testbed_redis_number(testbed, "XLEN {breachd}:reports") > 0);
    stream_close(&stream);
    testbed_close(testbed);
}

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

static void a_map_is_asked_for_by_somebody_and_for_a_reason(void **state)
{
    struct testbed *testbed = *state;
    struct browser sergeant;
    char *asked, *entry;
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
    entry = newest(testbed, "audit");
    assert_non_null(strstr(entry, "what=look "));
    assert_non_null(strstr(entry, " who=sergeant from=a unix socket incident=A/home/1"));
    free(entry);
    assert_int_equal(get_map(testbed, &sergeant, "/incidents/A/home/1/map", ""), 400);
    assert_int_equal(get_map(testbed, &sergeant, "/incidents/A/home/1/map", "\xFF"), 400);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        web_test(what_is_said_stands_in_the_stream_by_who_says_it),
        web_test(who_did_what_is_written_down),
        web_test(without_redis_nothing_is_said_and_that_is_told),
        web_test(a_redis_that_hangs_is_given_up),
        web_test(with_the_rights_of_the_manual_it_does_its_work),
        web_test(a_map_is_asked_for_by_somebody_and_for_a_reason),
        web_test(whatever_the_door_answers_ends_no_session),
    };

    return cmocka_run_group_tests_name("room", tests, NULL, NULL);
}
