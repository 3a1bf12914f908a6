/* SPDX-License-Identifier: Apache-2.0 */
#include "app/mqtt_door.h"

#include "adapter/clock.h"
#include "adapter/log.h"
#include "adapter/ping/owntracks.h"
#include "app/access.h"
#include "app/ailments.h"
#include "app/pipeline_batch.h"
#include "app/pipeline_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOPIC_SHOWN = 80 };

/* A message on its way to the disk. */
struct arriving {
    struct service *service;
    struct mqtt_receipt *receipt;
    struct batch *batch;
    bool unread;              // memory was out
    bool retained;            // by the broker, for whoever subscribes
    enum mqtt_refusal kind;   // of the first ping that was refused,
    char why[FAULT_TEXT_MAX]; // and the reason; "": none was
    char topic[MQTT_TOPIC_MAX + 1];
};

/*
 * Nobody can be answered here, so the log has to say it: at most once a minute for each kind, and
 * of the reason only what it is about, for behind that may stand a position.
 */
static void tell_refusal(struct service *service, enum mqtt_refusal kind, const char *topic,
                         size_t topic_n, const char *why)
{
    int length = (int)(topic_n < TOPIC_SHOWN ? topic_n : TOPIC_SHOWN);

    if (!log_is_due(&service->mqtt_refusal_logged[kind], clock_tick()))
        return;
    if (kind == MQTT_REFUSED_SPEAKER)
        log_warning("mqtt: %.*s: refused: its user may not speak for that device; more of this is "
                    "only counted",
                    length, topic);
    else
        log_warning("mqtt: %.*s: refused for its %.*s; more of this is only counted", length, topic,
                    (int)strcspn(why, ":"), why);
}

/* The refusal is logged when the message is kept: else the message comes again. */
static void note_refusal(struct arriving *arriving, enum mqtt_refusal kind, const char *why)
{
    if (arriving->why[0] != '\0')
        return;
    arriving->kind = kind;
    snprintf(arriving->why, sizeof arriving->why, "%s", why);
}

static void on_done(bool kept, void *arg)
{
    struct arriving *arriving = arg;
    bool settled = kept && !arriving->unread;

    if (settled && arriving->why[0] != '\0')
        tell_refusal(arriving->service, arriving->kind, arriving->topic, strlen(arriving->topic),
                     arriving->why);
    mqtt_settle(arriving->receipt, settled);
    free(arriving);
}

/* What the broker has kept comes with each subscription: without a time nobody knows of when. */
static const char *refusal_of(const struct arriving *arriving, const struct ping *ping,
                              const char *why)
{
    bool timeless = why == NULL && ping != NULL && ping->untimed && arriving->retained;

    return timeless ? "time: missing, of a message that the broker has kept" : why;
}

static void take_ping(const struct ping *ping, size_t index, const char *said, void *arg)
{
    struct arriving *arriving = arg;
    const char *why = refusal_of(arriving, ping, said);
    struct stats *stats = &arriving->service->stats;
    enum arrival class;
    enum batch_gave gave;
    struct fault refused;

    (void)index;
    if (why != NULL) {
        stats->pings[ARRIVED_REFUSED]++;
        if (ping != NULL)
            batch_refused(arriving->batch, ping->device, why);
        note_refusal(arriving, MQTT_REFUSED_CONTENT, why);
    } else if (ping != NULL) {
        gave = batch_give(arriving->batch, ping, &class, &refused);
        if (gave != BATCH_TAKEN)
            note_refusal(arriving,
                         gave == BATCH_FORBIDDEN ? MQTT_REFUSED_SPEAKER : MQTT_REFUSED_CONTENT,
                         refused.text);
    } else {
        stats->ignored++;
    }
}

/* Who has a topic of OwnTracks' own must not speak for others there, as a plain ping could. */
static ping_reader *reader_of(const char *topic)
{
    static const char owntracks[] = "owntracks/";

    return strncmp(topic, owntracks, sizeof owntracks - 1) == 0 ? owntracks_read
                                                                : owntracks_read_any;
}

/* A refused message is acknowledged all the same: it would come again for ever. */
static void refuse(struct service *service, enum mqtt_refusal kind, const char *topic,
                   size_t topic_n, const char *why)
{
    service->stats.pings[ARRIVED_REFUSED]++;
    tell_refusal(service, kind, topic, topic_n, why);
}

/* ---- who speaks, when the topic says it ---- */

struct speaker {
    const struct rulebook *rules;
    char user[NAME_MAX_CHARS + 1];
};

/*
 * 1. For the device whose id is the user's name: of one under no order it is then told that.
 * 2. Is the user a device's id, for each device of the same respondent.
 * 3. Else, is the user a respondent's id, for each of his devices.
 */
static bool speaks_for(const char *device, void *arg)
{
    const struct speaker *speaker = arg;
    size_t whose, his, nth;

    if (strcmp(device, speaker->user) == 0)
        return true;
    if (!rulebook_find_device(speaker->rules, device, &whose, &nth))
        return false;
    return (rulebook_find_device(speaker->rules, speaker->user, &his, &nth) ||
            rulebook_find_respondent(speaker->rules, speaker->user, &his)) &&
           his == whose;
}

/* ---- one message ---- */

