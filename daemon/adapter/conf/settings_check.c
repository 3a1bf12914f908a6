/* SPDX-License-Identifier: Apache-2.0 */
/* settings_check.c - what keys say together: each may be right, and yet they do not fit. */
#include "adapter/conf/settings_parts.h"

/* The line of the first of these values whose key is in the file. */
static int first_line(const struct settings *settings, const void *value, const void *other)
{
    int line = settings_line(settings, value);

    return line > 0 ? line : settings_line(settings, other);
}

static void check_places(const struct settings *settings, struct complaints *complaints)
{
    for (size_t i = 0; i < settings->n_listen; i++) {
        const struct endpoint *place = &settings->listen[i];

        if (place->local)
            continue;
        if (settings->tokens[0] == '\0')
            complain(complaints, settings->file, settings_line(settings, settings->listen),
                     "listen: %s is not loopback: without tokens only loopback and unix sockets",
                     place->text);
        else if (settings->tls_certificate[0] == '\0')
            complain_softly(complaints, settings->file, settings_line(settings, settings->listen),
                            "listen: %s is without TLS: whoever is on the way reads positions, "
                            "and tokens that he can use",
                            place->text);
    }
}

static void check_ledger(const struct settings *settings, struct complaints *complaints)
{
    if (settings->evidence_ms != 0 && settings->evidence_ms < settings->retention_ms)
        complain(complaints, settings->file, settings_line(settings, &settings->evidence_ms),
                 "evidence-retention: is shorter than retention, which keeps what is no evidence");
}

static void check_http(const struct settings *settings, struct complaints *complaints)
{
    bool certificate = settings->tls_certificate[0] != '\0';

    if (certificate != (settings->tls_key[0] != '\0'))
        complain(complaints, settings->file,
                 first_line(settings, settings->tls_certificate, settings->tls_key),
                 "[http] tls-certificate and tls-key: neither does anything without the other");
    if (!certificate && settings->tls_client_ca[0] != '\0')
        complain(complaints, settings->file, settings_line(settings, settings->tls_client_ca),
                 "tls-client-ca: needs tls-certificate and tls-key");
}

static void check_redis(const struct settings *settings, struct complaints *complaints)
{
    bool certificate = settings->redis_certificate[0] != '\0';

    if (certificate != (settings->redis_key[0] != '\0'))
        complain(complaints, settings->file,
                 first_line(settings, settings->redis_certificate, settings->redis_key),
                 "[redis] tls-certificate and tls-key: neither does anything without the other");
    if (!settings->redis.secure && (certificate || settings->redis_ca[0] != '\0'))
        complain(complaints, settings->file,
                 first_line(settings, &settings->redis,
                            certificate ? settings->redis_certificate : settings->redis_ca),
                 "url: is not rediss://, so tls-ca and tls-certificate would do nothing");
}

/* Who may speak for whom, when anybody does at all. */
static void check_speakers(const struct settings *settings, struct complaints *complaints)
{
    const char *mute = mqtt_topics_mute(&settings->mqtt_topics);

    if (settings->mqtt.host[0] == '\0')
        return;
    if (!settings->mqtt_by_topic)
        complain_softly(complaints, settings->file,
                        first_line(settings, &settings->mqtt_by_topic, &settings->mqtt),
                        "device: any lets whoever may publish on a topic speak for any device: "
                        "with topic its user speaks for his own alone");
    else if (mute != NULL)
        complain(complaints, settings->file,
                 first_line(settings, &settings->mqtt_topics, &settings->mqtt),
                 "topics: \"%.100s\" has neither + nor #, so nobody could speak there with "
                 "device = topic",
                 mute);
}

static void check_mqtt(const struct settings *settings, struct complaints *complaints)
{
    if (!settings->mqtt.secure && settings->mqtt_ca[0] != '\0')
        complain(complaints, settings->file, settings_line(settings, settings->mqtt_ca),
                 "tls-ca: url is not mqtts://, so it would do nothing");
    if (settings->mqtt_password.file[0] != '\0' && settings->mqtt.user[0] == '\0')
        complain(complaints, settings->file, settings_line(settings, &settings->mqtt_password),
                 "password-file: whose? url has no user, as in mqtt://user@host");
    check_speakers(settings, complaints);
}

/* ---- thresholds in an order that makes no sense ---- */

#define AT(member) offsetof(struct settings, detect.member)

static const struct {
    size_t low, high; // where the values are
    bool apart;       // they must not be equal either
    bool softly;      // it harms nobody: one of them does nothing
    const char *why;
} orders[] = {
    { AT(possible), AT(breach), false, false,
      "a breach would be told before anything is possible" },
    { AT(breach), AT(breach_outside), false, false,
      "a ping that lies outside would prove more than one inside" },
    { AT(cleared), AT(possible), true, false, "what is possible would be over at once" },
    { AT(coarse), AT(mast), false, true,
      "it does nothing: a fix of a worse accuracy than mast is no position to believe" },
    { AT(silent_least_ms), AT(silent_ms), false, true,
      "it does nothing: every device is silent after silent-after" },
};

static const struct settings_key *key_at(size_t offset)
{
    const struct settings_key *key = settings_keys;

    while (key->offset != offset)
        key++; // each of those above has a row
    return key;
}

static double value_at(const struct settings *settings, size_t offset)
{
    const void *at = (const char *)settings + offset;

    return settings_is_real(key_at(offset)) ? *(const double *)at : (double)*(const int64_t *)at;
}

/* 0 is none of their values: it was refused, and complained of already. */
static void check_thresholds(const struct settings *settings, struct complaints *complaints)
{
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        const struct settings_key *lower = key_at(orders[i].low), *higher = key_at(orders[i].high);
        double low = value_at(settings, orders[i].low), high = value_at(settings, orders[i].high);
        char is[UNIT_TEXT_MAX], than[UNIT_TEXT_MAX];

        if (low < high || low == 0 || high == 0 || (low == high && !orders[i].apart))
            continue;
        (orders[i].softly ? complain_softly : complain)(
            complaints, settings->file,
            first_line(settings, (const char *)settings + lower->offset,
                       (const char *)settings + higher->offset),
            "%s: %s is %s %s, %s: %s", lower->key, unit_print(settings_unit(lower), low, is),
            orders[i].apart ? "not below" : "above", higher->key,
            unit_print(settings_unit(higher), high, than), orders[i].why);
    }
}

void settings_check(const struct settings *settings, struct complaints *complaints)
{
    check_places(settings, complaints);
    check_thresholds(settings, complaints);
    check_ledger(settings, complaints);
    check_http(settings, complaints);
    check_redis(settings, complaints);
    check_mqtt(settings, complaints);
}
