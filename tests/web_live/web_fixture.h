/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web_fixture.h - a testbed whose program is breachd-web, with three people, and browsers before
 * it: a log-in, requests by curl, and a stream of events that is read as it comes.
 */
#ifndef WEB_LIVE_WEB_FIXTURE_H
#define WEB_LIVE_WEB_FIXTURE_H

#include "support/testbed.h"

/* Of "viewer" (view), "desk" (room) and "sergeant" (map); and as the users file has it. */
#define PASSWORD "correct horse battery"
#define KEPT_PASSWORD                                                                              \
    "$scrypt$ln=15,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$xy6UCICz8Vv/P6JqOkkUD4DOmhxN0tXSe6sQAUBxupQ"

enum { TOKEN_TEXT = 65, HEADERS_TEXT = 1024 };

/* Somebody who is logged in. */
struct browser {
    char cookie[TOKEN_TEXT], csrf[TOKEN_TEXT];
};

/* The folder with settings, users and a page; starts nothing. For web_test(). */
int web_setup(void **state);
#define web_test(test) cmocka_unit_test_setup_teardown(test, web_setup, testbed_teardown)

/* A Redis that keeps what it was given, and breachd-web. */
void web_open(struct testbed *testbed);

/* POST as the page does: JSON, from our own origin, with these further lines for curl's -K. */
int web_post(struct testbed *testbed, const char *path, const char *json, const char *more);
int web_login(struct testbed *testbed, const char *name, const char *password);
struct browser web_browser(struct testbed *testbed, const char *name); /* logs in */

/* The lines for curl that make it this browser. Returns `out`. */
const char *web_as(const struct browser *browser, char out[HEADERS_TEXT]);
int web_get(struct testbed *testbed, const char *path, const struct browser *browser);
int web_say(struct testbed *testbed, const char *path, const char *json,
            const struct browser *browser);

/* ---- a stream of events ---- */

struct stream {
    int fd;
    char *text; /* all that came so far */
    size_t n;
};

/* GET /events by this browser; `after` is Last-Event-ID, "": none. */
struct stream stream_open(struct testbed *testbed, const struct browser *browser,
                          const char *after);
void stream_until(struct stream *stream, const char *text); /* it has come */
void stream_until_gone(struct stream *stream);              /* breachd-web has ended it */
int stream_count(const struct stream *stream, const char *text);
void stream_close(struct stream *stream);

/* The id of the newest alert that came, "": none. Returns `out`. */
const char *stream_last(const struct stream *stream, char out[64]);

/* The fields of the newest entry of a stream, "name=value name=value …"; the caller frees. */
char *web_newest(struct testbed *testbed, const char *stream);

/*
 * What goes to Redis beside an answer may stand there a moment later: until so many rows, or the
 * newest of which says that, do.
 */
void web_await_rows(struct testbed *testbed, const char *stream, int n);
void web_await_newest(struct testbed *testbed, const char *stream, const char *what);

/* An alert into the stream, {"n":N}. */
void web_alert(struct testbed *testbed, int n);

#endif
