/* SPDX-License-Identifier: Apache-2.0 */
/* Who comes in, what each may, and who comes with another's cookie, page or method. */
#include "web_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/http_client.h"
#include "support/test.h"

static void who_has_the_password_comes_in(void **state)
{
    struct testbed *testbed = *state;
    struct browser viewer;

    web_open(testbed);
    viewer = web_browser(testbed, "viewer");
    assert_non_null(strstr(testbed->head, "; Path=/; HttpOnly; SameSite=Strict\r\n"));
    assert_int_equal(web_get(testbed, "/me", &viewer), 200);
    assert_non_null(strstr(testbed->body, "\"name\":\"viewer\",\"role\":\"view\",\"csrf\":\""));
    assert_non_null(strstr(testbed->body, "\"timezone\":\"Europe/London\""));
    testbed_close(testbed);
}

/* In so many words the same, whatever is wrong; and nothing of it is a session. */
static void who_has_not_does_not(void **state)
{
    static const struct {
        const char *name, *password;
    } wrong[] = { { "viewer", "correct horse batterz" },
                  { "viewer", "" },
                  { "nobody", PASSWORD },
                  { "", PASSWORD },
                  { "none", PASSWORD } };
    struct testbed *testbed = *state;
    char *users = testbed_read(testbed, "users");

    testbed_print(testbed, "users", "%snone map -\n", users);
    free(users);
    web_open(testbed);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(web_login(testbed, wrong[i].name, wrong[i].password), 401);
        assert_string_equal(testbed->body, "{\"error\":\"name or password is wrong\"}");
        assert_false(testbed_has_header(testbed, "Set-Cookie"));
    }
    web_await_rows(testbed, "audit", 5);
    testbed_close(testbed);
}

static void a_body_that_is_no_login_is_refused(void **state)
{
    static const char *const bad[] = { "",
                                       "{",
                                       "[]",
                                       "{\"name\":7,\"password\":\"x\"}",
                                       "{\"name\":\"a\\u0000b\"}",
                                       "{\"name\":\"a\\nb\"}",
                                       "{\"name\":\"a\",\"name\":\"b\",\"password\":\"x\"}",
                                       "{\"name\":\"\xFF\",\"password\":\"x\"}" };
    struct testbed *testbed = *state;
    struct request form = { "POST", "/login", "text/plain", "{\"name\":\"viewer\"}", 17 };

    web_open(testbed);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (web_post(testbed, "/login", bad[i], "") != 400)
            fail_msg("%s: %s", bad[i], testbed->head);
    }
    // As a form of another page could send it.
    assert_int_equal(testbed_ask_with(testbed, &form, "header = \"Origin: http://localhost\"\n"),
                     400);
    testbed_close(testbed);
}

static void who_has_logged_out_is_out_with_cookie_and_stream(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk, other;
    struct stream stream;

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    other = web_browser(testbed, "desk");
    stream = stream_open(testbed, &desk, "");
    assert_int_equal(web_say(testbed, "/logout", "{}", &desk), 200);
    assert_non_null(strstr(testbed->head, "Set-Cookie: breachd=; "));
    stream_until(&stream, "event: out\n");
    stream_until_gone(&stream);
    assert_int_equal(web_get(testbed, "/me", &desk), 401); // stolen, and too late
    assert_int_equal(web_say(testbed, "/ack", "{\"incident\":\"A/1\"}", &desk), 401);
    assert_int_equal(web_get(testbed, "/me", &other), 200);
    stream_close(&stream);
    testbed_close(testbed);
}

static const struct {
    const char *method, *path;
    int viewer, desk, nobody;
} paths[] = {
    { "GET", "/todo", 200, 200, 401 },      { "GET", "/alerts", 200, 200, 401 },
    { "GET", "/me", 200, 200, 401 },        { "GET", "/incidents/A/1/map", 403, 403, 401 },
    { "GET", "/incidents", 502, 502, 401 }, { "GET", "/incidents/A/1", 502, 502, 401 },
    { "POST", "/ack", 403, 202, 401 },      { "POST", "/close", 403, 400, 401 },
    { "POST", "/hand", 403, 400, 401 },     { "POST", "/shelve", 403, 400, 401 },
    { "POST", "/note", 403, 400, 401 },     { "POST", "/me", 405, 405, 405 },
    { "GET", "/ack", 405, 405, 405 },       { "GET", "/login", 405, 405, 405 },
    { "PUT", "/todo", 405, 405, 405 },      { "DELETE", "/", 405, 405, 405 },
    { "GET", "/nothing", 404, 404, 404 },
};

