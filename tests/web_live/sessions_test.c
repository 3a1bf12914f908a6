/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions: how many one person has, which goes for the next, and those that a proxy begins. */
#include "web_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/http_client.h"
#include "support/test.h"

/* Sixteen log-ins more throw out who idles, not the desk that listens; then the stream ends too. */
static void who_goes_for_another_log_in_hears_no_more(void **state)
{
    enum { OF_ONE = 16 };
    struct testbed *testbed = *state;
    struct browser first, other;
    struct stream streams[OF_ONE];

    web_open(testbed);
    first = web_browser(testbed, "desk");
    streams[0] = stream_open(testbed, &first, "");
    for (int i = 0; i < OF_ONE; i++)
        other = web_browser(testbed, "desk");
    assert_int_equal(web_get(testbed, "/me", &first), 200);
    web_alert(testbed, 1);
    stream_until(&streams[0], "{\"n\":1}");
    streams[1] = stream_open(testbed, &other, "");
    for (int i = 2; i < OF_ONE; i++) {
        other = web_browser(testbed, "desk");
        streams[i] = stream_open(testbed, &other, "");
    }
    assert_int_equal(web_get(testbed, "/me", &first), 200);
    web_browser(testbed, "desk"); // all listen: the one that was used least of late goes
    stream_until(&streams[1], "event: out\n");
    stream_until_gone(&streams[1]);
    assert_int_equal(web_get(testbed, "/me", &first), 200);
    for (int i = 0; i < OF_ONE; i++)
        stream_close(&streams[i]);
    testbed_close(testbed);
}

/* ---- who floods log-ins from 127.0.1.0/24 ---- */

enum { FLOODERS = 60 };

