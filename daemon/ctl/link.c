/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/link.h"

#include "adapter/resolver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *first_of(const char *option, const char *variable)
{
    return option != NULL ? option : getenv(variable);
}

static bool find_by_settings(struct link *link, const struct ctl_options *options,
                             struct fault *why)
{
    struct settings settings;
    bool ok = ctl_settings(options, &settings) ||
              fault_set(why, "where is Redis? Name it by --redis URL, or breachd.conf by -c FILE");

    if (ok && settings.redis.secure)
        ok = tls_load_client(link->tls, settings.redis_ca, settings.redis_certificate,
                             settings.redis_key, why);
    if (ok) {
        link->target = settings.redis;
        strcpy(link->password, settings.redis_password.text);
        strcpy(link->prefix, settings.prefix);
    }
    settings_wipe(&settings);
    return ok;
}

/* Whom to trust, and what to show: the key may stand in the certificate's file. */
static bool trust(struct link *link, const struct ctl_options *options, struct fault *why)
{
    const char *ca = first_of(options->tls_ca, "BREACHCTL_TLS_CA");
    const char *certificate = first_of(options->tls_certificate, "BREACHCTL_TLS_CERTIFICATE");
    const char *key = first_of(options->tls_key, "BREACHCTL_TLS_KEY");

    if (!link->target.secure)
        return (options->tls_ca == NULL && options->tls_certificate == NULL) ||
               fault_set(why,
                         "%s: is not rediss://, so --tls-ca and --tls-certificate would do "
                         "nothing",
                         link->target.text);
    return tls_load_client(link->tls, ca ? ca : "", certificate ? certificate : "",
                           certificate == NULL ? ""
                           : key               ? key
                                               : certificate,
                           why);
}

static bool find(struct link *link, const struct ctl_options *options, struct fault *why)
{
    const char *url = first_of(options->redis, "BREACHCTL_REDIS");
    const char *password = first_of(options->password_file, "BREACHCTL_PASSWORD_FILE");
    const char *prefix = first_of(options->prefix, "BREACHCTL_PREFIX");

    if (url == NULL && !find_by_settings(link, options, why))
        return false;
    if (url != NULL && !redis_target_parse(url, ".", &link->target, why))
        return false;
    if (url != NULL && !trust(link, options, why))
        return false;
    link->target.tls = link->tls;
    if (password != NULL && !password_read(password, link->password, why))
        return false;
    if (prefix != NULL && !name_valid(prefix)) // of the environment
        return fault_set(why, "prefix: not 1..%d letters, digits, - _ .", NAME_MAX_CHARS);
    if (prefix != NULL || link->prefix[0] == '\0')
        snprintf(link->prefix, sizeof link->prefix, "%s", prefix ? prefix : "breachd");
    return true;
}

static void on_impatience(evutil_socket_t fd, short what, void *arg)
{
    struct link *link = arg;

    (void)fd;
    (void)what;
    event_base_loopbreak(link->base);
}

bool link_init(struct link *link, const struct ctl_options *options, struct fault *why)
{
    *link = (struct link){ .tls = tls_create() };
    if (link->tls == NULL)
        return fault_set(why, "out of memory");
    if (!find(link, options, why))
        return false;
    link->base = event_base_new();
    link->dns = link->base ? resolver_create(link->base) : NULL;
    link->impatience = link->base ? event_new(link->base, -1, 0, on_impatience, link) : NULL;
    return link->impatience != NULL || fault_set(why, "out of memory");
}

void link_fini(struct link *link)
{
    redis_destroy(link->redis);
    if (link->impatience != NULL)
        event_free(link->impatience);
    resolver_destroy(link->dns, link->base);
    tls_destroy(link->tls);
    explicit_bzero(link->password, sizeof link->password);
}

struct redis *link_redis(struct link *link, const struct redis_callbacks *callbacks, int reply_ms)
{
    struct redis *redis =
        redis_create(link->base, link->dns, &link->target, link->password, callbacks, reply_ms);

    if (redis != NULL)
        redis_take_lists(redis, NULL);
    return redis;
}

char *link_key(const struct link *link, const char *name, char key[LINK_KEY_MAX])
{
    snprintf(key, LINK_KEY_MAX, "{%s}:%s", link->prefix, name);
    return key;
}

json_t *link_event(const struct redis_reply *entry)
{
    struct redis_reply fields = redis_item(entry, 1);
    struct redis_reply last = redis_item(&fields, fields.n > 0 ? fields.n - 1 : 0);

    return last.kind == REDIS_TEXT ? json_loads(last.text, 0, NULL) : NULL;
}

/* ---- one question at a time ---- */

struct asking {
    struct link *link;
    redis_handler *on_reply;
    void *arg;
    bool answered;
    struct fault *why; // of an error
};

static void on_up(void *arg)
{
    struct link *link = arg;

    event_base_loopbreak(link->base);
}

static void on_down(const char *why, void *arg)
{
    struct link *link = arg;

    snprintf(link->why, sizeof link->why, "%s", why);
    event_base_loopbreak(link->base);
}

static void on_answer(const struct redis_reply *reply, void *arg)
{
    struct asking *asking = arg;

    asking->answered = reply->kind != REDIS_ERROR;
    if (reply->kind == REDIS_ERROR)
        fault_set(asking->why, "redis: %.300s%s", reply->text,
                  strncmp(reply->text, "NOPERM", 6) == 0
                      ? ": what a user needs is told in breachctl(1), THE CONTROL ROOM"
                      : "");
    else if (asking->on_reply != NULL)
        asking->on_reply(reply, asking->arg);
    event_base_loopbreak(asking->link->base);
}

/* Turns the loop until somebody breaks it, or patience ends. */
static void turn(struct link *link)
{
    struct timeval patience = { LINK_PATIENCE_MS / 1000, LINK_PATIENCE_MS % 1000 * 1000 };

    event_add(link->impatience, &patience);
    event_base_dispatch(link->base);
    event_del(link->impatience);
}

static bool connect_once(struct link *link, struct fault *why)
{
    struct redis_callbacks callbacks = { .on_up = on_up, .on_down = on_down, .arg = link };

    if (link->redis == NULL)
        link->redis = link_redis(link, &callbacks, 0);
    if (link->redis == NULL)
        return fault_set(why, "out of memory");
    if (!redis_is_up(link->redis))
        turn(link);
    return redis_is_up(link->redis) ||
           fault_set(why, "redis: %s: %s", link->target.text, redis_why_down(link->redis));
}

void link_hang_up(struct link *link)
{
    redis_destroy(link->redis);
    link->redis = NULL;
}

bool link_ask(struct link *link, size_t argc, const char *const *argv, redis_handler *on_reply,
              void *arg, struct fault *why)
{
    struct fault cause; // *why stays as it is when there is an answer
    struct asking asking = { .link = link, .on_reply = on_reply, .arg = arg, .why = &cause };

    if (!connect_once(link, why))
        return false;
    fault_set(&cause, "redis: no reply");
    if (!redis_send(link->redis, argc, argv, NULL, on_answer, &asking))
        return fault_set(why, "redis: %s", redis_why_down(link->redis));
    turn(link);
    if (asking.answered)
        return true;
    *why = cause;
    link_hang_up(link); // its reply may still come, to a place that is gone
    return false;
}
