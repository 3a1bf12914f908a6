/* SPDX-License-Identifier: Apache-2.0 */
/*
 * service_redis.c - what the ledger holds goes to Redis, and what the control room says comes in.
 */
#include "adapter/clock.h"
#include "adapter/log.h"
#include "adapter/redis/redis_probe.h"
#include "app/mqtt_door.h"
#include "app/pipeline_acks_apply.h"
#include "app/pipeline_acks_note.h"
#include "app/pipeline_leftover.h"
#include "app/pipeline_numbering.h"
#include "app/pipeline_state.h"
#include "app/service.h"
#include "core/numbering.h"

#include <inttypes.h>
#include <stdio.h>
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

    // At most WAITING_MAX.
    while (waiting_take(&service->waiting, sequence, &received))
        histogram_add(&service->stats.to_publish, histogram_publish, clock_utc().ms - received.ms);

    ledger_mark_published(service->ledger, sequence, clock_utc());
    service_note_lag(service);
    if (service->acks != NULL)
        acks_pump(service->acks); // an ack that came before its alert's entry was known
}

static void lost(void *arg)
{
    struct service *service = arg;

    service->stats.redis_losses++;
}

static void disbelieved(void *arg)
{
    struct service *service = arg;

    service->stats.redis_disbelieved++;
}

static void stands(const char *incident, const char *since, void *arg)
{
    struct service *service = arg;

    pipeline_note_first_entry(service->pipeline, incident, since);
}

static struct utc now(void *arg)
{
    struct service *service = arg;

    return pipeline_now(service->pipeline);
}

/*
 * The stream holds alerts of ours that this ledger has not: it is an older copy. What was told
 * before Redis was asked may have an id that was told already; so it is asked at a start.
 */
static void begin_epoch(struct service *service, uint32_t seen, uint64_t stream)
{
    uint64_t newest = ledger_sequence(service->ledger);
    char reason[FAULT_TEXT_MAX];

    // A new one that Redis has not heard of yet is numbered above all that it knows from its start.
    if (service->epoch || service->rehearse ||
        (pipeline_numbered_after(service->pipeline) > 0 && ledger_published(service->ledger) == 0))
        return;
    service->epoch = pipeline_begin_epoch(service->pipeline, seen);
    if (!service->epoch)
        return; // blind: the stream is compared again when that is over
    snprintf(reason, sizeof reason,
             "the ledger is an older copy: it ends with alert %" PRIu64
             ", and the stream in Redis with %" PRIu64 ": what is new is numbered from %u on, so "
             "that no id comes again",
             newest, stream, pipeline_epoch(service->pipeline) + 1);
    log_error("%s", reason);
    ailment_happened(&service->ailing, AILMENT_LEDGER_OLD, reason);
}

/* Before anything is made anew by the ledger: see pipeline_take_leftover. */
static bool leftover(const struct leftover *leftover, uint64_t after, uint64_t from, void *arg)
{
    struct service *service = arg;

    if (service->rehearse)
        return true;
    if (pipeline_closed(service->pipeline) != NULL)
        return false;
    begin_epoch(service, 0, from);
    return pipeline_take_leftover(service->pipeline, leftover, after);
}

static void renumber(uint64_t from, void *arg)
{
    struct service *service = arg;

    begin_epoch(service, 0, from); // by what is published before that
    ledger_renumber(service->ledger, from);
}

double service_growth(const struct service *service)
{
    return growth_a_day(&service->growth, clock_tick(), (double)ledger_size(service->ledger).used);
}

static void add_trouble(struct troubles *troubles, bool is, const char *word)
{
    if (is)
        troubles->words[troubles->n++] = word;
}

struct rules_text service_text(const struct service *service)
{
    const struct config *config = service->config;
    const char *from = config->by_last ? "last-good" : config->n_held > 0 ? "by-file" : "files";

    return (struct rules_text){ from, config->text, config->read,
                                builder_kept(service->builder) == BUILDER_KEPT };
}

struct troubles service_troubles(const struct service *service)
{
    const struct redis_memory *memory = publisher_memory(service->publisher);
    struct troubles troubles = { 0 };