static void expect(struct testbed *testbed, const char *who, size_t nth,
                   const struct browser *browser, int code)
{
    const char *path = paths[nth].path;
    int got =
        strcmp(paths[nth].method, "POST") == 0
            ? web_say(testbed, path, "{\"incident\":\"A/1\"}", browser)
        : strcmp(paths[nth].method, "GET") == 0
            ? web_get(testbed, path, browser)
            : testbed_ask(testbed, &(struct request){ .method = paths[nth].method, .path = path });

    if (got != code)
        fail_msg("%s: %s %s: %d, not %d", who, paths[nth].method, path, got, code);
}

static void each_role_may_what_it_may(void **state)
{
    const struct browser nobody = {
        "0000000000000000000000000000000000000000000000000000000000000000", ""
    };
    struct testbed *testbed = *state;
    struct browser viewer, desk;
    int64_t deadline = now_ms() + PATIENCE_MS;

    web_open(testbed);
    viewer = web_browser(testbed, "viewer");
    desk = web_browser(testbed, "desk");
    while (web_get(testbed, "/todo", &desk) != 200)
        assert_true(now_ms() < deadline);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        expect(testbed, "viewer", i, &viewer, paths[i].viewer);
        expect(testbed, "desk", i, &desk, paths[i].desk);
        expect(testbed, "nobody", i, &nobody, paths[i].nobody);
    }
    testbed_close(testbed);
}

/* Further lines for curl, and what an ack with them is answered. */
static const struct {
    const char *lines;
    int code;
} pages[] = {
    { "header = \"Origin: http://localhost\"\n", 202 },
    { "header = \"Sec-Fetch-Site: same-origin\"\n", 202 },
    { "header = \"Origin: http://localhost\"\nheader = \"Sec-Fetch-Site: same-origin\"\n", 202 },
    { "", 403 },
    { "header = \"Origin: null\"\n", 403 },
    { "header = \"Origin: http://localhost.evil\"\n", 403 },
    { "header = \"Origin: https://localhost\"\n", 403 },
    { "header = \"Origin: http://evil\"\nheader = \"Sec-Fetch-Site: same-origin\"\n", 403 },
    { "header = \"Origin: http://localhost\"\nheader = \"Sec-Fetch-Site: cross-site\"\n", 403 },
    { "header = \"Sec-Fetch-Site: same-site\"\n", 403 },
    { "header = \"Sec-Fetch-Site: none\"\n", 403 },
};

static void another_page_changes_nothing(void **state)
{
    struct testbed *testbed = *state;
    struct request ack = { "POST", "/ack", "application/json", "{\"incident\":\"A/1\"}", 18 };
    struct browser desk, forged;
    char lines[2 * HEADERS_TEXT], as[HEADERS_TEXT];

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        snprintf(lines, sizeof lines, "%s%s", web_as(&desk, as), pages[i].lines);
        if (testbed_ask_with(testbed, &ack, lines) != pages[i].code)
            fail_msg("%s: %s", pages[i].lines, testbed->head);
    }
    forged = desk;
    forged.csrf[0] ^= 1;
    assert_int_equal(web_say(testbed, "/ack", "{\"incident\":\"A/1\"}", &forged), 403);
    assert_int_equal(testbed_redis_number(testbed, "XLEN {breachd}:acks"), 3);
    testbed_close(testbed);
}

/* Within a second of the file's change; a bad file changes nothing. */
static void who_is_let_in_no_more_is_out(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk, viewer;
    struct stream stream;

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    viewer = web_browser(testbed, "viewer");
    stream = stream_open(testbed, &desk, "");
    testbed_replace(testbed, "users", "not a users file\n");
    testbed_await_log(testbed, "users:1: not: role:");
    assert_int_equal(web_get(testbed, "/me", &desk), 200);
    testbed_replace(testbed, "users", "viewer view %s\n", KEPT_PASSWORD);
    stream_until(&stream, "event: out\n");
    assert_int_equal(web_get(testbed, "/me", &desk), 401);
    assert_int_equal(web_get(testbed, "/me", &viewer), 200);
    assert_int_equal(web_login(testbed, "desk", PASSWORD), 401);
    stream_close(&stream);
    testbed_close(testbed);
}

