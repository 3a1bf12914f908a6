/* SPDX-License-Identifier: Apache-2.0 */
/* service_redis.c - what the ledger holds goes to Redis, and what the control room says comes in.
 */
#include "adapter/answer_json.h"
#include "adapter/clock.h"
#include "app/service.h"

#include <stdlib.h>
#include <string.h>

void service_note_lag(struct service *service)
{
    if (service->publisher == NULL || publisher_caught_up(service->publisher))
        service->behind_since.ms = 0;
    else if (service->behind_since.ms == 0)
        service->behind_since = clock_tick();
}

int64_t service_lag_ms(const struct service *service)
{
    return service->behind_since.ms == 0 ? 0 : clock_tick().ms - service->behind_since.ms;
}

static uint64_t newest(void *arg)
{
    struct service *service = arg;

    return ledger_sequence(service->ledger);
}

static void fetch(const struct fetch *asked, void *arg)
{
    struct service *service = arg;

    ledger_fetch(service->ledger, asked);
}

static void confirmed(uint64_t sequence, void *arg)
{
    struct service *service = arg;
    struct utc received;

    while (waiting_take(&service->waiting, sequence, &received))
        histogram_add(&service->stats.to_publish, histogram_publish, clock_utc().ms - received.ms);

    ledger_mark_published(service->ledger, sequence, clock_utc());
    service_note_lag(service);
}

static void lost(void *arg)
{
    struct service *service = arg;

    service->stats.redis_losses++;
}

static struct utc now(void *arg)
{
    struct service *service = arg;

    return pipeline_now(service->pipeline);
}

static void renumber(uint64_t from, void *arg)
{
    struct service *service = arg;

    ledger_renumber(service->ledger, from);
}

static void beat(char text[PUBLISHER_BEAT_MAX], void *arg)
{
    struct service *service = arg;
    struct beat now = { .site = service->config->settings.site,
                        .now = clock_utc(),
                        .loaded = service->loaded,
                        .orders = rulebook_counts(service->config->rules).orders,
                        .revised = service->revised,
                        .sequence = ledger_sequence(service->ledger),
                        .lag_ms = service_lag_ms(service),
                        .open = pipeline_open_incidents(service->pipeline),
                        .blind = service->blindness.now,
                        .disk = room_name(ledger_room(service->ledger)),
                        .exercise = service->rehearse };
    char *printed = beat_print(&now);

    strncpy(text, printed ? printed : "{}", PUBLISHER_BEAT_MAX - 1);
    free(printed);
}

struct publisher *service_make_publisher(struct service *service)
{
    const struct settings *settings = &service->config->settings;
    struct publisher_wish wish = { .target = settings->redis,
                                   .password = settings->password,
                                   .prefix = settings->prefix,
                                   .site = settings->site,
                                   .exercise = service->rehearse,
                                   .alerts_keep = settings->alerts_keep,
                                   .heartbeat_ms = settings->heartbeat_ms };
    struct publisher_calls calls = { newest, fetch, confirmed, lost, renumber, now, beat, service };

    wish.target.tls = service->redis_tls;
    return publisher_create(service->base, service->dns, &wish, &calls,
                            ledger_published(service->ledger));
}

static enum acks_answer on_ack(const struct ack *ack, struct fault *why, void *arg)
{
    struct service *service = arg;

    return pipeline_hear(service->pipeline, ack, why);
}

struct acks *service_make_acks(struct service *service)
{
    const struct settings *settings = &service->config->settings;
    struct acks_wish wish = { .target = settings->redis,
                              .password = settings->password,
                              .prefix = settings->prefix,
                              .after = pipeline_heard(service->pipeline),
                              .on_ack = on_ack,
                              .arg = service };

    wish.target.tls = service->redis_tls;
    return acks_create(service->base, service->dns, &wish);
}
