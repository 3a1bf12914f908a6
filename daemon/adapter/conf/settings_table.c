/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings_table.c - a row is a key: where it goes, its default, what a reload that changes it
 * makes anew, its range.
 */
#include "adapter/conf/settings_parts.h"

#include <string.h>

#define MINUTE (60 * 1000.0)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define KIB    1024.0
#define MIB    (1024 * KIB)

/* Short, so that a key is a line. */
enum {
    LIVE = SETTINGS_LIVE,
    FIXED = SETTINGS_FIXED,
    ALERTS = SETTINGS_ALERTS,
    PINGS = SETTINGS_PINGS,
    REDIS = SETTINGS_REDIS,
    MQTT = SETTINGS_MQTT,
    TLS = SETTINGS_TLS
};

#define AT(member) offsetof(struct settings, member)

const struct settings_key settings_keys[] = {
    { "site", "name", NULL, NAME, AT(site), FIXED, 0, 0 },
    { "site", "region", NULL, REGION, AT(region), LIVE, 0, 0 },
    { "site", "timezone", "Europe/London", ZONE, AT(timezone), FIXED, 0, 0 },
    { "site", "orders", "orders.d", PATH, AT(orders), LIVE, 0, 0 },
    { "site", "reload", "whole", BY_FILE, AT(by_file), LIVE, 0, 0 },
    { "ledger", "path", SETTINGS_LEDGER, PATH, AT(ledger), FIXED, 0, 0 },
    { "ledger", "retention", "28d", DURATION, AT(retention_ms), LIVE, HOUR, 3660 * DAY },
    { "ledger", "evidence-retention", "0s", DURATION, AT(evidence_ms), LIVE, 0, 36600 * DAY },
    { "ledger", "device-day", "64 MiB", SIZE, AT(device_day), LIVE, MIB, 64 * 1024 * MIB },
    { "ledger", "spare", "64 MiB", SIZE, AT(spare), LIVE, 0, 1024 * 1024 * MIB },
    { "ledger", "signing-key", "", PATH, AT(signing_key), LIVE, 0, 0 },
    { "http", "listen", "127.0.0.1:8750", LISTEN, AT(listen), FIXED, 0, 0 },
    { "http", "tls-certificate", "", PATH, AT(tls_certificate), TLS, 0, 0 },
    { "http", "tls-key", "", PATH, AT(tls_key), TLS, 0, 0 },
    { "http", "tls-client-ca", "", PATH, AT(tls_client_ca), TLS, 0, 0 },
    { "http", "tokens", "", PATH, AT(tokens), LIVE, 0, 0 },
    { "http", "rate", "1000", COUNT, AT(rate), LIVE, 0, 1e6 },
    { "http", "max-body", "1 MiB", SIZE, AT(limits.max_body), LIVE, KIB, 64 * MIB },
    { "http", "max-connections", "1000", COUNT, AT(limits.max_connections), LIVE, 1, 100000 },
    { "http", "max-per-address", "200", COUNT, AT(limits.max_per_address), LIVE, 1, 100000 },
    { "http", "idle", "60s", DURATION, AT(limits.idle_ms), LIVE, 1000, HOUR },
    { "http", "request", "20s", DURATION, AT(limits.request_ms), LIVE, 1000, HOUR },
    { "redis", "url", "redis://127.0.0.1:6379/0", REDIS_URL, AT(redis), REDIS, 0, 0 },
    { "redis", "tls-ca", "", PATH, AT(redis_ca), REDIS, 0, 0 },
    { "redis", "tls-certificate", "", PATH, AT(redis_certificate), REDIS, 0, 0 },
    { "redis", "tls-key", "", PATH, AT(redis_key), REDIS, 0, 0 },
    { "redis", "password-file", "", SECRET, AT(redis_password), REDIS, 0, 0 },
    { "redis", "prefix", "breachd", NAME, AT(prefix), REDIS, 0, 0 },
    { "redis", "alerts-keep", "1000000", COUNT, AT(alerts_keep), ALERTS, 1000, 1e9 },
    { "redis", "heartbeat", "5s", DURATION, AT(heartbeat_ms), ALERTS, 1000, HOUR },
    { "redis", "pings", "off", ON, AT(pings), PINGS, 0, 0 },
    { "alerts", "position", "full", FULL, AT(no_position), LIVE, 0, 0 },
    { "alerts", "remind", "5m", DURATION, AT(remind_ms), LIVE, 10 * 1000, DAY },
    { "mqtt", "url", "", MQTT_URL, AT(mqtt), MQTT, 0, 0 },
    { "mqtt", "password-file", "", SECRET, AT(mqtt_password), MQTT, 0, 0 },
    { "mqtt", "topics", "owntracks/+/+", TOPICS, AT(mqtt_topics), MQTT, 0, 0 },
    { "mqtt", "device", "any", ANY, AT(mqtt_by_topic), LIVE, 0, 0 },
    { "mqtt", "client-id", "", NAME, AT(mqtt_client), MQTT, 0, 0 },
    { "mqtt", "tls-ca", "", PATH, AT(mqtt_ca), TLS, 0, 0 },
    { "detect", "update", "60s", DURATION, AT(detect.update_ms), LIVE, 1000, DAY },
    { "detect", "last-known", "1h", DURATION, AT(detect.last_known_ms), LIVE, MINUTE, 30 * DAY },
    { "detect", "ping-interval", "15s", DURATION, AT(ping_interval_ms), LIVE, 1000, DAY },
    { "detect", "unknown-accuracy", "30 m", DISTANCE, AT(detect.unknown_accuracy), LIVE, 1, 10000 },
    { "detect", "coarse", "200 m", DISTANCE, AT(detect.coarse), LIVE, 10, 100000 },
    { "detect", "probability-possible", "25 %", SHARE, AT(detect.possible), LIVE, 0.05, 0.9 },
    { "detect", "probability-breach", "70 %", SHARE, AT(detect.breach), LIVE, 0.5, 0.999 },
    { "detect", "probability-breach-outside", "94 %", SHARE, AT(detect.breach_outside), LIVE, 0.5,
      0.999 },
    { "detect", "probability-cleared", "5 %", SHARE, AT(detect.cleared), LIVE, 0.001, 0.09 },
    { "detect", "probability-way", "35 %", SHARE, AT(detect.way), LIVE, 0.05, 0.9 },
    { "detect", "probability-way-before", "20 %", SHARE, AT(detect.way_before), LIVE, 0.05, 0.9 },
    { "detect", "path", "5m", DURATION, AT(detect.path_ms), LIVE, 0, HOUR },
    { "detect", "late", "10m", DURATION, AT(detect.late_ms), LIVE, MINUTE, DAY },
    { "detect", "clock-lag-most", "7d", DURATION, AT(detect.lag_most_ms), LIVE, DAY, 365 * DAY },
    { "detect", "approach", "5m", DURATION, AT(detect.approach_ms), LIVE, 0, HOUR },
    { "detect", "closing-speed", "0.5 m/s", SPEED, AT(detect.closing_speed), LIVE, 0.1, 70 },
    { "detect", "reach-speed", "13.4 m/s", SPEED, AT(detect.reach_speed), LIVE, 0.5, 70 },
    { "detect", "mast", "2 km", DISTANCE, AT(detect.mast), LIVE, 10, 100000 },
    { "detect", "rest-reach", "1 km", DISTANCE, AT(detect.rest_reach), LIVE, 0, 100000 },
    { "detect", "silent-least", "5m", DURATION, AT(detect.silent_least_ms), LIVE, 10000, DAY },
    { "alerts", "device-interval", "5m", DURATION, AT(detect.device_every_ms), LIVE, 10000, DAY },
    { "alerts", "device-day", "500", REAL, AT(detect.device_day), LIVE, 10, 1e6 },
    { "alerts", "silent-after", "1h", DURATION, AT(detect.silent_ms), LIVE, MINUTE, 30 * DAY },
    { "alerts", "no-fix-after", "0s", DURATION, AT(detect.no_fix_ms), LIVE, 0, 30 * DAY },
};

