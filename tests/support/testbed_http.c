/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testbed.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/http_client.h"
#include "support/test.h"

static void keep(char **slot, char *text)
{
    free(*slot);
    *slot = text;
}

/* What curl is to do, as its -K reads it. */
static void write_errand(const struct testbed *testbed, const struct request *request,
                         const char *more)
{
    const char *type = request->type == NULL ? "" : request->type;

    testbed_print(testbed, "curl.conf",
                  "silent\nshow-error\npath-as-is\nmax-time = 20\nrequest = %s\n"
                  "unix-socket = %s\nurl = \"http://localhost%s\"\n"
                  "output = %s\ndump-header = %s\nwrite-out = \"%%{http_code}\"\n"
                  "header = \"Expect:\"\nheader = \"Content-Type: %s\"\n%sdata-binary = @%s\n%s",
                  request->method, testbed_path(testbed, "http.sock").text, request->path,
                  testbed_path(testbed, "answer").text, testbed_path(testbed, "head").text, type,
                  *type == '\0' ? "#" : "", testbed_path(testbed, "request").text, more);
}

static void run_errand(const struct testbed *testbed)
{
    struct path errand = testbed_path(testbed, "curl.conf"), out = testbed_path(testbed, "code");
    struct path err = testbed_path(testbed, "curl.err");
    const char *argv[] = { "curl", "-K", errand.text, NULL };
    struct child curl =
        child_start(&(struct command){ .argv = argv, .out = out.text, .err = err.text });
    int status;

    if (!child_ends(&curl, 2 * PATIENCE_MS, &status)) {
        child_kill(&curl);
        fail_msg("curl did not come to an end");
    }
}

int testbed_ask(struct testbed *testbed, const struct request *request)
{
    char more[256] = "";

    if (testbed->token != NULL)
        snprintf(more, sizeof(more), "header = \"Authorization: Bearer %s\"\n", testbed->token);
    return testbed_ask_with(testbed, request, more);
}

int testbed_ask_with(struct testbed *testbed, const struct request *request, const char *more)
{
    char *code;
    int number;

    testbed_hear(testbed);
    testbed_write(testbed, "request", request->body == NULL ? "" : request->body, request->size);
    unlink(testbed_path(testbed, "answer").text); // curl makes none for an empty body
    write_errand(testbed, request, more);
    run_errand(testbed);
    keep(&testbed->body, testbed_read(testbed, "answer"));
    keep(&testbed->head, testbed_read(testbed, "head"));
    code = testbed_read(testbed, "code");
    assert_non_null(code);
    number = atoi(code);
    free(code);
    return number;
}

int testbed_get(struct testbed *testbed, const char *path)
{
    return testbed_ask(testbed, &(struct request){ .method = "GET", .path = path });
}

static int post(struct testbed *testbed, const char *type, const char *body)
{
    return testbed_ask(testbed, &(struct request){ "POST", "/v1/pings", type, .body = body,
                                                   .size = strlen(body) });
}

int testbed_post(struct testbed *testbed, const char *json)
{
    return post(testbed, "application/json", json);
}

int testbed_post_lines(struct testbed *testbed, const char *ndjson)
{
    return post(testbed, "application/x-ndjson", ndjson);
}

int testbed_door(const struct testbed *testbed)
{
    int fd = http_client_connect_to(testbed_path(testbed, "http.sock").text, PATIENCE_MS);

    assert_true(fd >= 0);
    return fd;
}

int testbed_say(struct testbed *testbed, const void *bytes, size_t size)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    int fd = testbed_door(testbed);
    char piece[4096], *text = NULL;
    size_t length;
    FILE *all = open_memstream(&text, &length);
    ssize_t got;
    int code = 0;

    if (http_client_say(fd, bytes, size)) // else it has hung up, and what it said is still read
        shutdown(fd, SHUT_WR);
    while (wait_for(fd, POLLIN, deadline) && (got = recv(fd, piece, sizeof(piece), 0)) > 0)
        fwrite(piece, 1, (size_t)got, all);
    fclose(all);
    close(fd);
    if (now_ms() >= deadline)
        fail_msg("breachd kept the connection open");
    sscanf(text, "HTTP/1.%*d %d", &code);
    keep(&testbed->body, text);
    return code;
}

bool testbed_has_header(const struct testbed *testbed, const char *name)
{
    char wanted[64];

    snprintf(wanted, sizeof(wanted), "\n%s:", name);
    return testbed->head != NULL && strcasestr(testbed->head, wanted) != NULL;
}

json_t *testbed_json(const struct testbed *testbed)
{
    json_error_t why;
    json_t *json = json_loads(testbed->body == NULL ? "" : testbed->body, JSON_DECODE_ANY, &why);

    if (json == NULL)
        fail_msg("the answer is not JSON: %s: %s", why.text, testbed->body);
    return json;
}

double testbed_metric(struct testbed *testbed, const char *series)
{
    size_t length = strlen(series);

    assert_int_equal(testbed_get(testbed, "/metrics"), 200);
    for (const char *at = testbed->body; (at = strstr(at, series)) != NULL; at++)
        if ((at == testbed->body || at[-1] == '\n') && at[length] == ' ')
            return strtod(at + length, NULL);
    fail_msg("no %s in /metrics", series);
    return 0;
}

void testbed_await_metric(struct testbed *testbed, const char *series, double value)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (testbed_metric(testbed, series) != value)
        if (now_ms() > deadline)
            fail_msg("%s did not become %g", series, value);
}

void testbed_await_code(struct testbed *testbed, const char *path, int code)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (testbed_get(testbed, path) != code)
        if (now_ms() > deadline)
            fail_msg("%s did not become %d", path, code);
}