/* Who listens does not idle, and is out all the same when the whole time is over. */
static void time_ends_a_session(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;
    struct stream stream;
    int64_t begun;

    testbed_set(testbed, "breachd.conf", "web", "idle", "1s");
    testbed_set(testbed, "breachd.conf", "web", "absolute", "3s");
    web_open(testbed);
    begun = now_ms();
    desk = web_browser(testbed, "desk");
    stream = stream_open(testbed, &desk, "");
    stream_until(&stream, "event: out\n");
    assert_in_range(now_ms() - begun, 2500, 10000);
    assert_int_equal(web_get(testbed, "/me", &desk), 401);
    stream_close(&stream);
    testbed_close(testbed);
}

/* However many try at once, who is in is served, and some are told to wait. */
static void a_flood_of_logins_stalls_nobody(void **state)
{
    enum { FLOOD = 40 };
    static const char login[] =
        "POST /login HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
        "Content-Type: application/json\r\nContent-Length: 37\r\n\r\n"
        "{\"name\":\"viewer\",\"password\":\"wrong!\"}";
    struct testbed *testbed = *state;
    struct browser desk;
    int fds[FLOOD], refused = 0, late = 0;
    char body[HTTP_CLIENT_ANSWER_MAX];
    int64_t begun;

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    for (int i = 0; i < FLOOD; i++) {
        fds[i] = testbed_door(testbed);
        assert_true(http_client_say(fds[i], login, sizeof login - 1));
    }
    begun = now_ms();
    assert_int_equal(web_get(testbed, "/me", &desk), 200);
    assert_in_range(now_ms() - begun, 0, 2000);
    for (int i = 0; i < FLOOD; i++) {
        int code = http_client_hear(fds[i], body);

        refused += code == 401;
        late += code == 429;
        close(fds[i]);
    }
    assert_int_equal(refused + late, FLOOD);
    assert_true(refused >= 8 && late > 0);
    testbed_close(testbed);
}

static void by_tls_the_cookie_is_the_hosts_own(void **state)
{
    struct testbed *testbed = *state;
    char listen[64];

    testbed_make_ca(testbed, "ca");
    testbed_make_certificate(testbed, "ca", "server", "/CN=localhost",
                             "DNS:localhost,IP:127.0.0.1");
    testbed->http_port = testbed_free_port();
    snprintf(listen, sizeof(listen), "127.0.0.1:%d", testbed->http_port);
    testbed_set(testbed, "breachd.conf", "web", "listen", listen);
    testbed_set(testbed, "breachd.conf", "web", "tls-certificate", "server.pem");
    testbed_set(testbed, "breachd.conf", "web", "tls-key", "server.key");
    web_open(testbed);
    snprintf(listen, sizeof listen, "https://localhost:%d", testbed->http_port);
    testbed_print(testbed, "login", "{\"name\":\"desk\",\"password\":\"%s\"}", PASSWORD);
    testbed_print(testbed, "lines", "header = \"Origin: %s\"\n", listen);
    assert_int_equal(testbed_curl(testbed,
                                  "--cacert ca.pem -K lines -H 'Content-Type: application/json' "
                                  "-d @login",
                                  "/login"),
                     200);
    assert_non_null(strstr(testbed->body, "Set-Cookie: __Host-breachd="));
    assert_non_null(strstr(testbed->body, "; Secure\r\n"));
    assert_non_null(strstr(testbed->body, "Strict-Transport-Security: max-age="));
    testbed_print(testbed, "server.key", "none\n"); // what is not loaded is not called so
    testbed_reload(testbed);
    testbed_await_log(testbed, "not reloaded: certificate; what was before goes on");
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        web_test(who_has_the_password_comes_in),
        web_test(who_has_not_does_not),
        web_test(a_body_that_is_no_login_is_refused),
        web_test(who_has_logged_out_is_out_with_cookie_and_stream),
        web_test(each_role_may_what_it_may),
        web_test(another_page_changes_nothing),
        web_test(who_is_let_in_no_more_is_out),
        web_test(time_ends_a_session),
        web_test(a_flood_of_logins_stalls_nobody),
        web_test(by_tls_the_cookie_is_the_hosts_own),
    };

    return cmocka_run_group_tests_name("people", tests, NULL, NULL);
}
