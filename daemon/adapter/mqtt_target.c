/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/mqtt_target.h"

#include "adapter/redis_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PORT = 1883, PORT_SECURE = 8883 };

/* Moves *at past `mqtt://` or `mqtts://`. */
static bool take_scheme(const char **at, bool *out_secure)
{
    static const char plain[] = "mqtt://", secure[] = "mqtts://";

    *out_secure = strncmp(*at, secure, sizeof secure - 1) == 0;
    if (!*out_secure && strncmp(*at, plain, sizeof plain - 1) != 0)
        return false;
    *at += *out_secure ? sizeof secure - 1 : sizeof plain - 1;
    return true;
}

/* `user@`, if there is one, moved past. */
static bool take_user(const char **at, char out[MQTT_USER_MAX], struct fault *why)
{
    const char *end = strrchr(*at, '@');

    if (end == NULL)
        return true;
    if (end - *at >= MQTT_USER_MAX)
        return fault_set(why, "a user of more than %d characters", MQTT_USER_MAX - 1);
    snprintf(out, MQTT_USER_MAX, "%.*s", (int)(end - *at), *at);
    *at = end + 1;
    return true;
}

/* [:port] and perhaps a slash behind it. */
static bool parse_tail(const char *at, int *out_port)
{
    size_t digits = at[0] == ':' ? strspn(at + 1, "0123456789") : 0;

    if (at[0] == ':') {
        if (digits < 1 || digits > 5)
            return false;
        *out_port = atoi(at + 1);
        at += 1 + digits;
    }
    return (at[0] == '\0' || strcmp(at, "/") == 0) && *out_port >= 1 && *out_port <= 65535;
}

bool mqtt_target_parse(const char *text, struct mqtt_target *out, struct fault *why)
{
    struct mqtt_target read = { 0 };
    const char *at = text, *end;
    bool bracket;

    if (text[0] == '\0') {
        *out = read;
        return true;
    }
    snprintf(read.text, sizeof read.text, "%s", text);
    if (!url_without_password(text, why)) // first: every other complaint shows the text
        return false;
    if (!take_scheme(&at, &read.secure))
        return fault_set(why, "\"%.100s\" is not mqtt://[user@]host:port or mqtts://…", text);
    if (!take_user(&at, read.user, why))
        return false;
    read.port = read.secure ? PORT_SECURE : PORT;
    bracket = at[0] == '[';
    at += bracket;
    end = bracket ? strchr(at, ']') : at + strcspn(at, ":/");
    if (end == NULL || end == at || end - at >= MQTT_HOST_MAX)
        return fault_set(why, "\"%.100s\" has no host", text);
    snprintf(read.host, sizeof read.host, "%.*s", (int)(end - at), at);
    if (!parse_tail(end + bracket, &read.port))
        return fault_set(why, "\"%.100s\": a port is 1..65535, and nothing stands behind it", text);
    *out = read;
    return true;
}

/* `+` is a whole level, `#` the whole last one; so says MQTT 3.1.1, 4.7.1. */
static bool topic_valid(const char *topic)
{
    for (const char *at = topic; *at != '\0'; at++) {
        bool begins = at == topic || at[-1] == '/';

        if (*at == '+' && (!begins || (at[1] != '/' && at[1] != '\0')))
            return false;
        if (*at == '#' && (!begins || at[1] != '\0'))
            return false;
    }
    return topic[0] != '\0';
}

/* Of a shared one a broker gives us a part, and under another topic than we asked for. */
static bool topic_shared(const char *topic)
{
    return strncmp(topic, "$share/", 7) == 0 || strncmp(topic, "$queue/", 7) == 0;
}

