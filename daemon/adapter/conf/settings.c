/* SPDX-License-Identifier: Apache-2.0 */
/* settings.c - a row of the table is a key: where it goes, its default, its range. */
#include "adapter/conf/settings.h"

#include "adapter/conf/ini.h"
#include "adapter/conf/units.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define MINUTE (60 * 1000.0)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define KIB    1024.0
#define MIB    (1024 * KIB)

enum kind { NUMBER, REAL, NAME, ZONE, PATH, REGION, LISTEN, REDIS, MQTT, TOPICS, FULL, ON, ANY };

#define AT(member) offsetof(struct settings, member)

/* A number is stored as int64_t, a real one as double; ranges are in the unit stored. */
static const struct key {
    const char *section, *key, *standard; /* standard NULL: must be given; "": may be left out */
    enum kind kind;
    size_t offset;
    enum unit_kind unit;
    double low, high;
} keys[] = {
    { "site", "name", NULL, NAME, AT(site), 0, 0, 0 },
    { "site", "region", NULL, REGION, AT(region), 0, 0, 0 },
    { "site", "timezone", "Europe/London", ZONE, AT(timezone), 0, 0, 0 },
    { "site", "orders", "orders.d", PATH, AT(orders), 0, 0, 0 },
    { "ledger", "path", "/var/lib/breachd/ledger.db", PATH, AT(ledger), 0, 0, 0 },
    { "ledger", "retention", "28d", NUMBER, AT(retention_ms), UNIT_DURATION, HOUR, 3660 * DAY },
    { "ledger", "device-day", "64 MiB", NUMBER, AT(device_day), UNIT_SIZE, MIB, 64 * 1024 * MIB },
    { "ledger", "spare", "64 MiB", NUMBER, AT(spare), UNIT_SIZE, 0, 1024 * 1024 * MIB },
    { "ledger", "signing-key", "", PATH, AT(signing_key), 0, 0, 0 },
    { "http", "listen", "127.0.0.1:8750", LISTEN, AT(listen), 0, 0, 0 },
    { "http", "tls-certificate", "", PATH, AT(tls_certificate), 0, 0, 0 },
    { "http", "tls-key", "", PATH, AT(tls_key), 0, 0, 0 },
    { "http", "tls-client-ca", "", PATH, AT(tls_client_ca), 0, 0, 0 },
    { "http", "tokens", "", PATH, AT(tokens), 0, 0, 0 },
    { "http", "rate", "1000", NUMBER, AT(rate), UNIT_COUNT, 0, 1e6 },
    { "http", "max-body", "1 MiB", NUMBER, AT(limits.max_body), UNIT_SIZE, KIB, 64 * MIB },
    { "http", "max-connections", "1000", NUMBER, AT(limits.max_connections), UNIT_COUNT, 1,
      100000 },
    { "http", "max-per-address", "200", NUMBER, AT(limits.max_per_address), UNIT_COUNT, 1, 100000 },
    { "http", "idle", "60s", NUMBER, AT(limits.idle_ms), UNIT_DURATION, 1000, HOUR },
    { "http", "request", "20s", NUMBER, AT(limits.request_ms), UNIT_DURATION, 1000, HOUR },
    { "redis", "url", "redis://127.0.0.1:6379/0", REDIS, AT(redis), 0, 0, 0 },
    { "redis", "tls-ca", "", PATH, AT(redis_ca), 0, 0, 0 },
    { "redis", "tls-certificate", "", PATH, AT(redis_certificate), 0, 0, 0 },
    { "redis", "tls-key", "", PATH, AT(redis_key), 0, 0, 0 },
    { "redis", "password-file", "", PATH, AT(password_file), 0, 0, 0 },
    { "redis", "prefix", "breachd", NAME, AT(prefix), 0, 0, 0 },
    { "redis", "alerts-keep", "1000000", NUMBER, AT(alerts_keep), UNIT_COUNT, 1000, 1e9 },
    { "redis", "heartbeat", "5s", NUMBER, AT(heartbeat_ms), UNIT_DURATION, 1000, HOUR },
    { "redis", "pings", "off", ON, AT(pings), 0, 0, 0 },
    { "alerts", "position", "full", FULL, AT(no_position), 0, 0, 0 },
    { "alerts", "remind", "5m", NUMBER, AT(remind_ms), UNIT_DURATION, 10 * 1000, DAY },
    { "mqtt", "url", "", MQTT, AT(mqtt), 0, 0, 0 },
    { "mqtt", "password-file", "", PATH, AT(mqtt_password_file), 0, 0, 0 },
    { "mqtt", "topics", "owntracks/+/+", TOPICS, AT(mqtt_topics), 0, 0, 0 },
    { "mqtt", "device", "any", ANY, AT(mqtt_by_topic), 0, 0, 0 },
    { "mqtt", "client-id", "", NAME, AT(mqtt_client), 0, 0, 0 },
    { "mqtt", "tls-ca", "", PATH, AT(mqtt_ca), 0, 0, 0 },
    { "detect", "update", "60s", NUMBER, AT(detect.update_ms), UNIT_DURATION, 1000, DAY },
    { "detect", "last-known", "1h", NUMBER, AT(detect.last_known_ms), UNIT_DURATION, MINUTE,
      30 * DAY },
    { "detect", "ping-interval", "15s", NUMBER, AT(ping_interval_ms), UNIT_DURATION, 1000, DAY },
    { "detect", "unknown-accuracy", "30 m", REAL, AT(detect.unknown_accuracy), UNIT_DISTANCE, 1,
      10000 },
    { "detect", "coarse", "200 m", REAL, AT(detect.coarse), UNIT_DISTANCE, 10, 100000 },
    { "detect", "possible", "60 %", REAL, AT(detect.possible), UNIT_SHARE, 0.51, 0.9 },
    { "detect", "breach", "95 %", REAL, AT(detect.breach), UNIT_SHARE, 0.9, 0.999 },
    { "detect", "error-time", "2m", NUMBER, AT(detect.error_ms), UNIT_DURATION, 1000, HOUR },
    { "detect", "path", "5m", NUMBER, AT(detect.path_ms), UNIT_DURATION, 0, HOUR },
    { "detect", "late", "10m", NUMBER, AT(detect.late_ms), UNIT_DURATION, MINUTE, DAY },
    { "detect", "clock-lag-most", "7d", NUMBER, AT(detect.lag_most_ms), UNIT_DURATION, DAY,
      365 * DAY },
    { "detect", "approach", "5m", NUMBER, AT(detect.approach_ms), UNIT_DURATION, 0, HOUR },
    { "detect", "closing-speed", "0.5 m/s", REAL, AT(detect.closing_speed), UNIT_SPEED, 0.1, 70 },
    { "detect", "reach-speed", "13.4 m/s", REAL, AT(detect.reach_speed), UNIT_SPEED, 0.5, 70 },
    { "detect", "mast", "2 km", REAL, AT(detect.mast), UNIT_DISTANCE, 10, 100000 },
    { "detect", "rest-reach", "1 km", REAL, AT(detect.rest_reach), UNIT_DISTANCE, 0, 100000 },
    { "detect", "silent-least", "5m", NUMBER, AT(detect.silent_least_ms), UNIT_DURATION, 10000,
      DAY },
    { "alerts", "device-interval", "5m", NUMBER, AT(detect.device_every_ms), UNIT_DURATION,
      10 * 1000, DAY },
    { "alerts", "device-day", "500", REAL, AT(detect.device_day), UNIT_COUNT, 10, 1e6 },
    { "alerts", "silent-after", "1h", NUMBER, AT(detect.silent_ms), UNIT_DURATION, MINUTE,
      30 * DAY },
    { "alerts", "no-fix-after", "0s", NUMBER, AT(detect.no_fix_ms), UNIT_DURATION, 0, 30 * DAY },
};

