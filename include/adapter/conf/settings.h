/* SPDX-License-Identifier: Apache-2.0 */
/* settings.h - breachd.conf as values, from one table of keys. */
#ifndef ADAPTER_CONF_SETTINGS_H
#define ADAPTER_CONF_SETTINGS_H

#include "adapter/complaints.h"
#include "adapter/endpoint.h"
#include "adapter/mqtt_target.h"
#include "adapter/redis_target.h"
#include "core/index.h"
#include "core/watch.h"

enum { SETTINGS_PATH_MAX = 1024, SETTINGS_LISTEN_MAX = 8, SETTINGS_SECRET_MAX = 512 };

/* Where keys stand, for a complaint; 0: nowhere. */
struct settings_lines {
    int timezone, listen, http_tls, client_ca;
    int redis, redis_tls, redis_password, mqtt, mqtt_ca, mqtt_password, mqtt_topics, mqtt_device;
};

struct settings {
    char file[SETTINGS_PATH_MAX];
    struct settings_lines lines;

    char site[NAME_MAX_CHARS + 1];
    struct lonlat_box region;
    char timezone[NAME_MAX_CHARS + 1];
    char orders[SETTINGS_PATH_MAX];

    char ledger[SETTINGS_PATH_MAX];
    char signing_key[SETTINGS_PATH_MAX]; /* of exported evidence; "": not signed */
    int64_t retention_ms; /* pings that are no evidence are taken away after so long */
    int64_t device_day;   /* bytes kept of one device's pings a day */
    int64_t spare;        /* bytes of the disk that are kept for what must be told */

    struct endpoint listen[SETTINGS_LISTEN_MAX];
    size_t n_listen;
    char tls_certificate[SETTINGS_PATH_MAX], tls_key[SETTINGS_PATH_MAX];
    char tls_client_ca[SETTINGS_PATH_MAX];
    char tokens[SETTINGS_PATH_MAX];
    struct http_limits limits;
    int64_t rate; /* pings a second and token; 0: any number */

    struct redis_target redis;
    char redis_ca[SETTINGS_PATH_MAX]; /* empty: the system's */
    char redis_certificate[SETTINGS_PATH_MAX], redis_key[SETTINGS_PATH_MAX];
    char password_file[SETTINGS_PATH_MAX];
    char password[SETTINGS_SECRET_MAX]; /* its first line; never logged */
    char prefix[NAME_MAX_CHARS + 1];
    int64_t alerts_keep; /* entries */
    int64_t heartbeat_ms;
    bool pings; /* the ping stream is read */

    bool no_position;  /* alerts in Redis do not say where a ping was */
    bool stepped;      /* where they do, their numbers are in steps; a ledger of before has none */
    int64_t remind_ms; /* a critical alert that nobody has taken is escalated after so long */
    struct mqtt_target mqtt;
    char mqtt_password_file[SETTINGS_PATH_MAX];
    char mqtt_password[SETTINGS_SECRET_MAX]; /* its first line; never logged */
    struct mqtt_topics mqtt_topics;
    bool mqtt_by_topic;                   /* who speaks is the topic's user; else anybody */
    char mqtt_client[NAME_MAX_CHARS + 1]; /* empty: made of the site's name */
    char mqtt_ca[SETTINGS_PATH_MAX];      /* empty: the system's */

    struct detect detect;
    int64_t ping_interval_ms; /* the tags' usual one */
};

/*
 * Reads the file at `path`. What is wrong is complained of, with file and line; then *out is no
 * use, and complaints->errors has risen. Keys and defaults: breachd.conf(5).
 */
void settings_load(const char *path, struct settings *out, struct complaints *complaints);

/*
 * Number `nth` of the engine's thresholds (settings->detect), by its key: to keep them, and to set
 * them as they were kept. False past the last; for a key that is none.
 */
bool settings_threshold(const struct settings *settings, size_t nth, const char **out_key,
                        double *out_value);
bool settings_set_threshold(struct settings *settings, const char *key, double value);

/* The same Redis, by the same user, with the same prefix. */
bool settings_same_redis(const struct settings *a, const struct settings *b);

/* Complains of keys that do not fit together; settings_load does it too. */
void settings_check(const struct settings *settings, struct complaints *complaints);

/* Reads the password files; only why one cannot be read is told. settings_load does it too. */
void settings_read_secrets(struct settings *settings, struct complaints *complaints);

/* The key that cannot change while breachd runs and yet differs, as "[site] name"; or NULL. */
const char *settings_fixed_key(const struct settings *running, const struct settings *fresh);

#endif
