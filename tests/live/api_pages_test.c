/* SPDX-License-Identifier: Apache-2.0 */
/* Many ask for pages of devices at once: pings are answered between them, and no more wait. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/http_client.h"
#include "support/test.h"
#include "support/testbed.h"
#include "support/token_line.h"

enum { DEVICES = 100, CONNECTIONS = 24, WAIT_MAX = 16 };

#define HEALTHY "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
#define PAGE    "GET /v1/devices HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer room-secret\r\n\r\n"

static void open_with_devices(struct testbed *testbed)
{
    FILE *out = fopen(testbed_path(testbed, "tokens").text, "we");
    char id[16], device[16];

    assert_non_null(out);
    token_line(out, "gateway", "any-secret", "*");
    token_line(out, "desk", "room-secret", "room");
    fclose(out);
    testbed_set(testbed, "breachd.conf", "http", "tokens", "tokens");
    for (int i = 0; i < DEVICES; i++) {
        snprintf(id, sizeof id, "K%02d", i);
        snprintf(device, sizeof device, "k-%02d", i);
        testbed_order(testbed, id, device, 20000 + i, 200, "");
    }
    testbed->token = "any-secret";
    testbed_open(testbed, "", NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 900), 200);
}

/* Each has been let in already, and its place is taken in the order of `fds`. */
static void let_in(struct testbed *testbed, int *fds, int n)
{
    char body[HTTP_CLIENT_ANSWER_MAX];

    for (int i = 0; i < n; i++) {
        fds[i] = testbed_door(testbed);
        assert_true(http_client_say(fds[i], HEALTHY, strlen(HEALTHY)));
        assert_int_equal(http_client_hear(fds[i], body), 200);
    }
}

/* How often a code was answered; as an operator may ask on a connection of his own. */
static int answered(const char *metrics, const char *code)
{
    char series[64];
    const char *at;

    snprintf(series, sizeof series, "breachd_http_requests_total{code=\"%s\"} ", code);
    at = strstr(metrics, series);
    return at != NULL ? atoi(at + strlen(series)) : 0;
}

/* The code of an answer, whose text goes on to the end of its body; the caller frees the text. */
static int hear(int fd, char **out_text)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    char piece[16384], *text = NULL;
    size_t n, whole = 0;
    FILE *all = open_memstream(&text, &n);
    int code = 0;

    while (whole == 0 || n < whole) {
        const char *end, *length;
        ssize_t got;

        assert_true(wait_for(fd, POLLIN, deadline));
        got = read(fd, piece, sizeof piece);
        assert_true(got > 0);
        fwrite(piece, 1, (size_t)got, all);
        fflush(all);
        end = strstr(text, "\r\n\r\n");
        length = strcasestr(text, "\r\ncontent-length:");
        if (end != NULL && length != NULL)
            whole = (size_t)(end + 4 - text) + strtoul(length + 17, NULL, 10);
    }
    fclose(all);
    sscanf(text, "HTTP/1.%*d %d", &code);
    *out_text = text;
    return code;
}

/* All asked while breachd was stopped, so that it finds them at once, in this order. */
static void ask_at_once(struct testbed *testbed, const int *fds, int n, const char *last)
{
    assert_int_equal(kill(testbed->breachd.pid, SIGSTOP), 0);
    for (int i = 0; i < n; i++)
        assert_true(http_client_say(fds[i], PAGE, strlen(PAGE)));
    assert_true(http_client_say(fds[n], last, strlen(last)));
    assert_int_equal(kill(testbed->breachd.pid, SIGCONT), 0);
}

#define METRICS "GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer room-secret\r\n\r\n"

static void who_comes_behind_many_pages_is_answered_before_them(void **state)
{
    struct testbed *testbed = *state;
    int fds[WAIT_MAX + 1], before;
    char *text;

    open_with_devices(testbed);
    let_in(testbed, fds, WAIT_MAX + 1);
    assert_true(http_client_say(fds[WAIT_MAX], METRICS, strlen(METRICS)));
    assert_int_equal(hear(fds[WAIT_MAX], &text), 200);
    before = answered(text, "200");
    free(text);
    ask_at_once(testbed, fds, WAIT_MAX, METRICS);
    assert_int_equal(hear(fds[WAIT_MAX], &text), 200);
    // The metrics before are one answer; a page may have had its turn, where reading took two.
    assert_in_range(answered(text, "200") - before, 1, 3);
    free(text);
    for (int i = 0; i < WAIT_MAX; i++) {
        assert_int_equal(hear(fds[i], &text), 200);
        assert_non_null(strstr(text, "\"k-00\""));
        assert_non_null(strstr(text, "ETag: "));
        free(text);
    }
    for (int i = 0; i <= WAIT_MAX; i++)
        close(fds[i]);
    testbed_close(testbed);
}

static void who_asks_when_all_places_are_taken_is_told_to_come_again(void **state)
{
    struct testbed *testbed = *state;
    int fds[CONNECTIONS + 1], codes[2] = { 0, 0 };
    char *text;

    open_with_devices(testbed);
    let_in(testbed, fds, CONNECTIONS + 1);
    ask_at_once(testbed, fds, CONNECTIONS, METRICS);
    for (int i = 0; i < CONNECTIONS; i++) {
        int code = hear(fds[i], &text);

        assert_true(code == 200 || (code == 503 && strstr(text, "too many ask for lists") != NULL));
        codes[code == 503]++;
        free(text);
    }
    assert_true(codes[0] >= WAIT_MAX && codes[1] > 0);
    for (int i = 0; i <= CONNECTIONS; i++)
        close(fds[i]);
    testbed_close(testbed);
}

/* Nobody is left to be answered, and nothing of it is kept. */
static void who_leaves_while_he_waits_is_forgotten(void **state)
{
    struct testbed *testbed = *state;
    int fds[WAIT_MAX + 1];

    open_with_devices(testbed);
    let_in(testbed, fds, WAIT_MAX + 1);
    ask_at_once(testbed, fds, WAIT_MAX, METRICS);
    for (int i = 0; i <= WAIT_MAX; i++)
        close(fds[i]);
    testbed->token = "any-secret";
    assert_int_equal(testbed_ping(testbed, "tag-1", 1, 900), 200);
    testbed->token = "room-secret";
    assert_int_equal(testbed_get(testbed, "/v1/devices"), 200);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(who_comes_behind_many_pages_is_answered_before_them),
        testbed_test(who_asks_when_all_places_are_taken_is_told_to_come_again),
        testbed_test(who_leaves_while_he_waits_is_forgotten),
    };

    return cmocka_run_group_tests_name("api_pages", tests, NULL, NULL);
}
