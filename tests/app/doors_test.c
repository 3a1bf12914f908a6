/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doors_test.c - at each door: of a sender that says nothing about what it may speak for, every
 * ping is refused; and who comes next is served. For that, what each door says of its sender is
 * left out where a test says so.
 */
#include "app/population.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter/clock.h"
#include "adapter/redis/ping_stream.h"
#include "adapter_io/http_client.h"
#include "adapter_io/loop.h"
#include "app/api.h"
#include "app/mqtt_door.h"
#include "app/pipeline_batch.h"
#include "app/stream_door.h"
#include "support/test.h"

static bool senders_are_zeroed;

struct batch *__real_batch_begin(struct pipeline *pipeline, const struct sender *sender,
                                 void (*done)(bool kept, void *arg), void *arg);
struct batch *__wrap_batch_begin(struct pipeline *pipeline, const struct sender *sender,
                                 void (*done)(bool kept, void *arg), void *arg);

struct batch *__wrap_batch_begin(struct pipeline *pipeline, const struct sender *sender,
                                 void (*done)(bool kept, void *arg), void *arg)
{
    static const struct sender zeroed;

    return __real_batch_begin(pipeline, senders_are_zeroed ? &zeroed : sender, done, arg);
}

/* ---- neither a broker nor a Redis: what they bring is handed to their doors ---- */

static struct mqtt_callbacks mqtt_callbacks;
static struct ping_stream_callbacks stream_callbacks;
static int kept; // of the newest message: 1, -1 it was not, 0 not known yet

struct mqtt *__wrap_mqtt_create(struct event_base *base, struct evdns_base *dns,
                                const struct mqtt_options *options,
                                const struct mqtt_callbacks *callbacks);
void __wrap_mqtt_settle(struct mqtt_receipt *receipt, bool is_kept);
struct ping_stream *__wrap_ping_stream_create(struct event_base *base, struct evdns_base *dns,
                                              const struct ping_stream_options *options,
                                              const struct ping_stream_callbacks *callbacks);
void __wrap_ping_stream_settle(struct ping_receipt *receipt, bool is_kept);

struct mqtt *__wrap_mqtt_create(struct event_base *base, struct evdns_base *dns,
                                const struct mqtt_options *options,
                                const struct mqtt_callbacks *callbacks)
{
    (void)base, (void)dns, (void)options;
    mqtt_callbacks = *callbacks;
    return (struct mqtt *)&mqtt_callbacks;
}

void __wrap_mqtt_settle(struct mqtt_receipt *receipt, bool is_kept)
{
    (void)receipt;
    kept = is_kept ? 1 : -1;
}

struct ping_stream *__wrap_ping_stream_create(struct event_base *base, struct evdns_base *dns,
                                              const struct ping_stream_options *options,
                                              const struct ping_stream_callbacks *callbacks)
{
    (void)base, (void)dns, (void)options;
    stream_callbacks = *callbacks;
    return (struct ping_stream *)&stream_callbacks;
}

void __wrap_ping_stream_settle(struct ping_receipt *receipt, bool is_kept)
{
    (void)receipt;
    kept = is_kept ? 1 : -1;
}

/* ---- a population with doors ---- */

static struct service service;
static struct endpoint at;

static void open_http(const struct population *population)
{
    struct http_options options = { .listen = &at,
                                    .n_listen = 1,
                                    .limits = population->config->settings.limits,
                                    .handler = api_handle,
                                    .gate = api_gate,
                                    .arg = &service };
    struct fault why;

    assert_true(endpoint_parse("unix:door.sock", population->testbed->dir, &at, &why));
    assert_true(http_open(population->base, &options, &service.door, &why));
}

static int setup(void **state)
{
    struct population *population;

    signal(SIGPIPE, SIG_IGN); // as in service
    if (population_setup(state) != 0)
        return -1;
    population = *state;
    population_write_orders(population, 1, "R", 1, 200);
    population_begin(population);
    population->config->settings.mqtt_topics = (struct mqtt_topics){ { "owntracks/#" }, 1 };
    strcpy(population->config->settings.mqtt.host, "localhost");
    population->config->settings.pings = true;
    service = (struct service){ .pipeline = population->pipeline,
                                .ledger = population->ledger,
                                .config = population->config,
                                .base = population->base,
                                .mqtt_tls = tls_create(),
                                .http_pings = { .pipeline = population->pipeline,
                                                .stats = &population->stats } };
    open_http(population);
    assert_true(mqtt_door_open(&service) && stream_door_open(&service));
    return 0;
}

static int teardown(void **state)
{
    senders_are_zeroed = false;
    http_close(service.door);
    tls_destroy(service.mqtt_tls);
    free(service.stream);
    return population_teardown(state);
}

/* ---- a ping comes ---- */

enum { SAID_MAX = 1024 };

/* The time of the next ping of tag-0: newer than all before. */
static struct utc next_time(void)
{
    static int64_t n;

    return utc_plus(clock_utc(), (-1000 + ++n) * 1000);
}

