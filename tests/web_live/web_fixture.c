/* SPDX-License-Identifier: Apache-2.0 */
#include "web_fixture.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/http_client.h"
#include "support/test.h"

static const char settings[] = "[web]\n"
                               "listen = unix:http.sock\n"
                               "page = page\n"
                               "users = users\n"
                               "[redis]\n"
                               "url = unix:redis.sock\n"
                               "[door]\n"
                               "url = unix:door.sock\n"
                               "token-file = token\n";

int web_setup(void **state)
{
    struct testbed *testbed;

    setenv("BREACHD_OTHER", WEB_PROGRAM, 1); // which testbed_start then starts
    if (testbed_setup(state) != 0)
        return -1;
    testbed = *state;
    testbed_write(testbed, "breachd.conf", settings, strlen(settings));
    testbed_print(testbed, "users", "viewer view %s\ndesk room %s\nsergeant map %s\n",
                  KEPT_PASSWORD, KEPT_PASSWORD, KEPT_PASSWORD);
    testbed_print(testbed, "token", "bd_token\n");
    mkdir(testbed_path(testbed, "page").text, 0755);
    testbed_print(testbed, "page/index.html", "<title>breachd</title>");
    return 0;
}

void web_open(struct testbed *testbed)
{
    testbed_redis_start(testbed, "appendonly yes\nappendfsync always\n");
    testbed_start(testbed, NULL);
}

/* ---- requests ---- */

int web_post(struct testbed *testbed, const char *path, const char *json, const char *more)
{
    char lines[2 * HEADERS_TEXT];

    snprintf(lines, sizeof lines, "header = \"Origin: http://localhost\"\n%s", more);
    return testbed_ask_with(
        testbed, &(struct request){ "POST", path, "application/json", json, strlen(json) }, lines);
}

int web_login(struct testbed *testbed, const char *name, const char *password)
{
    char json[256];

    snprintf(json, sizeof json, "{\"name\":\"%s\",\"password\":\"%s\"}", name, password);
    return web_post(testbed, "/login", json, "");
}

static void take(const char *text, const char *before, char out[TOKEN_TEXT])
{
    const char *at = strstr(text, before);

    assert_non_null(at);
    assert_int_equal(sscanf(at + strlen(before), "%64[0-9a-f]", out), 1);
}

struct browser web_browser(struct testbed *testbed, const char *name)
{
    struct browser browser = { "", "" };

    assert_int_equal(web_login(testbed, name, PASSWORD), 200);
    take(testbed->head, "breachd=", browser.cookie);
    take(testbed->body, "\"csrf\":\"", browser.csrf);
    return browser;
}

const char *web_as(const struct browser *browser, char out[HEADERS_TEXT])
{
    snprintf(out, HEADERS_TEXT, "header = \"Cookie: breachd=%s\"\nheader = \"X-CSRF: %s\"\n",
             browser->cookie, browser->csrf);
    return out;
}

int web_get(struct testbed *testbed, const char *path, const struct browser *browser)
{
    char as[HEADERS_TEXT];

    return testbed_ask_with(testbed, &(struct request){ .method = "GET", .path = path },
                            web_as(browser, as));
}

int web_say(struct testbed *testbed, const char *path, const char *json,
            const struct browser *browser)
{
    char as[HEADERS_TEXT];

    return web_post(testbed, path, json, web_as(browser, as));
}

/* ---- events ---- */

struct stream stream_open(struct testbed *testbed, const struct browser *browser, const char *after)
{
    struct stream stream = { .fd = testbed_door(testbed), .text = calloc(1, 1) };
    char request[512];
    int n = snprintf(request, sizeof request,
                     "GET /events HTTP/1.1\r\nHost: localhost\r\nCookie: breachd=%s\r\n%s%s%s\r\n",
                     browser->cookie, after[0] != '\0' ? "Last-Event-ID: " : "", after,
                     after[0] != '\0' ? "\r\n" : "");

    assert_true(http_client_say(stream.fd, request, (size_t)n));
    stream_until(&stream, "retry: ");
    return stream;
}

/* False when it has ended; what has come is taken in. */
static bool hear(struct stream *stream, int64_t deadline)
{
    char piece[16384];
    ssize_t got;

    if (!wait_for(stream->fd, POLLIN, deadline))
        fail_msg("waited in vain; what came is: %s", stream->text);
    got = read(stream->fd, piece, sizeof piece);
    if (got <= 0)
        return false;
    stream->text = realloc(stream->text, stream->n + (size_t)got + 1);
    assert_non_null(stream->text);
    memcpy(stream->text + stream->n, piece, (size_t)got);
    stream->n += (size_t)got;
    stream->text[stream->n] = '\0';
    return true;
}

void stream_until(struct stream *stream, const char *text)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (strstr(stream->text, text) == NULL) {
        if (!hear(stream, deadline))
            fail_msg("it ended before %s: %s", text, stream->text);
    }
}

void stream_until_gone(struct stream *stream)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (hear(stream, deadline)) {
        // all that still comes
    }
}

int stream_count(const struct stream *stream, const char *text)
{
    int n = 0;

    for (const char *at = stream->text; (at = strstr(at, text)) != NULL; at++)
        n++;
    return n;
}

void stream_close(struct stream *stream)
{
    close(stream->fd);
    free(stream->text);
}

const char *stream_last(const struct stream *stream, char out[64])
{
    out[0] = '\0';
    for (const char *at = stream->text; (at = strstr(at, "\nid: ")) != NULL; at++)
        assert_int_equal(sscanf(at, "\nid: %63[0-9-]", out), 1);
    return out;
}

void web_alert(struct testbed *testbed, int n)
{
    char event[32];

    snprintf(event, sizeof event, "{\"n\":%d}", n);
    freeReplyObject(testbed_redis(
        testbed, "XADD {breachd}:alerts * id x type breach area A severity critical event %s",
        event));
}

char *web_newest(struct testbed *testbed, const char *stream)
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

void web_await_rows(struct testbed *testbed, const char *stream, int n)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    char ask[64];
    long long rows;

    snprintf(ask, sizeof ask, "XLEN {breachd}:%s", stream);
    while ((rows = testbed_redis_number(testbed, ask)) < n) {
        if (now_ms() > deadline)
            fail_msg("%s: %lld rows, not %d", stream, rows, n);
    }
}

void web_await_newest(struct testbed *testbed, const char *stream, const char *what)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    bool there = false;

    web_await_rows(testbed, stream, 1);
    while (!there) {
        char *entry = web_newest(testbed, stream);

        there = strstr(entry, what) != NULL;
        if (!there && now_ms() > deadline)
            fail_msg("not %s: %s", what, entry);
        free(entry);
    }
}