enum { KEYS = sizeof keys / sizeof *keys };

struct loading {
    struct settings *out;
    struct complaints *complaints;
    char folder[SETTINGS_PATH_MAX];
    int given[KEYS]; // the line, 0 when not
    bool section_known;
};

/* The folder of `path`, "." when it names none. */
static void folder_of(const char *path, char folder[SETTINGS_PATH_MAX])
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL)
        snprintf(folder, SETTINGS_PATH_MAX, ".");
    else
        snprintf(folder, SETTINGS_PATH_MAX, "%.*s", (int)(slash == path ? 1 : slash - path), path);
}

/* Only what may be left out may be empty. */
static bool set_path(const struct key *key, const char *text, const char *folder, char *out,
                     struct fault *why)
{
    int n = text[0] == '/' || text[0] == '\0'
                ? snprintf(out, SETTINGS_PATH_MAX, "%s", text)
                : snprintf(out, SETTINGS_PATH_MAX, "%s/%s", folder, text);

    if (text[0] == '\0' && key->standard[0] != '\0')
        return fault_set(why, "must not be empty");
    return n < SETTINGS_PATH_MAX ||
           fault_set(why, "longer than %d characters", SETTINGS_PATH_MAX - 1);
}

static bool set_name(const struct key *key, const char *text, char *out, struct fault *why)
{
    bool left_out = text[0] == '\0' && key->standard != NULL && key->standard[0] == '\0';

    if (!left_out && !name_valid(text))
        return fault_set(why, "\"%.80s\" is not 1..%d letters, digits, - _ .", text,
                         NAME_MAX_CHARS);
    strcpy(out, text); // name_valid has measured it
    return true;
}

