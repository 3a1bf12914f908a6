/* SPDX-License-Identifier: Apache-2.0 */
#include "sender.h"

#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/http_client.h"

enum {
    BODY_MAX = SENDER_BATCH_MAX * (REPORT_JSON_MAX + 2) + 8,
    REQUEST_MAX = BODY_MAX + 256,
    INTERVAL_MS = 2000,        // of a device, from the acknowledgement on, at the least
    LAST_PATIENCE_MS = 120000, // for the last round, with everything healed
};

/* One request: which reports, and its bytes. */
struct post {
    size_t n;
    struct carried_device *devices[SENDER_BATCH_MAX];
    char bytes[REQUEST_MAX];
    size_t length, head;
};

static void rest(int ms)
{
    poll(NULL, 0, ms);
}

static struct utc wall(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (struct utc){ (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 };
}

static void complain(struct sender *sender, const char *what, const char *detail)
{
    if (sender->wrong[0] == '\0')
        snprintf(sender->wrong, sizeof sender->wrong, "%s: %.400s", what, detail);
}

/* ---- the connection ---- */

/* Both ways at once, without a goodbye: over TCP the peer gets a reset. */
static void hang_up(struct sender *sender)
{
    struct linger none = { 1, 0 };

    if (sender->fd < 0)
        return;
    setsockopt(sender->fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    close(sender->fd);
    sender->fd = -1;
}

static bool call_up(struct sender *sender)
{
    if (sender->fd < 0)
        sender->fd = http_client_connect((const struct sockaddr *)&sender->at, sender->at_size,
                                         SENDER_PATIENCE_MS);
    return sender->fd >= 0;
}

static bool say(struct sender *sender, const char *bytes, size_t length)
{
    return http_client_say(sender->fd, bytes, length);
}

/* ---- one request ---- */

/* 200 must say that each of them was accepted; anything but 200 and 503 is a fault of breachd's. */
static bool acknowledged(struct sender *sender, const struct post *post, int code,
                         const char *answer)
{
    json_t *json;
    json_int_t accepted;

    if (code == 0 || code == 503)
        return false;
    if (code != 200) {
        complain(sender, "answer", answer);
        return true;
    }
    json = json_loads(answer, 0, NULL);
    accepted = json_integer_value(json_object_get(json, "accepted"));
    if (accepted != (json_int_t)post->n ||
        json_array_size(json_object_get(json, "rejected")) != 0) {
        complain(sender, "not all accepted", answer);
        complain(sender, "of", post->bytes + post->head);
    }
    json_decref(json);
    return true;
}

/* True when the request went out whole and its answer is worth waiting for. */
static bool say_post(struct sender *sender, const struct post *post)
{
    size_t half = post->head + (post->length - post->head) / 2;

    switch (atomic_exchange(&sender->cut, CUT_NONE)) {
    case CUT_BODY:
        say(sender, post->bytes, half);
        return false;
    case CUT_ANSWER:
        say(sender, post->bytes, post->length);
        return false;
    case CUT_SLOW:
        if (!say(sender, post->bytes, half))
            return false;
        rest(200);
        return say(sender, post->bytes + half, post->length - half);
    default:
        return say(sender, post->bytes, post->length);
    }
}

static bool deliver(struct sender *sender, const struct post *post)
{
    char answer[HTTP_CLIENT_ANSWER_MAX] = "";
    int code = 0;

    if (!call_up(sender))
        return false;
    if (say_post(sender, post))
        code = http_client_hear(sender->fd, answer);
    if (code == 0)
        hang_up(sender);
    sender->answers[code / 100 < 6 ? code / 100 : 0]++;
    return acknowledged(sender, post, code, answer);
}

static void deliver_until_acknowledged(struct sender *sender, const struct post *post)
{
    int64_t finishing = 0;

    while (!deliver(sender, post)) {
        rest(20 + (int)dice_below(&sender->dice, 80));
        if (atomic_load(sender->abandon))
            return;
        if (!atomic_load(sender->finish))
            continue;
        finishing = finishing == 0 ? now_ms() : finishing;
        if (now_ms() - finishing > LAST_PATIENCE_MS) {
            complain(sender, "never acknowledged", post->bytes + post->head);
            break;
        }
    }
    for (size_t i = 0; i < post->n; i++)
        post->devices[i]->due = now_ms() + INTERVAL_MS + dice_below(&sender->dice, 1000);
    atomic_fetch_add(&sender->pings, post->n);
}

/* ---- what to send ---- */

static bool add_report(struct sender *sender, struct post *post, struct resident *resident,
                       size_t device, char *body)
{
    char json[REPORT_JSON_MAX];
    size_t index;

    if (!resident_report(resident, device, wall(), &index)) {
        complain(sender, "out of memory", "");
        return false;
    }
    report_print(&resident->journal[index], json);
    snprintf(body + strlen(body), BODY_MAX - strlen(body), "%s%s", post->n == 0 ? "" : "\n", json);
    post->devices[post->n++] = &resident->devices[device];
    return true;
}

/* An object, lines, or an array: whichever the dice say. */
static void wrap(struct sender *sender, struct post *post, char *body)
{
    bool array = dice_below(&sender->dice, 2) == 0;
    int head;

    for (char *at = body; array && (at = strchr(at, '\n')) != NULL;)
        *at = ',';
    head = snprintf(post->bytes, sizeof post->bytes,
                    "POST /v1/pings HTTP/1.1\r\nHost: town\r\nContent-Type: application/%s\r\n"
                    "Content-Length: %zu\r\n\r\n",
                    array ? "json" : "x-ndjson", strlen(body) + (array ? 2 : 0));
    post->head = (size_t)head;
    post->length =
        post->head + (size_t)snprintf(post->bytes + head, sizeof post->bytes - post->head,
                                      array ? "[%s]" : "%s", body);
}

/* A few of those who are due. Their order in the journal is that in which they are sent. */
static bool compose(struct sender *sender, struct post *post)
{
    int64_t now = now_ms();
    char body[BODY_MAX] = "";
    size_t wanted = 1 + dice_below(&sender->dice, SENDER_BATCH_MAX);
    size_t from = dice_below(&sender->dice, (unsigned)sender->n);

    post->n = 0;
    for (size_t i = 0; i < sender->n && post->n < wanted; i++) {
        struct resident *resident = sender->residents[(from + i) % sender->n];

        for (size_t d = 0; d < resident->n_devices && post->n < wanted; d++) {
            if (resident->devices[d].due <= now && !add_report(sender, post, resident, d, body))
                return false;
        }
    }
    if (post->n > 0)
        wrap(sender, post, body);
    return post->n > 0;
}

static void *run(void *arg)
{
    struct sender *sender = arg;
    struct post post;

    while (!atomic_load(sender->finish)) {
        if (compose(sender, &post))
            deliver_until_acknowledged(sender, &post);
        else
            rest(10);
    }
    // Not before its interval is over, so that nobody leaps.
    rest(INTERVAL_MS + 1000);
    while (!atomic_load(sender->abandon) && compose(sender, &post)) {
        deliver_until_acknowledged(sender, &post);
        for (size_t i = 0; i < post.n; i++)
            post.devices[i]->due = INT64_MAX;
    }
    hang_up(sender);
    return NULL;
}

bool sender_start(struct sender *sender)
{
    sender->fd = -1;
    return pthread_create(&sender->thread, NULL, run, sender) == 0;
}

void sender_join(struct sender *sender)
{
    pthread_join(sender->thread, NULL);
}
