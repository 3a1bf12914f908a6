/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/redis/redis_probe.h"

#include "adapter/log.h"
#include "adapter/redis/publisher_belief.h"
#include "adapter/redis/publisher_script.h"
#include "adapter/redis/redis.h"

#include <stdio.h>

enum { KEY_MAX = NAME_MAX_CHARS + 16 };

/* KEYS: stream. ARGV: site. Parts of an id that are numbers; a name may look like one too. */
static const char script_seen[] =
    "local most, site = 0, ARGV[1] .. '/'\n"
    "for _, found in ipairs(redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1000)) do\n"
    "  local id = found[2][2] or ''\n"
    "  if id:sub(1, #site) == site then\n"
    "    for part in id:sub(#site):gmatch('/(%d+)%f[/%z]') do\n"
    "      if #part <= 10 and tonumber(part) > most and tonumber(part) < 4294967296 then\n"
    "        most = tonumber(part)\n"
    "      end\n"
    "    end\n"
    "  end\n"
    "end\n"
    "return most\n";

struct asking {
    struct redis *redis;
    const char *prefix, *site;
    enum site_use use;
    struct redis_seen seen;
    bool done;
};

static void on_seen(const struct redis_reply *reply, void *arg)
{
    struct asking *asking = arg;

    asking->done = true;
    if (reply->kind == REDIS_NUMBER && reply->number > 0 && reply->number <= UINT32_MAX)
        asking->seen.number = (uint32_t)reply->number;
}

static void on_where(const struct redis_reply *reply, void *arg)
{
    struct asking *asking = arg;
    struct redis_state where;

    if (reply->kind != REDIS_TEXT || !redis_state_read(reply->text, &where))
        return;
    if (where.moved > 0)
        log_error("redis: what stood under %d of {%s}:alerts, open, last, todo was none of "
                  "breachd's: moved to KEY:displaced",
                  where.moved, asking->prefix);
    asking->seen.sequence = where.held;
    // What was moved aside, or is no number, may have been a life.
    asking->use = where.at > 0 || where.held > 0     ? SITE_USED
                  : where.garbled || where.moved > 0 ? SITE_UNSURE
                                                     : SITE_NEW;
}

static void on_up(void *arg)
{
    struct asking *asking = arg;
    char stream[KEY_MAX], open[KEY_MAX], last[KEY_MAX], todo[KEY_MAX];
    const char *seen[] = { "EVAL", script_seen, "1", stream, asking->site };
    const char *argv[] = { "EVAL", script_where, "4", stream, open, last,
                           todo,   asking->site, "1", "-",    "-" };

    snprintf(stream, sizeof stream, "{%s}:alerts", asking->prefix);
    snprintf(open, sizeof open, "{%s}:open", asking->prefix);
    snprintf(last, sizeof last, "{%s}:last", asking->prefix);
    snprintf(todo, sizeof todo, "{%s}:todo", asking->prefix);
    asking->done =
        !redis_send(asking->redis, sizeof argv / sizeof *argv, argv, NULL, on_where, asking) ||
        !redis_send(asking->redis, sizeof seen / sizeof *seen, seen, NULL, on_seen, asking);
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

enum site_use redis_probe(struct event_base *base, struct evdns_base *dns,
                          const struct redis_target *target, const char *password,
                          const char *prefix, const char *site, struct redis_seen *out_seen)
{
    struct asking asking = { .prefix = prefix, .site = site, .use = SITE_UNSURE };
    struct redis_callbacks callbacks = { on_up, on_down, &asking };
    struct timeval patience = { REDIS_PROBE_MS / 1000, REDIS_PROBE_MS % 1000 * 1000 };
    struct event *impatience = event_new(base, -1, 0, on_impatience, &asking);

    asking.redis = redis_create(base, dns, target, password, &callbacks, 0);
    if (impatience != NULL && asking.redis != NULL && event_add(impatience, &patience) == 0) {
        // A Redis that refuses the connection is away: the next try is not waited for.
        while (!asking.done && redis_why_down(asking.redis)[0] == '\0')
            event_base_loop(base, EVLOOP_ONCE);
    }
    redis_destroy(asking.redis);
    if (impatience != NULL)
        event_free(impatience);
    *out_seen = asking.seen;
    return asking.use;
}