/* "51.4,-0.1 52.1,1.4": the south-west corner, then the north-east one, each latitude, longitude.
 */
static bool set_region(const char *text, struct lonlat_box *out, struct fault *why)
{
    struct lonlat_box box;
    int read = 0;

    if (sscanf(text, "%lf , %lf%*[ ,]%lf , %lf %n", &box.sw.lat, &box.sw.lon, &box.ne.lat,
               &box.ne.lon, &read) != 4 ||
        text[read] != '\0' || !lonlat_valid(box.sw) || !lonlat_valid(box.ne))
        return fault_set(why,
                         "\"%.80s\" is not like `51.4,-0.1 52.1,1.4` (south-west latitude,"
                         "longitude, then north-east)",
                         text);
    if (box.sw.lat >= box.ne.lat || box.sw.lon >= box.ne.lon)
        return fault_set(why, "the first corner must lie south and west of the second");
    *out = box;
    return true;
}

static bool set_words(const char *no, const char *yes, const char *text, bool *out,
                      struct fault *why)
{
    *out = strcmp(text, yes) == 0;
    return *out || strcmp(text, no) == 0 ||
           fault_set(why, "\"%.80s\" is neither %s nor %s", text, no, yes);
}

static bool set_number(const struct key *key, const char *text, void *at, struct fault *why)
{
    double value;

    if (!unit_parse(key->unit, text, key->low, key->high, &value, why))
        return false;
    if (key->kind == REAL)
        *(double *)at = value;
    else
        *(int64_t *)at = (int64_t)value;
    return true;
}

static bool set(const struct key *key, const char *text, struct loading *loading, struct fault *why)
{
    void *at = (char *)loading->out + key->offset;

    switch (key->kind) {
    case NUMBER:
    case REAL:
        return set_number(key, text, at, why);
    case NAME:
        return set_name(key, text, at, why);
    case ZONE:
        if (strlen(text) > NAME_MAX_CHARS)
            return fault_set(why, "longer than %d characters", NAME_MAX_CHARS);
        strcpy(at, text);
        return true;
    case PATH:
        return set_path(key, text, loading->folder, at, why);
    case REGION:
        return set_region(text, at, why);
    case LISTEN: // may be wrong in several places: take_listen
        break;
    case FULL:
        return set_words("full", "none", text, at, why);
    case ON:
        return set_words("off", "on", text, at, why);
    case ANY:
        return set_words("any", "topic", text, at, why);
    case REDIS:
        return redis_target_parse(text, loading->folder, at, why);
    case MQTT:
        return mqtt_target_parse(text, at, why);
    case TOPICS:
        return mqtt_topics_parse(text, at, why);
    }
    return false;
}

/* Each place that is wrong is told. */
static void take_listen(struct loading *loading, const struct key *key, const char *text, int line)
{
    char copy[SETTINGS_LISTEN_MAX * ENDPOINT_TEXT_MAX], *rest = copy, *one;
    struct settings *out = loading->out;
    size_t errors = loading->complaints->errors, n = 0;
    struct endpoint place;
    struct fault why;

    if (strlen(text) >= sizeof copy) {
        complain(loading->complaints, out->file, line, "%s: longer than %zu characters", key->key,
                 sizeof copy - 1);
        return;
    }
    strcpy(copy, text);
    while ((one = strsep(&rest, ", \t")) != NULL) {
        if (*one == '\0')
            continue;
        if (!endpoint_parse(one, loading->folder, &place, &why))
            complain(loading->complaints, out->file, line, "%s: %s", key->key, why.text);
        else if (n++ < SETTINGS_LISTEN_MAX)
            out->listen[out->n_listen++] = place;
    }
    if (n > SETTINGS_LISTEN_MAX)
        complain(loading->complaints, out->file, line, "%s: more than %d places to listen",
                 key->key, SETTINGS_LISTEN_MAX);
    if (n == 0 && loading->complaints->errors == errors)
        complain(loading->complaints, out->file, line,
                 "%s: nowhere to listen: no door would be open", key->key);
}

static void take(struct loading *loading, const struct key *key, const char *text, int line)
{
    struct fault why;

    if (key->kind == LISTEN)
        take_listen(loading, key, text, line);
    else if (!set(key, text, loading, &why))
        complain(loading->complaints, loading->out->file, line, "%s: %s", key->key, why.text);
}

