/* SPDX-License-Identifier: Apache-2.0 */
/* Ten thousand browsers that listen and say nothing: others are served, and one more is refused. */
#include "web_fixture.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "support/http_client.h"
#include "support/test.h"

enum { BROWSERS = 10000, OF_SESSION = 32, OF_PERSON = 64, FEW = 4, SPARE = 600 };

static bool raise_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max < BROWSERS + SPARE)
        return false;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

/* Says it, and hears the head of what is answered; the connection is the caller's. */
static int say(struct testbed *testbed, const char *request, char head[2048])
{
    int fd = testbed_door(testbed);
    ssize_t got;
    size_t n = 0;

    assert_true(http_client_say(fd, request, strlen(request)));
    head[0] = '\0';
    while (strstr(head, "\r\n\r\n") == NULL && (got = read(fd, head + n, 2047 - n)) > 0) {
        n += (size_t)got;
        head[n] = '\0';
    }
    return fd;
}

/* A session for the person whom the proxy names. */
static void begin_session(struct testbed *testbed, const char *name, char cookie[TOKEN_TEXT])
{
    char request[256], head[2048];

    snprintf(request, sizeof request, "GET /me HTTP/1.1\r\nHost: x\r\nX-Person: %s\r\n\r\n", name);
    close(say(testbed, request, head));
    assert_non_null(strstr(head, "breachd="));
    assert_int_equal(sscanf(strstr(head, "breachd="), "breachd=%64[0-9a-f]", cookie), 1);
}

static int listen_as(struct testbed *testbed, const char *name, const char *cookie, char head[2048])
{
    char request[512];

    snprintf(request, sizeof request,
             "GET /events HTTP/1.1\r\nHost: x\r\nX-Person: %s\r\nCookie: breachd=%s\r\n\r\n", name,
             cookie);
    return say(testbed, request, head);
}

static void gather(struct testbed *testbed, int *fds, int n)
{
    char cookie[TOKEN_TEXT], head[2048], name[16];

    for (int i = 0; i < n; i++) {
        snprintf(name, sizeof name, "p%d", i / OF_PERSON);
        if (i % OF_SESSION == 0)
            begin_session(testbed, name, cookie);
        fds[i] = listen_as(testbed, name, cookie, head);
        if (strstr(head, " 200 OK") == NULL)
            fail_msg("%d: %s", i, head);
    }
}

static void expect_code(struct testbed *testbed, const char *name, const char *cookie,
                        const char *code)
{
    char head[2048];

    close(listen_as(testbed, name, cookie, head));
    if (strstr(head, code) == NULL)
        fail_msg("not %s: %s", code, head);
}

static void settle(struct testbed *testbed, int most)
{
    char text[16], *users = NULL;
    size_t n;
    FILE *out = open_memstream(&users, &n);

    for (int i = 0; i <= BROWSERS / OF_PERSON + 1; i++)
        fprintf(out, "p%d view -\n", i);
    fputs("other view -\n", out);
    fclose(out);
    testbed_print(testbed, "users", "%s", users);
    free(users);
    snprintf(text, sizeof text, "%d", most);
    testbed_set(testbed, "breachd.conf", "web", "max-events", text);
    testbed_set(testbed, "breachd.conf", "web", "proxy", "unix");
    testbed_set(testbed, "breachd.conf", "web", "proxy-header", "X-Person");
}

static void ten_thousand_listen_and_others_are_served(void **state)
{
    struct testbed *testbed = *state;
    int *fds = calloc(BROWSERS, sizeof *fds);
    char cookie[TOKEN_TEXT], piece[16384];
    int64_t begun;

    if (!raise_descriptors()) {
        free(fds);
        testbed->well = true;
        skip();
    }
    settle(testbed, BROWSERS * 16 / 15); // of which each sixteenth is kept for others
    web_open(testbed);
    gather(testbed, fds, BROWSERS);
    begin_session(testbed, "p0", cookie);
    expect_code(testbed, "p0", cookie, " 503 ");
    begin_session(testbed, "other", cookie);
    expect_code(testbed, "other", cookie, " 200 ");
    begun = now_ms();
    begin_session(testbed, "other", cookie);
    assert_in_range(now_ms() - begun, 0, 1000);
    begun = now_ms();
    web_alert(testbed, 1);
    while (read(fds[BROWSERS - 1], piece, sizeof piece - 1) > 0 &&
           strstr(piece, "{\"n\":1}") == NULL)
        memset(piece, 0, sizeof piece);
    printf("one alert to %d browsers: %lld ms to the last\n", BROWSERS,
           (long long)(now_ms() - begun));
    for (int i = 0; i < BROWSERS; i++)
        close(fds[i]);
    free(fds);
    testbed_close(testbed);
}

static void one_log_in_has_so_many_and_no_more(void **state)
{
    struct testbed *testbed = *state;
    int fds[OF_SESSION];
    char cookie[TOKEN_TEXT], head[2048];
    int64_t deadline = now_ms() + PATIENCE_MS;
    int fd;

    settle(testbed, 1000);
    web_open(testbed);
    begin_session(testbed, "p0", cookie);
    for (int i = 0; i < OF_SESSION; i++)
        fds[i] = listen_as(testbed, "p0", cookie, head);
    expect_code(testbed, "p0", cookie, " 429 ");
    close(fds[0]);
    do { // its place is free as soon as its end was seen
        assert_true(now_ms() < deadline);
        fd = listen_as(testbed, "p0", cookie, head);
        close(fd);
    } while (strstr(head, " 200 OK") == NULL);
    for (int i = 1; i < OF_SESSION; i++)
        close(fds[i]);
    testbed_close(testbed);
}

/* Two of them cannot take all that there are, nor one what is kept for who has few. */
static void one_person_has_so_many_and_leaves_some(void **state)
{
    enum { MOST = 128, KEPT = MOST / 16 };
    struct testbed *testbed = *state;
    int fds[MOST];
    char cookie[TOKEN_TEXT], head[2048];

    settle(testbed, MOST);
    web_open(testbed);
    gather(testbed, fds, MOST - KEPT); // 64 of p0, 56 of p1
    begin_session(testbed, "p1", cookie);
    expect_code(testbed, "p1", cookie, " 503 ");
    for (int i = 0; i < KEPT; i++) {
        if (i % FEW == 0)
            begin_session(testbed, i == 0 ? "p2" : "other", cookie);
        fds[MOST - KEPT + i] = listen_as(testbed, i < FEW ? "p2" : "other", cookie, head);
        assert_non_null(strstr(head, " 200 OK"));
    }
    for (int i = 0; i < MOST; i++)
        close(fds[i]);
    testbed_close(testbed);
}

static void one_name_has_so_many(void **state)
{
    struct testbed *testbed = *state;
    int fds[OF_PERSON];
    char cookie[TOKEN_TEXT];

    settle(testbed, 2000);
    web_open(testbed);
    gather(testbed, fds, OF_PERSON);
    begin_session(testbed, "p0", cookie);
    expect_code(testbed, "p0", cookie, " 429 ");
    begin_session(testbed, "p1", cookie);
    expect_code(testbed, "p1", cookie, " 200 ");
    for (int i = 0; i < OF_PERSON; i++)
        close(fds[i]);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        web_test(ten_thousand_listen_and_others_are_served),
        web_test(one_person_has_so_many_and_leaves_some),
        web_test(one_name_has_so_many),
        web_test(one_log_in_has_so_many_and_no_more),
    };

    return cmocka_run_group_tests_name("browsers", tests, NULL, NULL);
}