/* `text` with the time in place of $S, in seconds, of $M, in milliseconds, and of $I, as ISO. */
static void put_time(const char *text, char out[SAID_MAX])
{
    struct utc time = next_time();
    char iso[UTC_TEXT_MAX];
    size_t n = 0;

    utc_print(time, iso);
    for (; *text != '\0'; text++) {
        if (*text != '$') {
            out[n++] = *text;
            continue;
        }
        text++;
        n += (size_t)(*text == 'I' ? sprintf(out + n, "%s", iso)
                                   : sprintf(out + n, "%lld",
                                             (long long)(time.ms / (*text == 'S' ? 1000 : 1))));
    }
    out[n] = '\0';
}

struct door {
    const char *says;
    void (*come)(struct population *population, const struct door *door);
    const char *head, *text;     // of a request, or a message
    const char *taken, *refused; // what the answer begins with
};

static void by_http(struct population *population, const struct door *door)
{
    char head[SAID_MAX], body[SAID_MAX], request[3 * SAID_MAX];
    const char *answer = senders_are_zeroed ? door->refused : door->taken;
    struct http_client client;

    put_time(door->head, head);
    put_time(door->text, body);
    snprintf(request, sizeof request, "%s HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n%s",
             head, strlen(body), body);
    http_client_connect(&client, population->base, &at);
    http_client_say(&client, request);
    loop_until(population->base, http_client_heard(&client, "\r\n\r\n") > 0);
    if (http_client_heard(&client, answer) == 0)
        fail_msg("%s: no %s", door->says, answer);
    http_client_leave(&client);
}

/* It is acknowledged all the same: it would come again for ever. */
static void by_mqtt(struct population *population, const struct door *door)
{
    char text[SAID_MAX];
    struct mqtt_message message = { .topic = door->head,
                                    .topic_n = strlen(door->head),
                                    .payload = text };

    put_time(door->text, text);
    message.payload_n = strlen(text);
    kept = 0;
    mqtt_callbacks.take(&message, NULL, mqtt_callbacks.arg);
    loop_until(population->base, kept == 1);
}

static void by_stream(struct population *population, const struct door *door)
{
    struct ping one = { .device = "tag-0",
                        .time = next_time(),
                        .at = { 0.1, 51.9 },
                        .accuracy = 8,
                        .speed = NAN,
                        .course = NAN,
                        .battery = NAN };
    struct fault why;

    (void)door;
    kept = 0;
    assert_true(stream_callbacks.begin(NULL, stream_callbacks.arg));
    assert_int_equal(stream_callbacks.give(&one, &why, stream_callbacks.arg), !senders_are_zeroed);
    stream_callbacks.end(stream_callbacks.arg);
    loop_until(population->base, kept == 1);
}

#define PLACE     "\"lat\":51.9,\"lon\":0.1"
#define OWNTRACKS "{\"_type\":\"location\",\"tst\":$S," PLACE "}"
static const struct door doors[] = {
    { "pings", by_http, "POST /v1/pings", "{\"device\":\"tag-0\",\"time\":\"$I\"," PLACE "}",
      "HTTP/1.1 200", "HTTP/1.1 403" },
    { "OwnTracks", by_http, "POST /owntracks?d=tag-0", OWNTRACKS, "HTTP/1.1 200", "HTTP/1.1 403" },
    { "OsmAnd", by_http, "GET /osmand?id=tag-0&lat=51.9&lon=0.1&timestamp=$S", "", "HTTP/1.1 200",
      "HTTP/1.1 403" },
    { "a tracker at the root", by_http, "GET /?id=tag-0&lat=51.9&lon=0.1&timestamp=$S", "",
      "HTTP/1.1 200", "HTTP/1.1 403" },
    { "Traccar", by_http, "POST /traccar",
      "{\"position\":{\"fixTime\":$M,\"latitude\":51.9,\"longitude\":0.1},"
      "\"device\":{\"uniqueId\":\"tag-0\"}}",
      "HTTP/1.1 200", "HTTP/1.1 403" },
    { "Overland", by_http, "POST /overland",
      "{\"locations\":[{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\","
      "\"coordinates\":[0.1,51.9]},\"properties\":{\"timestamp\":\"$I\",\"device_id\":\"tag-0\"}}]"
      "}",
      "HTTP/1.1 200", "HTTP/1.1 403" },
    { "MQTT", by_mqtt, "owntracks/jane/tag-0", OWNTRACKS, NULL, NULL },
    { "the stream", by_stream, NULL, NULL, NULL, NULL },
};

/* ---- what must hold ---- */

static void refused_for_a_zeroed_sender_and_taken_for_the_next(void **state)
{
    struct population *population = *state;
    const uint64_t *pings = population->stats.pings;

    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++) {
        senders_are_zeroed = true;
        doors[i].come(population, &doors[i]);
        if (pings[ARRIVED_REFUSED] != i + 1 || pings[ARRIVED_NEW] != i)
            fail_msg("%s: a zeroed sender was served", doors[i].says);
        senders_are_zeroed = false;
        doors[i].come(population, &doors[i]);
        if (pings[ARRIVED_REFUSED] != i + 1 || pings[ARRIVED_NEW] != i + 1)
            fail_msg("%s: who came next was not served", doors[i].says);
    }
    assert_int_equal(population->pipeline->strangers.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refused_for_a_zeroed_sender_and_taken_for_the_next, setup,
                                        teardown),
    };

    return cmocka_run_group_tests_name("doors", tests, NULL, NULL);
}
