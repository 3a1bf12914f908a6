/* SPDX-License-Identifier: Apache-2.0 */
/*
 * service.h - the running program: its parts, wired to each other,
 * started in order and stopped backwards (service_stop.h).
 */
#ifndef APP_SERVICE_H
#define APP_SERVICE_H

#include "adapter/connector.h"
#include "adapter/http/http.h"
#include "adapter/http/http_quota.h"
#include "adapter/json/answer.h"
#include "adapter/mqtt/mqtt.h"
#include "adapter/redis/publisher.h"
#include "adapter/signals.h"
#include "app/ailments.h"
#include "app/anchor.h"
#include "app/blindness.h"
#include "app/builder.h"
#include "app/histogram.h"
#include "app/http_pings.h"
#include "app/outputs.h"
#include "app/pipeline_rules.h"
#include "app/reload_result.h"
#include "app/rules_alerts.h"
#include "app/stats.h"
#include "app/timekeeper.h"
#include "core/growth.h"
#include "core/revision.h"

struct line_door;

/* Of an hour, how many looks were taken of each user. */
enum { ACCESS_USERS_MAX = 64 };
struct accesses {
    struct tick since;
    struct {
        long uid;
        unsigned n;
    } of[ACCESS_USERS_MAX];
    size_t n;
};

/* Whose page of devices is still to be made, the oldest first; more are told to come again. */
enum { PAGES_WAIT_MAX = 16 };
struct page_queue {
    struct event *turn;
    struct http_exchange *of[PAGES_WAIT_MAX]; /* a ring, */
    size_t first, n;                          /* and where its oldest is, and how many */
};

enum { SERVICE_DRAIN_MS = 10000, SERVICE_LEAVING_MAX = PIPELINE_OLD_MAX + 1 };

/* Kinds of refusals by MQTT: each is logged at most once a minute. */
enum mqtt_refusal { MQTT_REFUSED_CONTENT, MQTT_REFUSED_SPEAKER, MQTT_REFUSED_SIZE, MQTT_REFUSALS };

struct service {
    const char *path; /* of breachd.conf */
    bool rehearse;
    struct utc started, loaded;
    size_t in_force; /* orders, when they were last counted: */
    struct utc counted_at, counted_loaded;
    struct revision_counts revised; /* by the newest reload that was taken */
    struct reload_result result;    /* of the newest */
    struct rules_alerts rules_alerts;

    struct config *config;
    struct config *leaving[SERVICE_LEAVING_MAX]; /* the rules before, while pipeline_needs them */
    struct builder *builder;
    bool reload_wanted; /* a build is to be begun */
    bool adopted; /* what a reload wanted is in force, and not everybody was judged by it yet */
    struct event_base *base;
    struct evdns_base *dns;
    struct stats stats;
    struct pipeline *pipeline;
    struct ledger *ledger;
    struct blindness blindness;
    struct timekeeper timekeeper;
    struct anchor_teller anchor;
    struct ailing ailing;
    struct connector_voice redis_voice; /* of all connections to Redis */
    bool compared;                      /* with what Redis holds, in this life */
    bool epoch; /* that the ledger is an older copy was seen to in this life */
    struct publisher *publisher;
    struct acks *acks;
    struct reports *reports; /* NULL: an exercise, which tells nothing of what is around it */
    struct outputs outputs;
    struct http_door *door;
    struct line_door *ledger_door, *access_door; /* see ledger_door.h; NULL: not to be had */
    struct accesses accesses;                    /* that came to the one that is open */
    struct http_pings http_pings;
    struct page_queue pages;
    struct mqtt *mqtt;                              /* NULL: no broker */
    struct tick mqtt_up_since, mqtt_away_since;     /* as mqtt_door_tell saw it; 0: it is not */
    struct stream_door *stream;                     /* NULL: pings in Redis are not read */
    struct tls *mqtt_tls;                           /* what it holds on to, over reloads */
    struct tick mqtt_refusal_logged[MQTT_REFUSALS]; /* when each kind was last; 0: never */
    struct tls *http_tls, *redis_tls;   /* what doors and Redis hold on to, over reloads */
    struct auth_failures auth_failures; /* who comes with wrong tokens */
    struct event *signals[SIGNALS];
    int stop_fd;              /* readable while a start is not wanted any more, */
    bool unwanted;            /* which has been seen: it goes no further */
    struct event *stop_waits; /* has the loop turn, so that a start sees it */
    struct event *second, *rest, *watchdog, *drain;
    struct event *built, *step; /* the builder has something; the round goes on */

    struct waiting_alerts waiting; /* for Redis, to be timed */
    struct tick behind_since;      /* when Redis last had everything; 0: it has */
    struct growth growth;          /* of the ledger */
    enum room room;                /* as it was last told, see frugality.h */
    struct tick retained;          /* when the ledger was last told what may go */
    struct tick stopping;          /* since when; 0: not */
    bool farewell;                 /* heartbeats say from now on that it is stopped */
    bool idle_once;                /* idle at the last check; wait one more for sockets to flush */
};

/* Starts everything and runs until it is told to stop. The exit code. */
int service_run(const char *path, bool rehearse);

/*
 * Starts the timer of each second, and the signals, which come once
 * they are released; false with the reason.
 */
bool service_start_events(struct service *service, struct fault *why);

/* A publisher for the settings in force; at start, and when a reload has changed them. */
struct publisher *service_make_publisher(struct service *service);

/* The same for the reader of the control room's acks. */
struct acks *service_make_acks(struct service *service);

/* And for what breachd-relay says of itself, read from its beginning; NULL too in an exercise. */
struct reports *service_make_reports(struct service *service);

/*
 * Tells a ledger that is new, or is an older copy that was put back, after which number it counts;
 * asks Redis for REDIS_PROBE_MS at most. False when memory is out.
 */
bool service_start_numbering(struct service *service);

/* Connections that are made from now on use the certificates of the configuration in force. */
void service_adopt_tls(struct service *service);

/* What the settings in force let the door bear, as far as descriptors go round. */
struct http_limits service_limits(const struct service *service);

/* Says to systemd whether breachd watches, or why it is blind. */
void service_say_status(const struct service *service);

/* What it is, where it listens, by which rules it judges and what its ledger is: once it starts. */
void service_log_start(const struct service *service);

/* Whom the ledger calls. */
struct ledger_callbacks service_ledger_callbacks(struct service *service);

/* What one turn left to be judged goes on in the next, when doors and watchdog have had theirs. */
void service_on_behind(void *service);

/* Redis has everything now, or something is still on its way: to be called when that may change. */
void service_note_lag(struct service *service);

/* Which texts are in force. */
struct rules_text service_text(const struct service *service);

/* What somebody should see to at Redis, though pings are judged and kept. */
struct troubles service_troubles(const struct service *service);

/* Tells those of service_troubles that are incidents of breachd's own. Call each second. */
void service_tell_ailments(struct service *service);

/* Bytes that the ledger grows a day; NaN: not known yet. */
double service_growth(const struct service *service);

/* For how long Redis has lacked something, in milliseconds. */
int64_t service_lag_ms(const struct service *service);

#endif
