/* SPDX-License-Identifier: Apache-2.0 */
/* settings_change.c - what a reload may not change, and what it makes anew where it changes it. */
#include "adapter/absolute.h"
#include "adapter/conf/settings_parts.h"

#include <stdio.h>
#include <string.h>

enum { LISTEN_TEXT_MAX = LISTEN_MAX * (ENDPOINT_TEXT_MAX + 2) };

static bool same_listen(const struct settings *a, const struct settings *b)
{
    bool same = a->n_listen == b->n_listen;

    for (size_t i = 0; i < a->n_listen && same; i++)
        same = strcmp(a->listen[i].text, b->listen[i].text) == 0;
    return same;
}

static bool same_topics(const struct mqtt_topics *a, const struct mqtt_topics *b)
{
    bool same = a->n == b->n;

    for (size_t i = 0; i < a->n && same; i++)
        same = strcmp(a->of[i], b->of[i]) == 0;
    return same;
}

/* Not by their texts, which are cut where they are long. */
static bool same_redis(const struct redis_target *a, const struct redis_target *b)
{
    return strcmp(a->path, b->path) == 0 && strcmp(a->host, b->host) == 0 && a->port == b->port &&
           a->db == b->db && strcmp(a->user, b->user) == 0 && a->secure == b->secure;
}

static bool same_broker(const struct mqtt_target *a, const struct mqtt_target *b)
{
    return strcmp(a->host, b->host) == 0 && a->port == b->port && strcmp(a->user, b->user) == 0 &&
           a->secure == b->secure;
}

/* The last good rules were kept by absolute paths, whatever -c says in a reload after them. */
static bool same_path(const char *a, const char *b)
{
    return strcmp(a, b) == 0 || (a[0] != '\0' && b[0] != '\0' && absolute_same(a, b));
}

bool settings_same(const struct settings_key *key, const struct settings *a,
                   const struct settings *b)
{
    const void *left = (const char *)a + key->offset, *right = (const char *)b + key->offset;

    switch (key->kind) {
    case COUNT:
    case DURATION:
    case SIZE:
        return *(const int64_t *)left == *(const int64_t *)right;
    case REAL:
    case DISTANCE:
    case SPEED:
    case SHARE:
        return *(const double *)left == *(const double *)right;
    case NAME:
    case ZONE:
        return strcmp(left, right) == 0;
    case PATH:
        return same_path(left, right);
    case SECRET:
        return strcmp(((const struct settings_secret *)left)->text,
                      ((const struct settings_secret *)right)->text) == 0;
    case REGION:
        return memcmp(left, right, sizeof(struct lonlat_box)) == 0;
    case LISTEN:
        return same_listen(a, b);
    case REDIS_URL:
        return same_redis(left, right);
    case MQTT_URL:
        return same_broker(left, right);
    case TOPICS:
        return same_topics(left, right);
    case FULL:
    case ON:
    case BY_FILE:
    case ANY:
        return *(const bool *)left == *(const bool *)right;
    }
    return false;
}

unsigned settings_anew(const struct settings *running, const struct settings *fresh)
{
    unsigned anew = SETTINGS_LIVE;

    for (size_t i = 0; i < settings_keys_n; i++) {
        if (!settings_same(&settings_keys[i], running, fresh))
            anew |= settings_keys[i].anew;
    }
    return anew;
}

/* ---- what is fixed ---- */

static void print_listen(const struct settings *settings, char out[LISTEN_TEXT_MAX])
{
    size_t n = 0;

    out[0] = '\0';
    for (size_t i = 0; i < settings->n_listen; i++)
        n += (size_t)snprintf(out + n, LISTEN_TEXT_MAX - n, "%s%s", i > 0 ? ", " : "",
                              settings->listen[i].text);
}

/* The value that goes on, so that whoever changed it can put it back: all fixed keys are texts. */
static void complain_of_key(const struct settings_key *key, int line,
                            const struct settings *running, const struct settings *fresh,
                            struct complaints *complaints)
{
    char places[LISTEN_TEXT_MAX];
    const char *value = places;

    if (key->kind == LISTEN)
        print_listen(running, places);
    else
        value = (const char *)running + key->offset;
    if (line > 0)
        complain(complaints, fresh->file, line,
                 "%s: cannot change without a restart: \"%s\" is in force", key->key, value);
    else
        complain(complaints, fresh->file, 0,
                 "[%s] %s: cannot change without a restart: \"%s\" is in force", key->section,
                 key->key, value);
}

void settings_check_reload(const struct settings *running, const struct settings *fresh,
                           struct complaints *complaints)
{
    for (size_t i = 0; i < settings_keys_n; i++) {
        const struct settings_key *key = &settings_keys[i];

        if (key->anew == SETTINGS_FIXED && fresh->good[i] && !settings_same(key, running, fresh))
            complain_of_key(key, fresh->lines[i], running, fresh, complaints);
    }
}
