/* SPDX-License-Identifier: Apache-2.0 */
/* settings_parts.h - a row of the table of keys, for the sources that read and compare by it. */
#ifndef ADAPTER_CONF_SETTINGS_PARTS_H
#define ADAPTER_CONF_SETTINGS_PARTS_H

#include "adapter/conf/ini.h"
#include "adapter/conf/settings.h"
#include "adapter/conf/units.h"

/* How a value is written and stored. */
enum kind {
    COUNT,    /* int64_t, */
    DURATION, /* in milliseconds, */
    SIZE,     /* in bytes */
    REAL,     /* a count as double, */
    DISTANCE, /* in metres, */
    SPEED,    /* in metres a second, */
    SHARE,    /* of 1 */
    NAME,     /* an id, char[NAME_MAX_CHARS + 1] */
    ZONE,     /* of the clock, the same */
    PATH,     /* char[SETTINGS_PATH_MAX] */
    SECRET,   /* a file, struct settings_secret */
    REGION,
    LISTEN,
    REDIS_URL,
    MQTT_URL,
    TOPICS,
    BY_FILE, /* bool: by-file, else whole */
    FULL,    /* bool: none, else full */
    ON,      /* bool: on, else off */
    ANY      /* bool: topic, else any */
};

struct settings_key {
    const char *section, *key;
    const char *standard; /* the default as written; NULL: must be given; "": may be left out */
    enum kind kind;
    size_t offset;    /* in struct settings */
    unsigned anew;    /* of enum settings_anew: what a reload that changes it makes anew */
    double low, high; /* of a quantity, both allowed, in the unit stored; else 0 */
};

extern const struct settings_key settings_keys[];
extern const size_t settings_keys_n; /* at most SETTINGS_KEYS_MAX */

/* Whether it is a quantity that is stored as double. */
bool settings_is_real(const struct settings_key *key);
enum unit_kind settings_unit(const struct settings_key *key); /* of a quantity */

/* Of a bool: how false is written, and true. */
const char *const *settings_words(const struct settings_key *key);

/* Whether it is a member of settings->detect. */
bool settings_is_threshold(const struct settings_key *key);

/* Whether the key says the same in both; of a secret, what stands in its file. */
bool settings_same(const struct settings_key *key, const struct settings *a,
                   const struct settings *b);

/* ---- [devices N] ---- */

enum { SETTINGS_DEVICES_KEYS = 7 };

/* What was read of them; zeroed before the first. */
struct settings_devices {
    bool open; /* what comes belongs to kind number `nth`; else its section was refused */
    size_t nth;
    int lines[DEVICE_KINDS_MAX][SETTINGS_DEVICES_KEYS]; /* where each key is given; 0: nowhere */
};

bool settings_devices_is(const char *section);

/* Takes the beginning of such a section, or a key in one, into out->kinds. */
void settings_devices_take(struct settings_devices *reading, const struct ini_entry *entry,
                           struct settings *out, struct complaints *complaints);

/* After the last: complains of what is not given. */
void settings_devices_end(const struct settings_devices *reading, const struct settings *settings,
                          struct complaints *complaints);

/* ---- all of them ---- */

/* Complains of keys that do not fit together. */
void settings_check(const struct settings *settings, struct complaints *complaints);

/* Reads the password files; only why one cannot be read is told. */
void settings_read_secrets(struct settings *settings, struct complaints *complaints);

#endif
