/* SPDX-License-Identifier: Apache-2.0 */
/* settings.h - breachd.conf as values, from one table of keys. */
#ifndef ADAPTER_CONF_SETTINGS_H
#define ADAPTER_CONF_SETTINGS_H

#include "adapter/complaints.h"
#include "adapter/conf/listen.h"
#include "adapter/mqtt_target.h"
#include "adapter/password.h"
#include "adapter/redis_target.h"
#include "adapter/source.h"
#include "core/index.h"
#include "core/watch.h"

enum { SETTINGS_PATH_MAX = 1024, SETTINGS_KEYS_MAX = 80 };

/* What a reload that changes a key makes anew; of several keys, all of theirs. */
enum settings_anew {
    SETTINGS_LIVE = 0,   /* nothing: the new value is in force */
    SETTINGS_FIXED = 1,  /* cannot be: the key cannot change while breachd runs */
    SETTINGS_ALERTS = 2, /* the connections that alerts go out and acks come in by */
    SETTINGS_PINGS = 4,  /* the reader of the ping stream */
    SETTINGS_REDIS = SETTINGS_ALERTS | SETTINGS_PINGS,
    SETTINGS_MQTT = 8, /* the subscription */
    SETTINGS_TLS = 16  /* what later connections begin with: any reload reads those files again */
};

#define SETTINGS_FILE   "/etc/breachd/breachd.conf"
#define SETTINGS_LEDGER "/var/lib/breachd/ledger.db"

struct settings_secret {
    char file[SETTINGS_PATH_MAX];
    char text[PASSWORD_MAX]; /* its first line; never logged */
};

struct settings {
    char file[SETTINGS_PATH_MAX];
    int lines[SETTINGS_KEYS_MAX]; /* where each key of the table is given; 0: nowhere */
    bool good[SETTINGS_KEYS_MAX]; /* it has a value, given or by default, that was not refused */

    char site[NAME_MAX_CHARS + 1];
    struct lonlat_box region;
    char timezone[NAME_MAX_CHARS + 1];
    char orders[SETTINGS_PATH_MAX];
    bool by_file; /* a bad file of orders keeps its last good text; else it refuses all of them */

    char ledger[SETTINGS_PATH_MAX];
    char signing_key[SETTINGS_PATH_MAX]; /* of exported evidence; "": not signed */
    int64_t retention_ms; /* pings that are no evidence are taken away after so long */
    int64_t evidence_ms;  /* and evidence, once nothing is open, after so long; 0: never */
    int64_t device_day;   /* bytes kept of one device's pings a day */
    int64_t spare;        /* bytes of the disk that are kept for what must be told */

    struct endpoint listen[LISTEN_MAX];
    size_t n_listen;
    char tls_certificate[SETTINGS_PATH_MAX], tls_key[SETTINGS_PATH_MAX];
    char tls_client_ca[SETTINGS_PATH_MAX];
    char tokens[SETTINGS_PATH_MAX];
    struct http_limits limits;
    int64_t rate; /* pings a second and token; 0: any number */

    struct redis_target redis;
    char redis_ca[SETTINGS_PATH_MAX]; /* empty: the system's */
    char redis_certificate[SETTINGS_PATH_MAX], redis_key[SETTINGS_PATH_MAX];
    struct settings_secret redis_password;
    char prefix[NAME_MAX_CHARS + 1];
    int64_t alerts_keep; /* entries */
    int64_t heartbeat_ms;
    bool pings; /* the ping stream is read */

    bool no_position;  /* alerts in Redis do not say where a ping was */
    bool stepped;      /* where they do, their numbers are in steps; a ledger of before has none */
    int64_t remind_ms; /* a critical alert that nobody has taken is escalated after so long */
    struct mqtt_target mqtt;
    struct settings_secret mqtt_password;
    struct mqtt_topics mqtt_topics;
    bool mqtt_by_topic;                   /* who speaks is the topic's user; else anybody */
    char mqtt_client[NAME_MAX_CHARS + 1]; /* empty: made of the site's name */
    char mqtt_ca[SETTINGS_PATH_MAX];      /* empty: the system's */

    struct detect detect;
    struct device_kinds kinds;        /* [devices N] */
    int kind_lines[DEVICE_KINDS_MAX]; /* where each begins */
    int64_t ping_interval_ms;         /* the tags' usual one */
};

/*
 * Reads the file at `path`. What is wrong is complained of, with file and line; then *out is no
 * use, and complaints->errors has risen. Keys and defaults: breachd.conf(5).
 */
void settings_load(const char *path, struct settings *out, struct complaints *complaints);

/* The same of what `sources` have. */
void settings_load_from(const struct sources *sources, const char *path, struct settings *out,
                        struct complaints *complaints);

/*
 * Number `nth` of the engine's thresholds (settings->detect), by its key: to keep them, and to set
 * them as they were kept. False past the last; for a key that is none.
 */
bool settings_threshold(const struct settings *settings, size_t nth, const char **out_key,
                        double *out_value);
bool settings_set_threshold(struct settings *settings, const char *key, double value);

/*
 * Where the key stands whose value `value` points to, a member of *settings, as settings->listen or
 * &settings->redis; 0 when it is not in the file.
 */
int settings_line(const struct settings *settings, const void *value);

/*
 * Hands over a line of words for each difference in the kinds of devices; returns how many there
 * are. None has a secret, or says where anybody is.
 */
size_t settings_kinds_compare(const struct device_kinds *old, const struct device_kinds *fresh,
                              void (*on_one)(const char *line, void *arg), void *arg);

/*
 * Hands over a line of words for each key that says something else, "[detect]: late 11m, was 10m",
 * and whether it is one of the engine's thresholds; returns how many there are. None has a secret,
 * or says where anything is; of [devices N], which are told by themselves, there is none.
 */
size_t settings_compare(const struct settings *old, const struct settings *fresh,
                        void (*on_one)(const char *line, bool is_threshold, void *arg), void *arg);

/* The set of what a reload from `running` to `fresh` makes anew: SETTINGS_REDIS | SETTINGS_MQTT. */
unsigned settings_anew(const struct settings *running, const struct settings *fresh);

/*
 * Complains of each key that cannot change while breachd runs and yet differs, with its line and
 * the value that stays; not of one whose new value was refused already.
 */
void settings_check_reload(const struct settings *running, const struct settings *fresh,
                           struct complaints *complaints);

void settings_wipe(struct settings *settings); /* of its secrets */

#endif