static int connect_from(struct testbed *testbed, const char *address)
{
    struct sockaddr_in here = { .sin_family = AF_INET };
    struct sockaddr_in there = { .sin_family = AF_INET,
                                 .sin_port = htons((uint16_t)testbed->http_port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    inet_pton(AF_INET, address, &here.sin_addr);
    inet_pton(AF_INET, "127.0.0.1", &there.sin_addr);
    assert_int_equal(bind(fd, (const struct sockaddr *)&here, sizeof here), 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&there, sizeof there), 0);
    return fd;
}

static int ask_login(struct testbed *testbed, const char *address, const char *password)
{
    char request[512], body[128];
    int fd = connect_from(testbed, address), n;

    n = snprintf(body, sizeof body, "{\"name\":\"desk\",\"password\":\"%s\"}", password);
    n = snprintf(request, sizeof request,
                 "POST /login HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\n"
                 "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                 testbed->http_port, testbed->http_port, n, body);
    assert_true(http_client_say(fd, request, (size_t)n));
    return fd;
}

/* Each by an address of its own, of which none has failed yet; the desk by that of another net. */
static void a_flood_from_one_network_keeps_no_desk_out(void **state)
{
    struct testbed *testbed = *state;
    char listen[64], address[32], body[HTTP_CLIENT_ANSWER_MAX];
    int fds[FLOODERS], fd;

    testbed->http_port = testbed_free_port();
    snprintf(listen, sizeof listen, "127.0.0.1:%d", testbed->http_port);
    testbed_set(testbed, "breachd.conf", "web", "listen", listen);
    web_open(testbed);
    for (int round = 0; round < 3; round++) { // at first nobody has failed yet
        for (int i = 0; i < FLOODERS; i++) {
            snprintf(address, sizeof address, "127.0.1.%d", i + 1);
            fds[i] = ask_login(testbed, address, "wrong!");
        }
        fd = ask_login(testbed, "127.0.9.1", PASSWORD);
        assert_int_equal(http_client_hear(fd, body), 200);
        close(fd);
        for (int i = 0; i < FLOODERS; i++)
            close(fds[i]);
    }
    testbed_close(testbed);
}

/* ---- a proxy that says who it is ---- */

/* With these further lines for curl's -K. */
static int get_with(struct testbed *testbed, const char *name, const char *cookie, const char *more)
{
    char lines[512];

    snprintf(lines, sizeof lines, "header = \"X-Person: %s\"\nheader = \"Cookie: breachd=%s\"\n%s",
             name, cookie, more);
    return testbed_ask_with(testbed, &(struct request){ .method = "GET", .path = "/me" }, lines);
}

static int get_as(struct testbed *testbed, const char *name, const char *cookie)
{
    return get_with(testbed, name, cookie, "");
}

static void believe_a_proxy(struct testbed *testbed)
{
    testbed_set(testbed, "breachd.conf", "web", "proxy", "unix");
    testbed_set(testbed, "breachd.conf", "web", "proxy-header", "X-Person");
    web_open(testbed);
}

static void whom_the_proxy_names_is_in(void **state)
{
    struct testbed *testbed = *state;
    char cookie[TOKEN_TEXT];

    believe_a_proxy(testbed);
    assert_int_equal(testbed_get(testbed, "/me"), 401);
    assert_int_equal(get_as(testbed, "nobody", ""), 401);
    assert_int_equal(get_as(testbed, "desk", ""), 200);
    assert_int_equal(sscanf(strstr(testbed->head, "breachd=") + 8, "%64[0-9a-f]", cookie), 1);
    assert_int_equal(get_as(testbed, "desk", cookie), 200);
    assert_false(testbed_has_header(testbed, "Set-Cookie"));  // it is the same session
    assert_int_equal(get_as(testbed, "viewer", cookie), 200); // another person: another session
    assert_true(testbed_has_header(testbed, "Set-Cookie"));
    assert_non_null(strstr(testbed->body, "\"name\":\"viewer\""));
    assert_int_equal(web_login(testbed, "desk", PASSWORD), 403);
    testbed_close(testbed);
}

/* Where none is named, such a header is nothing. */
static void without_a_proxy_its_header_is_nothing(void **state)
{
    struct testbed *testbed = *state;

    web_open(testbed);
    assert_int_equal(get_as(testbed, "desk", ""), 401);
    testbed_close(testbed);
}

/* A link of another site lacks the desk's cookie, and must not get it one in its place. */
static void a_link_of_another_site_begins_no_session(void **state)
{
    static const struct {
        const char *site;
        int code;
    } rows[] = {
        { "cross-site", 403 }, { "same-site", 403 }, { "same-origin", 200 }, { "none", 200 }
    };
    struct testbed *testbed = *state;
    char cookie[TOKEN_TEXT], line[64];

    believe_a_proxy(testbed);
    assert_int_equal(get_as(testbed, "desk", ""), 200);
    assert_int_equal(sscanf(strstr(testbed->head, "breachd=") + 8, "%64[0-9a-f]", cookie), 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(line, sizeof line, "header = \"Sec-Fetch-Site: %s\"\n", rows[i].site);
        assert_int_equal(get_with(testbed, "desk", "", line), rows[i].code);
        assert_int_equal(testbed_has_header(testbed, "Set-Cookie"), rows[i].code == 200);
        assert_int_equal(get_with(testbed, "desk", cookie, line), 200); // it has a session
        assert_false(testbed_has_header(testbed, "Set-Cookie"));
    }
    testbed_close(testbed);
}

/* Without a cookie each would be a session, and a row of the audit. */
static void one_person_comes_in_so_often(void **state)
{
    struct testbed *testbed = *state;
    int in = 0, late = 0;

    believe_a_proxy(testbed);
    for (int i = 0; i < 40; i++) {
        int code = get_as(testbed, "desk", "");

        in += code == 200;
        late += code == 429;
    }
    assert_int_equal(in + late, 40);
    assert_in_range(in, 16, 20); // one more each 6 s
    assert_int_equal(get_as(testbed, "viewer", ""), 200);
    web_await_rows(testbed, "audit", in + 1);
    assert_int_equal(testbed_redis_number(testbed, "XLEN {breachd}:audit"), in + 1);
    testbed_close(testbed);
}

/* Of two, one is somebody else's. */
static void whom_the_proxy_names_twice_is_nobody(void **state)
{
    struct testbed *testbed = *state;

    believe_a_proxy(testbed);
    assert_int_equal(get_with(testbed, "desk", "", "header = \"X-Person: sergeant\"\n"), 400);
    assert_false(testbed_has_header(testbed, "Set-Cookie"));
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        web_test(who_goes_for_another_log_in_hears_no_more),
        web_test(a_flood_from_one_network_keeps_no_desk_out),
        web_test(whom_the_proxy_names_is_in),
        web_test(without_a_proxy_its_header_is_nothing),
        web_test(a_link_of_another_site_begins_no_session),
        web_test(one_person_comes_in_so_often),
        web_test(whom_the_proxy_names_twice_is_nobody),
    };

    return cmocka_run_group_tests_name("sessions", tests, NULL, NULL);
}
