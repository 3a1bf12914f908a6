/* SPDX-License-Identifier: Apache-2.0 */
#include "app/stream_door.h"

#include "adapter/clock.h"
#include "adapter/log.h"
#include "adapter/redis/ping_stream.h"
#include "app/access.h"
#include "app/pipeline_batch.h"
#include "app/pipeline_read.h"
#include "app/pipeline_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stream_door {
    struct service *service;
    struct ping_stream *stream;
    struct batch *batch; // while one is taken
    struct tick logged;  // when a refusal was last logged; 0: never
    struct tick mourned; // the same of a loss
};

static bool ready(void *arg)
{
    struct stream_door *door = arg;

    return pipeline_shut(door->service->pipeline) == NULL;
}

static void on_done(bool kept, void *arg)
{
    ping_stream_settle(arg, kept);
}

static bool begin(struct ping_receipt *receipt, void *arg)
{
    struct stream_door *door = arg;
    // Whoever may write into the stream may do so for every device.
    struct sender sender = { .covers = sender_covers_all,
                             .id = SENDER_STREAM,
                             .rate = (double)door->service->config->settings.rate,
                             .burst_s = ACCESS_UNANSWERED_BURST_S,
                             .ping_by_ping = true };

    door->batch = batch_begin(door->service->pipeline, &sender, on_done, receipt);
    return door->batch != NULL;
}

/* Logs of the reason only the member that it is about, as a position may follow. */
static void tell_refusal(struct stream_door *door, const char *why)
{
    if (!log_is_due(&door->logged, clock_tick()))
        return;
    log_warning("pings: an entry is refused for its %.*s: see %s:pings:refused; more of this is "
                "only counted",
                (int)strcspn(why, ":"), why, door->service->config->settings.prefix);
}

static bool give(const struct ping *ping, struct fault *why, void *arg)
{
    struct stream_door *door = arg;
    enum arrival class;

    if (batch_give(door->batch, ping, &class, why) == BATCH_TAKEN)
        return true;
    door->service->stats.stream_refused++; // among the classes it is counted already
    tell_refusal(door, why->text);
    return false;
}

static void refuse(const char *device, const char *why, void *arg)
{
    struct stream_door *door = arg;
    struct stats *stats = &door->service->stats;

    stats->pings[ARRIVED_REFUSED]++;
    stats->stream_refused++;
    batch_refused(door->batch, device, why);
    tell_refusal(door, why);
}

static void end(void *arg)
{
    struct stream_door *door = arg;

    batch_end(door->batch);
}

static void lost(const char *reason, void *arg)
{
    struct stream_door *door = arg;
    struct service *service = door->service;
    char text[FAULT_TEXT_MAX];

    snprintf(text, sizeof text, "%s:pings %s", service->config->settings.prefix, reason);
    service->stats.stream_losses++;
    ailment_happened(&service->ailing, AILMENT_PINGS_LOST, text);
    if (log_is_due(&door->mourned, clock_tick()))
        log_error("redis: %s; more of this is only counted for a minute", text);
}

static struct ping_stream *make_stream(struct stream_door *door)
{
    struct service *service = door->service;
    const struct settings *settings = &service->config->settings;
    struct ping_stream_options options = { .target = settings->redis,
                                           .password = settings->redis_password.text,
                                           .prefix = settings->prefix,
                                           .site = settings->site,
                                           .place = pipeline_read(service->pipeline) };
    struct ping_stream_callbacks callbacks = { ready, begin, give, refuse, end, lost, door };

    options.target.tls = service->redis_tls;
    options.target.voice = &service->redis_voice;
    return ping_stream_create(service->base, service->dns, &options, &callbacks);
}

bool stream_door_open(struct service *service)
{
    struct stream_door *door;

    if (!service->config->settings.pings)
        return true;
    door = calloc(1, sizeof *door);
    if (door == NULL)
        return false;
    door->service = service;
    door->stream = make_stream(door);
    if (door->stream == NULL) {
        free(door);
        return false;
    }
    service->stream = door;
    return true;
}

void stream_door_close(struct service *service)
{
    if (service->stream == NULL)
        return;
    ping_stream_destroy(service->stream->stream);
    free(service->stream);
    service->stream = NULL;
}

void stream_door_adopt(struct service *service)
{
    stream_door_close(service); // what is in its hands comes again
    if (!stream_door_open(service))
        log_error("pings: out of memory: the stream is not read");
}

/* What was read last, for the next start to hold the stream against. */
static void keep_place(struct service *service)
{
    char place[PING_STREAM_PLACE_MAX] = "";

    if (service->stream != NULL)
        ping_stream_place(service->stream->stream, place);
    if (place[0] != '\0')
        pipeline_keep_read(service->pipeline, place);
}

void stream_door_pump(struct service *service)
{
    if (service->stream == NULL)
        return;
    ping_stream_pump(service->stream->stream);
    keep_place(service);
}

void stream_door_stop(struct service *service)
{
    keep_place(service);
    if (service->stream != NULL)
        ping_stream_stop(service->stream->stream);
}

bool stream_door_idle(const struct service *service)
{
    return service->stream == NULL || ping_stream_idle(service->stream->stream);
}

void stream_door_say(const struct service *service, char *text, size_t size)
{
    const char *shut = pipeline_shut(service->pipeline);

    if (service->stream == NULL)
        snprintf(text, size, "off");
    else if (!ping_stream_is_up(service->stream->stream))
        snprintf(text, size, "away: %s", ping_stream_why_down(service->stream->stream));
    else if (shut != NULL)
        snprintf(text, size, "waits: %s", shut);
    else
        snprintf(text, size, "reading");
}

void stream_door_measure(const struct service *service, struct gauges *gauges)
{
    const struct ping_stream *stream = service->stream ? service->stream->stream : NULL;

    gauges->stream_connected = stream != NULL && ping_stream_is_up(stream);
    gauges->stream_lag = stream ? ping_stream_lag(stream) : 0;
    gauges->stream_pending = stream ? ping_stream_pending(stream) : 0;
}
