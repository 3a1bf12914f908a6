/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/redis_lived.h"

#include "adapter/publisher_belief.h"
#include "adapter/publisher_script.h"
#include "adapter/redis.h"

#include <stdio.h>

enum { KEY_MAX = NAME_MAX_CHARS + 16 };

struct asking {
    struct redis *redis;
    const char *prefix, *site;
    enum lived lived;
    bool done;
};

static void on_where(const struct redis_reply *reply, void *arg)
{
    struct asking *asking = arg;
    struct whereabouts where;

    asking->done = true;
    if (reply->kind != REDIS_TEXT || !whereabouts_read(reply->text, &where))
        return;
    // What was moved aside, or is no number, may have been a life.
    asking->lived = where.at > 0 || where.held > 0     ? LIVED
                    : where.garbled || where.moved > 0 ? LIVED_UNKNOWN
                                                       : LIVED_NOT;
}

static void on_up(void *arg)
{
    struct asking *asking = arg;
    char stream[KEY_MAX], open[KEY_MAX], last[KEY_MAX], todo[KEY_MAX];
    const char *argv[] = { "EVAL", script_where, "4", stream, open, last,
                           todo,   asking->site, "1", "-",    "-" };

    snprintf(stream, sizeof stream, "{%s}:alerts", asking->prefix);
    snprintf(open, sizeof open, "{%s}:open", asking->prefix);
    snprintf(last, sizeof last, "{%s}:last", asking->prefix);
    snprintf(todo, sizeof todo, "{%s}:todo", asking->prefix);
    asking->done =
        !redis_send(asking->redis, sizeof argv / sizeof *argv, argv, NULL, on_where, asking);
}

static void on_down(const char *why, void *arg)
{
    struct asking *asking = arg;

    (void)why; // redis.c has logged it
    asking->done = true;
}

static void on_impatience(evutil_socket_t fd, short what, void *arg)
{
    struct asking *asking = arg;

    (void)fd;
    (void)what;
    asking->done = true;
}

enum lived redis_lived(struct event_base *base, struct evdns_base *dns,
                       const struct redis_target *target, const char *password, const char *prefix,
                       const char *site)
{
    struct asking asking = { .prefix = prefix, .site = site, .lived = LIVED_UNKNOWN };
    struct redis_calls calls = { on_up, on_down, &asking };
    struct timeval patience = { REDIS_LIVED_MS / 1000, REDIS_LIVED_MS % 1000 * 1000 };
    struct event *impatience = event_new(base, -1, 0, on_impatience, &asking);

    asking.redis = redis_create(base, dns, target, password, &calls, 0);
    if (impatience != NULL && asking.redis != NULL && event_add(impatience, &patience) == 0) {
        // Who refuses the connection is away: that it tries again is not waited for.
        while (!asking.done && redis_why_down(asking.redis)[0] == '\0')
            event_base_loop(base, EVLOOP_ONCE);
    }
    redis_destroy(asking.redis);
    if (impatience != NULL)
        event_free(impatience);
    return asking.lived;
}