bool mqtt_topics_parse(const char *text, struct mqtt_topics *out, struct fault *why)
{
    struct mqtt_topics read = { .n = 0 };

    for (const char *at = text; *(at += strspn(at, ", \t")) != '\0';) {
        size_t length = strcspn(at, ", \t");

        if (read.n == MQTT_TOPICS_MAX)
            return fault_set(why, "more than %d topics", MQTT_TOPICS_MAX);
        if (length > MQTT_TOPIC_MAX)
            return fault_set(why, "a topic of more than %d characters", MQTT_TOPIC_MAX);
        snprintf(read.of[read.n], sizeof read.of[0], "%.*s", (int)length, at);
        if (!topic_valid(read.of[read.n++]))
            return fault_set(why,
                             "\"%.*s\" is no topic: + stands for a whole level, # for the whole "
                             "end",
                             (int)(length < 100 ? length : 100), at);
        if (topic_shared(read.of[read.n - 1]))
            return fault_set(why, "\"%.*s\" is shared: breachd must have every ping",
                             (int)(length < 100 ? length : 100), at);
        at += length;
    }
    *out = read;
    return read.n > 0 || fault_set(why, "no topic: nothing would come");
}

/* Level by level; `a/#` stands for `a` too. */
static bool stands_for(const char *wanted, const char *topic, const char *end)
{
    for (;;) { // a level of the topic each turn
        size_t wanted_n = strcspn(wanted, "/");
        const char *slash = memchr(topic, '/', (size_t)(end - topic));
        size_t n = (size_t)((slash ? slash : end) - topic);

        if (wanted[0] == '#')
            return true;
        if (wanted[0] != '+' && (wanted_n != n || memcmp(wanted, topic, n) != 0))
            return false;
        if (wanted[wanted_n] == '\0' || slash == NULL)
            return slash == NULL &&
                   (wanted[wanted_n] == '\0' || strcmp(wanted + wanted_n, "/#") == 0);
        wanted += wanted_n + 1;
        topic = slash + 1;
    }
}

bool mqtt_topics_hold(const struct mqtt_topics *topics, const char *topic, size_t n)
{
    bool held = false;

    for (size_t i = 0; i < topics->n && !held; i++)
        held = stands_for(topics->of[i], topic, topic + n);
    return held;
}

/* ---- who speaks ---- */

static const char owntracks[] = "owntracks/";

static bool of_owntracks(const char *topic, size_t n)
{
    return n >= sizeof owntracks - 1 && memcmp(topic, owntracks, sizeof owntracks - 1) == 0;
}

/* How many levels stand before the first wildcard; false: there is none. */
static bool find_wildcard(const char *wanted, size_t *out_level)
{
    *out_level = 0;
    for (; *wanted != '\0' && *wanted != '+' && *wanted != '#'; wanted++)
        *out_level += *wanted == '/';
    return *wanted != '\0';
}

/* Level number `nth` of the topic, from 0. */
static bool take_level(const char *topic, const char *end, size_t nth, char out[NAME_MAX_CHARS + 1])
{
    char level[NAME_MAX_CHARS + 1];
    const char *slash;
    size_t n;

    for (; nth > 0; nth--) {
        slash = memchr(topic, '/', (size_t)(end - topic));
        if (slash == NULL)
            return false;
        topic = slash + 1;
    }
    slash = memchr(topic, '/', (size_t)(end - topic));
    n = (size_t)((slash ? slash : end) - topic);
    if (n > NAME_MAX_CHARS)
        return false;
    snprintf(level, sizeof level, "%.*s", (int)n, topic);
    if (!name_valid(level))
        return false;
    strcpy(out, level);
    return true;
}

bool mqtt_topics_user(const struct mqtt_topics *topics, const char *topic, size_t n,
                      char out[NAME_MAX_CHARS + 1])
{
    size_t level;

    if (of_owntracks(topic, n))
        return take_level(topic, topic + n, 1, out);
    for (size_t i = 0; i < topics->n; i++) {
        if (stands_for(topics->of[i], topic, topic + n))
            return find_wildcard(topics->of[i], &level) && take_level(topic, topic + n, level, out);
    }
    return false;
}

const char *mqtt_topics_mute(const struct mqtt_topics *topics)
{
    size_t level;

    for (size_t i = 0; i < topics->n; i++) {
        const char *wanted = topics->of[i];

        if (!of_owntracks(wanted, strlen(wanted)) && !find_wildcard(wanted, &level))
            return wanted;
    }
    return NULL;
}