static bool section_exists(const char *section)
{
    for (size_t i = 0; i < KEYS; i++) {
        if (strcmp(keys[i].section, section) == 0)
            return true;
    }
    return false;
}

static void on_entry(const struct ini_entry *entry, void *arg)
{
    struct loading *loading = arg;
    const char *file = loading->out->file;

    if (entry->key == NULL) {
        loading->section_known = section_exists(entry->section);
        if (!loading->section_known)
            complain(loading->complaints, file, entry->line,
                     "[%s]: no such section: site, ledger, http, redis, mqtt, alerts, detect",
                     entry->section);
        return;
    }
    for (size_t i = 0; i < KEYS; i++) {
        const struct key *key = &keys[i];

        if (strcmp(key->section, entry->section) != 0 || strcmp(key->key, entry->key) != 0)
            continue;
        if (loading->given[i] != 0)
            complain(loading->complaints, file, entry->line, "%s: given in line %d already",
                     key->key, loading->given[i]);
        else
            take(loading, key, entry->value, entry->line);
        loading->given[i] = entry->line;
        return;
    }
    if (entry->section[0] == '\0')
        complain(loading->complaints, file, entry->line, "%s: stands before any [section]",
                 entry->key);
    else if (loading->section_known)
        complain(loading->complaints, file, entry->line, "%s: no such key in [%s]", entry->key,
                 entry->section);
}

static int line_of(const struct loading *loading, const char *section, const char *key)
{
    for (size_t i = 0; i < KEYS; i++) {
        if (strcmp(keys[i].section, section) == 0 && strcmp(keys[i].key, key) == 0)
            return loading->given[i];
    }
    return 0;
}

/* Where keys stand of which something may have to be said later. */
static void keep_lines(struct loading *loading)
{
    struct settings_lines *lines = &loading->out->lines;

    lines->timezone = line_of(loading, "site", "timezone");
    lines->listen = line_of(loading, "http", "listen");
    lines->http_tls = line_of(loading, "http", "tls-certificate");
    lines->client_ca = line_of(loading, "http", "tls-client-ca");
    lines->mqtt = line_of(loading, "mqtt", "url");
    lines->mqtt_ca = line_of(loading, "mqtt", "tls-ca");
    lines->mqtt_topics = line_of(loading, "mqtt", "topics");
    lines->mqtt_device = line_of(loading, "mqtt", "device");
    lines->mqtt_password = line_of(loading, "mqtt", "password-file");
    lines->redis = line_of(loading, "redis", "url");
    lines->redis_tls = line_of(loading, "redis", "tls-certificate");
    lines->redis_password = line_of(loading, "redis", "password-file");
}

void settings_load(const char *path, struct settings *out, struct complaints *complaints)
{
    struct loading loading = { .out = out, .complaints = complaints };

    memset(out, 0, sizeof *out);
    snprintf(out->file, sizeof out->file, "%s", path);
    folder_of(path, loading.folder);
    if (!ini_read(path, on_entry, &loading, complaints))
        return;
    for (size_t i = 0; i < KEYS; i++) {
        const struct key *key = &keys[i];

        if (loading.given[i] == 0 && key->standard == NULL)
            complain(complaints, path, 0, "[%s] %s: must be given", key->section, key->key);
        else if (loading.given[i] == 0)
            take(&loading, key, key->standard, 0);
    }
    out->stepped = !out->no_position;
    keep_lines(&loading);
    settings_check(out, complaints);
    settings_read_secrets(out, complaints);
}

static bool is_threshold(const struct key *key)
{
    return key->offset >= AT(detect) && key->offset < AT(detect) + sizeof(struct detect);
}

bool settings_threshold(const struct settings *settings, size_t nth, const char **out_key,
                        double *out_value)
{
    for (size_t i = 0; i < KEYS; i++) {
        const char *at = (const char *)settings + keys[i].offset;

        if (!is_threshold(&keys[i]) || nth-- > 0)
            continue;
        *out_key = keys[i].key;
        *out_value = keys[i].kind == REAL ? *(const double *)at : (double)*(const int64_t *)at;
        return true;
    }
    return false;
}

bool settings_set_threshold(struct settings *settings, const char *key, double value)
{
    for (size_t i = 0; i < KEYS; i++) {
        char *at = (char *)settings + keys[i].offset;

        if (!is_threshold(&keys[i]) || strcmp(keys[i].key, key) != 0)
            continue;
        if (keys[i].kind == REAL)
            *(double *)at = value;
        else
            *(int64_t *)at = (int64_t)value;
        return true;
    }
    return false;
}