    add_trouble(&troubles, acks_why_deaf(service->acks)[0] != '\0', "acks");
    add_trouble(&troubles, memory->short_of, "redis-memory");
    add_trouble(&troubles, redis_memory_evicts(memory), "redis-evicts");
    add_trouble(&troubles,
                publisher_lacks_rights(service->publisher) ||
                    acks_why_untrimmed(service->acks)[0] != '\0',
                "redis-rights");
    add_trouble(&troubles, service->result.refusal.complaints > 0, "reload-refused");
    add_trouble(&troubles, builder_kept(service->builder) == BUILDER_KEPT_NOT, "rules-not-kept");
    add_trouble(&troubles, service->rules_alerts.none, "no-orders");
    return troubles;
}

void service_tell_ailments(struct service *service)
{
    const struct redis_memory *memory = publisher_memory(service->publisher);
    char reason[ALERT_REASON_MAX];

    // What Redis may not be asked, or has not said yet, is as it was.
    if (memory->policy[0] != '\0') {
        snprintf(reason, sizeof reason, "Redis's maxmemory-policy is %s%s", memory->policy,
                 redis_memory_evicts(memory)
                     ? ": when its memory is full it may throw alerts away: set it to noeviction"
                     : " again");
        ailment_is(service->pipeline, service->ledger, AILMENT_REDIS_EVICTS,
                   redis_memory_evicts(memory), reason);
    }
    mqtt_door_tell(service, clock_tick());
    ailments_tick(&service->ailing, service->pipeline, service->ledger);
    if (outputs_tick(&service->outputs, service->pipeline, service->ledger))
        reports_rewind(service->reports);
}

static void heartbeat(char text[PUBLISHER_HEARTBEAT_MAX], void *arg)
{
    struct service *service = arg;
    struct heartbeat now = { .site = service->config->settings.site,
                             .now = clock_utc(),
                             .interval_ms = service->config->settings.heartbeat_ms,
                             .loaded = service->loaded,
                             .orders = rulebook_counts(service->config->rules).orders,
                             .revised = service->revised,
                             .refused = &service->result.refusal,
                             .text = service_text(service),
                             .sequence = ledger_sequence(service->ledger),
                             .lag_ms = service_lag_ms(service),
                             .open = pipeline_open_incidents(service->pipeline),
                             .blind = service->blindness.now,
                             .exercise = service->rehearse,
                             .stopped = service->farewell,
                             .disk = room_name(ledger_room(service->ledger)),
                             .ledger_bytes = ledger_size(service->ledger).file,
                             .ledger_growth = service_growth(service),
                             .troubles = service_troubles(service) };
    char *printed = answer_print_heartbeat(&now);

    strncpy(text, printed ? printed : "{}", PUBLISHER_HEARTBEAT_MAX - 1);
    free(printed);
}

static void holder(const char *incident, struct event_holder *out, void *arg)
{
    struct service *service = arg;

    pipeline_holder(service->pipeline, incident, out);
}

static void on_noted(const char *incident, void *arg)
{
    struct service *service = arg;

    if (service->publisher != NULL)
        publisher_annotate(service->publisher, incident);
}

struct publisher *service_make_publisher(struct service *service)
{
    const struct settings *settings = &service->config->settings;
    struct publisher_options options = { .target = settings->redis,
                                         .password = settings->redis_password.text,
                                         .prefix = settings->prefix,
                                         .site = settings->site,
                                         .exercise = service->rehearse,
                                         .alerts_keep = settings->alerts_keep,
                                         .heartbeat_ms = settings->heartbeat_ms };
    struct publisher_callbacks callbacks = { .newest = newest,
                                             .fetch = fetch,
                                             .confirmed = confirmed,
                                             .on_published = stands,
                                             .lost = lost,
                                             .disbelieved = disbelieved,
                                             .leftover = leftover,
                                             .renumber = renumber,
                                             .now = now,
                                             .heartbeat = heartbeat,
                                             .holder = holder,
                                             .arg = service };

    pipeline_call_when_noted(service->pipeline, on_noted, service);
    options.target.tls = service->redis_tls;
    options.target.voice = &service->redis_voice;
    return publisher_create(service->base, service->dns, &options, &callbacks,
                            ledger_published(service->ledger));
}

static enum acks_answer on_ack(const struct ack *given, struct fault *why, void *arg)
{
    struct service *service = arg;
    struct ack ack = *given;
    enum acks_answer answer;

