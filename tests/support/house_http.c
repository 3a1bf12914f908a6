/* SPDX-License-Identifier: Apache-2.0 */
#include "support/house.h"

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
static void write_errand(const struct house *house, const struct request *request, const char *more)
{
    const char *type = request->type == NULL ? "" : request->type;

    house_print(house, "curl.conf",
                "silent\nshow-error\npath-as-is\nmax-time = 20\nrequest = %s\n"
                "unix-socket = %s\nurl = \"http://localhost%s\"\n"
                "output = %s\ndump-header = %s\nwrite-out = \"%%{http_code}\"\n"
                "header = \"Expect:\"\nheader = \"Content-Type: %s\"\n%sdata-binary = @%s\n%s",
                request->method, house_path(house, "http.sock").text, request->path,
                house_path(house, "answer").text, house_path(house, "head").text, type,
                *type == '\0' ? "#" : "", house_path(house, "request").text, more);
}

static void run_errand(const struct house *house)
{
    struct path errand = house_path(house, "curl.conf"), out = house_path(house, "code");
    struct path err = house_path(house, "curl.err");
    const char *argv[] = { "curl", "-K", errand.text, NULL };
    struct child curl =
        child_start(&(struct command){ .argv = argv, .out = out.text, .err = err.text });
    int status;

    if (!child_ends(&curl, 2 * PATIENCE_MS, &status)) {
        child_kill(&curl);
        fail_msg("curl did not come to an end");
    }
}

int house_ask(struct house *house, const struct request *request)
{
    char more[256] = "";

    if (house->token != NULL)
        snprintf(more, sizeof(more), "header = \"Authorization: Bearer %s\"\n", house->token);
    return house_ask_with(house, request, more);
}

int house_ask_with(struct house *house, const struct request *request, const char *more)
{
    char *code;
    int number;

    house_hear(house);
    house_write(house, "request", request->body == NULL ? "" : request->body, request->size);
    unlink(house_path(house, "answer").text); // curl makes none for an empty body
    write_errand(house, request, more);
    run_errand(house);
    keep(&house->body, house_read(house, "answer"));
    keep(&house->head, house_read(house, "head"));
    code = house_read(house, "code");
    assert_non_null(code);
    number = atoi(code);
    free(code);
    return number;
}

int house_get(struct house *house, const char *path)
{
    return house_ask(house, &(struct request){ .method = "GET", .path = path });
}

static int post(struct house *house, const char *type, const char *body)
{
    return house_ask(
        house, &(struct request){ "POST", "/v1/pings", type, .body = body, .size = strlen(body) });
}

int house_post(struct house *house, const char *json)
{
    return post(house, "application/json", json);
}

int house_post_lines(struct house *house, const char *ndjson)
{
    return post(house, "application/x-ndjson", ndjson);
}

int house_door(const struct house *house)
{
    int fd = http_client_connect_to(house_path(house, "http.sock").text, PATIENCE_MS);

    assert_true(fd >= 0);
    return fd;
}

int house_say(struct house *house, const void *bytes, size_t size)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    int fd = house_door(house);
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
    keep(&house->body, text);
    return code;
}

bool house_has_header(const struct house *house, const char *name)
{
    char wanted[64];

    snprintf(wanted, sizeof(wanted), "\n%s:", name);
    return house->head != NULL && strcasestr(house->head, wanted) != NULL;
}

json_t *house_json(const struct house *house)
{
    json_error_t why;
    json_t *json = json_loads(house->body == NULL ? "" : house->body, JSON_DECODE_ANY, &why);

    if (json == NULL)
        fail_msg("the answer is not JSON: %s: %s", why.text, house->body);
    return json;
}

double house_metric(struct house *house, const char *series)
{
    size_t length = strlen(series);

    assert_int_equal(house_get(house, "/metrics"), 200);
    for (const char *at = house->body; (at = strstr(at, series)) != NULL; at++)
        if ((at == house->body || at[-1] == '\n') && at[length] == ' ')
            return strtod(at + length, NULL);
    fail_msg("no %s in /metrics", series);
    return 0;
}

void house_await_metric(struct house *house, const char *series, double value)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (house_metric(house, series) != value)
        if (now_ms() > deadline)
            fail_msg("%s did not become %g", series, value);
}

void house_await_code(struct house *house, const char *path, int code)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (house_get(house, path) != code)
        if (now_ms() > deadline)
            fail_msg("%s did not become %d", path, code);
}
