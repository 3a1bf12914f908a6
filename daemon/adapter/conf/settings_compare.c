/* SPDX-License-Identifier: Apache-2.0 */
/* settings_compare.c - which keys say something else than before, in words. */
#include "adapter/conf/settings_parts.h"

#include <stdio.h>

enum { VALUE_MAX = SETTINGS_PATH_MAX, LINE_MAX_CHARS = 2 * VALUE_MAX + 128 };

/*
 * What the key says; false where it is told only that it is another: of a password, and of what is
 * too long, or a place, for a line of a log.
 */
static bool print_value(const struct settings_key *key, const struct settings *settings,
                        char out[VALUE_MAX])
{
    const void *at = (const char *)settings + key->offset;
    const char *text = at;

    switch (key->kind) {
    case COUNT:
    case DURATION:
    case SIZE:
    case REAL:
    case DISTANCE:
    case SPEED:
    case SHARE:
        unit_print(settings_unit(key),
                   settings_is_real(key) ? *(const double *)at : (double)*(const int64_t *)at, out);
        return true;
    case BY_FILE:
    case FULL:
    case ON:
    case ANY:
        text = settings_words(key)[*(const bool *)at];
        break;
    case REDIS_URL:
        text = ((const struct redis_target *)at)->text;
        break;
    case MQTT_URL:
        text = ((const struct mqtt_target *)at)->text;
        break;
    case NAME:
    case ZONE:
    case PATH:
        break;
    case SECRET:
    case REGION:
    case LISTEN:
    case TOPICS:
        return false;
    }
    snprintf(out, VALUE_MAX, "%s", text[0] != '\0' ? text : "not given");
    return true;
}

size_t settings_compare(const struct settings *old, const struct settings *fresh,
                        void (*on_one)(const char *line, bool is_threshold, void *arg), void *arg)
{
    char was[VALUE_MAX], is[VALUE_MAX], line[LINE_MAX_CHARS];
    size_t n = 0;

    for (size_t i = 0; i < settings_keys_n; i++) {
        const struct settings_key *key = &settings_keys[i];

        if (key->anew == SETTINGS_FIXED || settings_same(key, old, fresh))
            continue; // what is fixed is complained of: settings_check_reload
        if (print_value(key, old, was) && print_value(key, fresh, is))
            snprintf(line, sizeof line, "[%s]: %s %s, was %s", key->section, key->key, is, was);
        else
            snprintf(line, sizeof line, "[%s]: %s changed", key->section, key->key);
        on_one(line, settings_is_threshold(key), arg);
        n++;
    }
    return n;
}