    // Of an older copy that was put back while Redis was away an answer would have an old id.
    service->compared |=
        publisher_has_compared(service->publisher) || publisher_lacks_rights(service->publisher);
    if (!service->compared)
        return ACKS_LATER;
    ack.settled = publisher_caught_up(service->publisher);
    ack.telling = publisher_connected(service->publisher) && !ack.settled;
    answer = pipeline_ack(service->pipeline, &ack, why);
    service->stats.acks_taken += answer == ACKS_TAKEN;
    service->stats.acks_refused += answer == ACKS_REFUSED;
    return answer;
}

static bool on_skipped(const char *id, const char *why, void *arg)
{
    struct service *service = arg;

    (void)why; // acks_take.c logs it
    if (!pipeline_skip_ack(service->pipeline, id))
        return false;
    service->stats.acks_skipped++;
    return true;
}

static const char *kept(void *arg)
{
    struct service *service = arg;

    return pipeline_kept_ack_id(service->pipeline);
}

struct acks *service_make_acks(struct service *service)
{
    const struct settings *settings = &service->config->settings;
    struct acks_options options = { .target = settings->redis,
                                    .password = settings->redis_password.text,
                                    .prefix = settings->prefix,
                                    .after = pipeline_last_ack_id(service->pipeline),
                                    .on_ack = on_ack,
                                    .on_skipped = on_skipped,
                                    .kept = kept,
                                    .arg = service };

    options.target.tls = service->redis_tls;
    options.target.voice = &service->redis_voice;
    return acks_create(service->base, service->dns, &options);
}

static void on_report(const struct report *report, void *arg)
{
    struct service *service = arg;

    outputs_take(&service->outputs, report);
}

static void on_reports_read(void *arg)
{
    struct service *service = arg;

    outputs_read_all(&service->outputs);
}

struct reports *service_make_reports(struct service *service)
{
    const struct settings *settings = &service->config->settings;
    struct reports_options options = { .target = settings->redis,
                                       .password = settings->redis_password.text,
                                       .prefix = settings->prefix,
                                       .on_report = on_report,
                                       .on_read = on_reports_read,
                                       .arg = service };

    options.target.tls = service->redis_tls;
    options.target.voice = &service->redis_voice;
    return service->rehearse ? NULL : reports_create(service->base, service->dns, &options);
}

/* An exercise has a Redis of its own, and tells the same numbers each time it is played. */
static enum site_use ask_redis(struct service *service, struct redis_seen *out_seen)
{
    const struct settings *settings = &service->config->settings;
    struct redis_target target = settings->redis;

    *out_seen = (struct redis_seen){ 0 };
    if (service->rehearse)
        return SITE_NEW;
    target.tls = service->redis_tls;
    target.voice = &service->redis_voice;
    return redis_probe(service->base, service->dns, &target, settings->redis_password.text,
                       settings->prefix, settings->site, out_seen);
}

bool service_start_numbering(struct service *service)
{
    struct redis_seen seen;
    enum site_use use = ask_redis(service, &seen);
    uint32_t numbered_after;

    // What Redis alone knows is taken over first: a word about that is about what goes on.
    service->compared = use != SITE_UNSURE && seen.sequence <= ledger_sequence(service->ledger);
    if (!pipeline_lacks_numbering(service->pipeline)) {
        if (seen.sequence > ledger_sequence(service->ledger))
            begin_epoch(service, seen.number, seen.sequence);
        return true;
    }
    numbered_after = numbering_start(use != SITE_NEW, clock_utc(), seen.number, arc4random());
    if (numbered_after > 0)
        log_warning("the ledger is new, and %s: incidents are numbered from %u on, so that no id "
                    "comes again",
                    use == SITE_USED ? "Redis knows of alerts of an earlier one"
                                     : "Redis does not say whether there was an earlier one",
                    numbered_after + 1);
    // What was open in it is watched on by nobody: worse than an older copy, and as loud.
    if (use == SITE_USED)
        ailment_happened(&service->ailing, AILMENT_LEDGER_OLD,
                         "the ledger is new, and Redis knows of alerts of an earlier one: what was "
                         "open in that is known by Redis alone; put the newest copy back");
    return pipeline_start_numbering(service->pipeline, numbered_after);
}
