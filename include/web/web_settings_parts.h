/* SPDX-License-Identifier: Apache-2.0 */
/* web_settings_parts.h - a row of the table of keys; for web_settings*.c alone. */
#ifndef WEB_WEB_SETTINGS_PARTS_H
#define WEB_WEB_SETTINGS_PARTS_H

#include "web/web_settings.h"

/* How a value is written and stored. */
enum web_kind {
    WEB_LISTEN,
    WEB_PATH,     /* char[WEB_PATH_MAX], by the file's folder */
    WEB_DURATION, /* int64_t, in milliseconds */
    WEB_COUNT,    /* int64_t */
    WEB_NAME,     /* an id, char[NAME_MAX_CHARS + 1] */
    WEB_ZONE,     /* of the clock, the same */
    WEB_ON,       /* bool */
    WEB_ADDRESS,  /* char[WEB_TEXT_MAX]: an IP address as inet_ntop(3) has it, or "unix" */
    WEB_HEADER,   /* char[WEB_TEXT_MAX]: the name of a header */
    WEB_ORIGIN,   /* char[WEB_TEXT_MAX]: http(s)://HOST[:PORT] */
    WEB_REDIS,
    WEB_DOOR
};

struct web_key {
    const char *section, *key, *standard; /* standard "": may be left out */
    enum web_kind kind;
    size_t offset; /* in struct web_settings */
    double low, high;
};

extern const struct web_key web_keys[];
extern const size_t web_keys_n; /* at most WEB_KEYS_MAX */

/* Stores the value of all kinds but WEB_LISTEN; `at` is the member. */
bool web_value_set(const struct web_key *key, const char *text, const char *folder, void *at,
                   struct fault *why);

/* Complains of keys that do not fit together. */
void web_settings_check(const struct web_settings *settings, struct complaints *complaints);

/* The line where the key of that name of [section] stands; 0: nowhere. */
int web_settings_line(const struct web_settings *settings, const char *section, const char *key);

#endif