static void read_message(struct arriving *arriving, const struct mqtt_message *message)
{
    struct ping_body body = { .bytes = message->payload,
                              .n = message->payload_n,
                              .topic = arriving->topic,
                              .known = batch_knows,
                              .known_arg = arriving->batch };
    struct fault why;

    if (reader_of(body.topic)(&body, take_ping, arriving, &why))
        return;
    arriving->unread = fault_is_memory(&why); // nothing of it was taken: it comes again
    if (arriving->unread)
        return;
    arriving->service->stats.pings[ARRIVED_REFUSED]++;
    note_refusal(arriving, MQTT_REFUSED_CONTENT, why.text);
}

/* The message, whose user is allowed to send it, is the batch; false: not now. */
static bool hand_over(struct service *service, const struct mqtt_message *message,
                      struct mqtt_receipt *receipt, const struct sender *sender)
{
    struct arriving *arriving = malloc(sizeof *arriving);

    if (arriving == NULL)
        return false;
    *arriving =
        (struct arriving){ .service = service, .receipt = receipt, .retained = message->retained };
    snprintf(arriving->topic, sizeof arriving->topic, "%.*s", (int)message->topic_n,
             message->topic);
    arriving->batch = batch_begin(service->pipeline, sender, on_done, arriving);
    if (arriving->batch == NULL) {
        free(arriving);
        return false;
    }
    read_message(arriving, message);
    batch_end(arriving->batch);
    return true;
}

static void take(const struct mqtt_message *message, struct mqtt_receipt *receipt, void *arg)
{
    struct service *service = arg;
    const struct settings *settings = &service->config->settings;
    const struct mqtt_topics *topics = &settings->mqtt_topics;
    struct speaker speaker = { .rules = service->config->rules };
    struct sender sender = { .covers = settings->mqtt_by_topic ? speaks_for : sender_covers_all,
                             .arg = &speaker,
                             .id = SENDER_MQTT,
                             .rate = (double)settings->rate,
                             .burst_s = ACCESS_UNANSWERED_BURST_S };

    if (!mqtt_topics_hold(topics, message->topic, message->topic_n)) {
        service->stats.ignored++;
        mqtt_settle(receipt, true);
        return;
    }
    if (message->topic_n > MQTT_TOPIC_MAX) {
        refuse(service, MQTT_REFUSED_SIZE, message->topic, message->topic_n, "topic: too long");
        mqtt_settle(receipt, true);
        return;
    }
    if (settings->mqtt_by_topic &&
        !mqtt_topics_user(topics, message->topic, message->topic_n, speaker.user)) {
        refuse(service, MQTT_REFUSED_SPEAKER, message->topic, message->topic_n, "");
        mqtt_settle(receipt, true);
        return;
    }
    if (!hand_over(service, message, receipt, &sender))
        mqtt_settle(receipt, false);
}

static bool ready(void *arg)
{
    struct service *service = arg;

    return pipeline_shut(service->pipeline) == NULL;
}

static void too_large(const char *topic, size_t topic_n, void *arg)
{
    refuse(arg, MQTT_REFUSED_SIZE, topic, topic_n, "size: too large");
}

bool mqtt_door_open(struct service *service)
{
    const struct settings *settings = &service->config->settings;
    struct mqtt_options options = { .target = settings->mqtt,
                                    .topics = settings->mqtt_topics,
                                    .client = settings->mqtt_client,
                                    .password = settings->mqtt_password.text,
                                    .tls = service->mqtt_tls };
    struct mqtt_callbacks callbacks = { ready, take, too_large, service };
    char client[sizeof "breachd-" + NAME_MAX_CHARS];

    if (settings->mqtt.host[0] == '\0')
        return true;
    snprintf(client, sizeof client, "breachd-%s", settings->site);
    if (options.client[0] == '\0')
        options.client = client;
    service->mqtt = mqtt_create(service->base, service->dns, &options, &callbacks);
    return service->mqtt != NULL;
}

void mqtt_door_adopt(struct service *service)
{
    mqtt_destroy(service->mqtt);
    service->mqtt = NULL;
    if (!mqtt_door_open(service))
        log_error("mqtt: out of memory: not subscribed");
}

/* Whether it has been up for long enough to be believed, at each look. */
static bool is_steady(struct service *service, struct tick now)
{
    struct tick *since = &service->mqtt_up_since;

    if (!mqtt_is_up(service->mqtt))
        *since = (struct tick){ 0 };
    else if (since->ms == 0)
        *since = now;
    return since->ms != 0 && now.ms - since->ms >= MQTT_STEADY_MS;
}

static void tell_away(struct service *service)
{
    const char *why = mqtt_is_up(service->mqtt)
                          ? "it comes and goes; has another client the same client-id?"
                          : mqtt_why_down(service->mqtt);
    char reason[ALERT_REASON_MAX];

    snprintf(reason, sizeof reason, "the MQTT broker is away, what comes by it is not heard: %s",
             why);
    ailment_is(service->pipeline, service->ledger, AILMENT_MQTT_AWAY, true, reason);
}

static void tell_well(struct service *service, const char *reason)
{
    service->mqtt_away_since = (struct tick){ 0 };
    ailment_is(service->pipeline, service->ledger, AILMENT_MQTT_AWAY, false, reason);
}

void mqtt_door_tell(struct service *service, struct tick now)
{
    struct tick *since = &service->mqtt_away_since;

    if (service->mqtt == NULL)
        tell_well(service, "no MQTT broker is set");
    else if (!ready(service))
        *since = service->mqtt_up_since = (struct tick){ 0 };
    else if (is_steady(service, now))
        tell_well(service, "the MQTT broker is back");
    else if (since->ms == 0)
        *since = now;
    else if (now.ms - since->ms >= MQTT_AWAY_MS)
        tell_away(service);
}
