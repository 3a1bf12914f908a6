/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings_check.c - what keys say together: each may be right, and yet they do not fit; or not
 * with those that run.
 */
#include "adapter/conf/settings.h"

#include <string.h>

static void check_places(const struct settings *settings, struct complaints *complaints)
{
    for (size_t i = 0; i < settings->n_listen; i++) {
        const struct endpoint *place = &settings->listen[i];

        if (place->local)
            continue;
        if (settings->tokens[0] == '\0')
            complain(complaints, settings->file, settings->lines.listen,
                     "listen: %s is not loopback: without tokens only loopback and unix sockets",
                     place->text);
        else if (settings->tls_certificate[0] == '\0')
            complain_softly(complaints, settings->file, settings->lines.listen,
                            "listen: %s is without TLS: whoever is on the way reads positions, "
                            "and tokens that he can use",
                            place->text);
    }
}

static void check_http(const struct settings *settings, struct complaints *complaints)
{
    bool certificate = settings->tls_certificate[0] != '\0';

    if (certificate != (settings->tls_key[0] != '\0'))
        complain(complaints, settings->file, settings->lines.http_tls,
                 "[http] tls-certificate and tls-key: neither does anything without the other");
    if (!certificate && settings->tls_client_ca[0] != '\0')
        complain(complaints, settings->file, settings->lines.client_ca,
                 "tls-client-ca: needs tls-certificate and tls-key");
}

static void check_redis(const struct settings *settings, struct complaints *complaints)
{
    bool certificate = settings->redis_certificate[0] != '\0';

    if (certificate != (settings->redis_key[0] != '\0'))
        complain(complaints, settings->file, settings->lines.redis_tls,
                 "[redis] tls-certificate and tls-key: neither does anything without the other");
    if (!settings->redis.secure && (certificate || settings->redis_ca[0] != '\0'))
        complain(complaints, settings->file, settings->lines.redis,
                 "url: is not rediss://, so tls-ca and tls-certificate would do nothing");
}

/* Who may speak for whom, when anybody does at all. */
static void check_speakers(const struct settings *settings, struct complaints *complaints)
{
    const struct settings_lines *lines = &settings->lines;
    const char *mute = mqtt_topics_mute(&settings->mqtt_topics);

    if (settings->mqtt.host[0] == '\0')
        return;
    if (!settings->mqtt_by_topic)
        complain_softly(complaints, settings->file,
                        lines->mqtt_device > 0 ? lines->mqtt_device : lines->mqtt,
                        "device: any lets whoever may publish on a topic speak for any device: "
                        "with topic its user speaks for his own alone");
    else if (mute != NULL)
        complain(complaints, settings->file,
                 lines->mqtt_topics > 0 ? lines->mqtt_topics : lines->mqtt,
                 "topics: \"%.100s\" has neither + nor #, so nobody could speak there with "
                 "device = topic",
                 mute);
}

static void check_mqtt(const struct settings *settings, struct complaints *complaints)
{
    if (!settings->mqtt.secure && settings->mqtt_ca[0] != '\0')
        complain(complaints, settings->file, settings->lines.mqtt_ca,
                 "tls-ca: url is not mqtts://, so it would do nothing");
    if (settings->mqtt_password_file[0] != '\0' && settings->mqtt.user[0] == '\0')
        complain(complaints, settings->file, settings->lines.mqtt_password,
                 "password-file: whose? url has no user, as in mqtt://user@host");
    check_speakers(settings, complaints);
}

void settings_check(const struct settings *settings, struct complaints *complaints)
{
    check_places(settings, complaints);
    check_http(settings, complaints);
    check_redis(settings, complaints);
    check_mqtt(settings, complaints);
}

bool settings_same_redis(const struct settings *a, const struct settings *b)
{
    return strcmp(a->redis.text, b->redis.text) == 0 && strcmp(a->password, b->password) == 0 &&
           strcmp(a->redis_ca, b->redis_ca) == 0 &&
           strcmp(a->redis_certificate, b->redis_certificate) == 0 &&
           strcmp(a->redis_key, b->redis_key) == 0 && strcmp(a->prefix, b->prefix) == 0;
}

const char *settings_fixed_key(const struct settings *running, const struct settings *fresh)
{
    if (strcmp(running->site, fresh->site) != 0)
        return "[site] name";
    if (strcmp(running->timezone, fresh->timezone) != 0)
        return "[site] timezone";
    if (strcmp(running->ledger, fresh->ledger) != 0)
        return "[ledger] path";
    if (running->n_listen != fresh->n_listen)
        return "[http] listen";
    for (size_t i = 0; i < running->n_listen; i++) {
        if (strcmp(running->listen[i].text, fresh->listen[i].text) != 0)
            return "[http] listen";
    }
    return NULL;
}