enum { KEYS = sizeof settings_keys / sizeof *settings_keys };
_Static_assert((int)KEYS <= (int)SETTINGS_KEYS_MAX, "settings have a line for each key");

const size_t settings_keys_n = KEYS;

int settings_line(const struct settings *settings, const void *value)
{
    size_t offset = (size_t)((const char *)value - (const char *)settings);

    for (size_t i = 0; i < KEYS; i++) {
        if (settings_keys[i].offset == offset)
            return settings->lines[i];
    }
    return 0;
}

/* ---- kinds of values ---- */

enum unit_kind settings_unit(const struct settings_key *key)
{
    static const enum unit_kind units[] = {
        [COUNT] = UNIT_COUNT, [DURATION] = UNIT_DURATION, [SIZE] = UNIT_SIZE,
        [REAL] = UNIT_COUNT,  [DISTANCE] = UNIT_DISTANCE, [SPEED] = UNIT_SPEED,
        [SHARE] = UNIT_SHARE
    };

    return units[key->kind];
}

const char *const *settings_words(const struct settings_key *key)
{
    static const char *const words[][2] = { [BY_FILE] = { "whole", "by-file" },
                                            [FULL] = { "full", "none" },
                                            [ON] = { "off", "on" },
                                            [ANY] = { "any", "topic" } };

    return words[key->kind];
}

/* ---- the engine's thresholds ---- */

bool settings_is_real(const struct settings_key *key)
{
    return key->kind == REAL || key->kind == DISTANCE || key->kind == SPEED || key->kind == SHARE;
}

bool settings_is_threshold(const struct settings_key *key)
{
    return key->offset >= AT(detect) && key->offset < AT(detect) + sizeof(struct detect);
}

bool settings_threshold(const struct settings *settings, size_t nth, const char **out_key,
                        double *out_value)
{
    for (size_t i = 0; i < KEYS; i++) {
        const void *at = (const char *)settings + settings_keys[i].offset;

        if (!settings_is_threshold(&settings_keys[i]) || nth-- > 0)
            continue;
        *out_key = settings_keys[i].key;
        *out_value = settings_is_real(&settings_keys[i]) ? *(const double *)at
                                                         : (double)*(const int64_t *)at;
        return true;
    }
    return false;
}

bool settings_set_threshold(struct settings *settings, const char *key, double value)
{
    for (size_t i = 0; i < KEYS; i++) {
        void *at = (char *)settings + settings_keys[i].offset;

        if (!settings_is_threshold(&settings_keys[i]) || strcmp(settings_keys[i].key, key) != 0)
            continue;
        if (settings_is_real(&settings_keys[i]))
            *(double *)at = value;
        else
            *(int64_t *)at = (int64_t)value;
        return true;
    }
    return false;
}
