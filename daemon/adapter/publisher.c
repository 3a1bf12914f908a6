/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/publisher.h"

#include "adapter/event_json.h"
#include "adapter/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = NAME_MAX_CHARS + 16 };

/*
 * KEYS: stream, open, last. ARGV: site, sequence, the one before it as we know it, entries to keep,
 * effect (1 keeps the incident open, 2 closes it), id, type, area, severity, incident, event. Redis
 * undoes nothing of a function that fails half-way (a command not allowed, a key of a wrong type),
 * so what may be done twice comes first, and the record last: when that is refused, the number is
 * put back. Answers the last one.
 */
static const char script[] =
    "local last = tonumber(redis.call('HGET', KEYS[3], ARGV[1]) or '0')\n"
    "local seq = tonumber(ARGV[2])\n"
    "if seq <= last then return last end\n"
    "if last ~= tonumber(ARGV[3]) then\n"
    "  return redis.error_reply('GAP the stream holds ' .. last .. ' and not ' .. ARGV[3])\n"
    "end\n"
    "if ARGV[5] == '1' then redis.call('HSET', KEYS[2], ARGV[10], ARGV[11])\n"
    "elseif ARGV[5] == '2' then redis.call('HDEL', KEYS[2], ARGV[10]) end\n"
    "redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])\n"
    "local added = redis.pcall('XADD', KEYS[1], 'MAXLEN', '~', ARGV[4], '*', 'id', ARGV[6],\n"
    "  'type', ARGV[7], 'area', ARGV[8], 'severity', ARGV[9], 'event', ARGV[11])\n"
    "if type(added) == 'table' and added.err then\n"
    "  redis.call('HSET', KEYS[3], ARGV[1], last)\n"
    "  return added\n"
    "end\n"
    "redis.call('HSET', KEYS[3], ARGV[1] .. '#id', ARGV[6])\n"
    "redis.call('PUBLISH', KEYS[1], ARGV[11])\n"
    "if ARGV[8] ~= '' then redis.call('PUBLISH', KEYS[1] .. ':' .. ARGV[8], ARGV[11]) end\n"
    "return seq\n";

/* How far we are with a Redis that has come up. */
enum stage { STAGE_ASKING, STAGE_COMPARING, STAGE_SENDING };

struct publisher {
    struct redis *redis;
    struct publisher_calls calls;
    struct event *beat;
    char site[NAME_MAX_CHARS + 1];
    char stream[KEY_MAX], open[KEY_MAX], last_key[KEY_MAX], heartbeat[KEY_MAX];
    char keep[24], beat_ttl[24];
    char sha[48]; // of the script, as this Redis knows it
    enum stage stage;
    uint64_t last; // what the stream holds, as it said when it came up
    char last_id[EVENT_ID_MAX];
    uint64_t confirmed, sent;
    bool fetching, comparing; // comparing: what is fetched is the ledger's alert of number `last`
};

static void text_number(char text[24], int64_t number)
{
    snprintf(text, 24, "%" PRId64, number);
}

static void on_sent(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;

    if (reply->kind != REDIS_NUMBER) {
        redis_reset(publisher->redis,
                    reply->kind == REDIS_ERROR ? reply->text : "no number from the function");
        return;
    }
    redis_healthy(publisher->redis);
    if ((uint64_t)reply->number > publisher->sent) {
        redis_reset(publisher->redis, "somebody else publishes for this site");
        return;
    }
    // Duplicates answer with the last sequence, which may be ahead of what was asked: never go
    // back.
    if ((uint64_t)reply->number <= publisher->confirmed)
        return;
    publisher->confirmed = (uint64_t)reply->number;
    publisher->calls.confirmed(publisher->confirmed, publisher->calls.arg);
    publisher_pump(publisher);
}

/* One EVALSHA; false when it must wait. */
static bool send_alert(struct publisher *publisher, const struct kept_alert *alert)
{
    char sequence[24], before[24];
    char *event = event_number(alert->event, alert->sequence);
    const char *argv[] = { "EVALSHA",
                           publisher->sha,
                           "3",
                           publisher->stream,
                           publisher->open,
                           publisher->last_key,
                           publisher->site,
                           sequence,
                           before,
                           publisher->keep,
                           alert->effect == EFFECT_OPEN    ? "1"
                           : alert->effect == EFFECT_CLOSE ? "2"
                                                           : "0",
                           alert->id,
                           alert->type,
                           alert->area,
                           alert->severity,
                           alert->incident,
                           event };
    bool ok;

    text_number(sequence, (int64_t)alert->sequence);
    text_number(before, (int64_t)publisher->sent);
    ok = event != NULL &&
         redis_send(publisher->redis, sizeof argv / sizeof *argv, argv, NULL, on_sent, publisher);
    free(event);
    if (ok)
        publisher->sent = alert->sequence;
    return ok;
}

static bool ready(const struct publisher *publisher)
{
    return publisher->stage == STAGE_SENDING && redis_is_up(publisher->redis);
}

static unsigned room(const struct publisher *publisher)
{
    uint64_t in_flight = publisher->sent - publisher->confirmed;

    return in_flight < PUBLISHER_WINDOW ? (unsigned)(PUBLISHER_WINDOW - in_flight) : 0;
}

/* Those that are next; a ledger's numbers have no gaps, so anything else is not for now. */
static void send_rows(struct publisher *publisher, const struct row *alerts)
{
    for (const struct row *row = alerts; row != NULL && ready(publisher) && room(publisher) > 0;
         row = row->next) {
        if (row->alert.sequence > publisher->sent + 1)
            return;
        if (row->alert.sequence == publisher->sent + 1 && !send_alert(publisher, &row->alert))
            return;
    }
}

void publisher_offer(struct publisher *publisher, const struct row *alerts)
{
    send_rows(publisher, alerts);
    publisher_pump(publisher);
}

static void compare(struct publisher *publisher);
static void judge(struct publisher *publisher, const struct row *ours);

void publisher_fetched(struct publisher *publisher, const struct row *alerts)
{
    bool comparing = publisher->comparing;

    publisher->fetching = publisher->comparing = false;
    if (publisher->stage == STAGE_COMPARING) {
        if (comparing)
            judge(publisher, alerts);
        else
            compare(publisher); // that was the answer to something asked before
        return;
    }
    send_rows(publisher, alerts);
    // Nothing came: the ledger cannot be read just now, and asking at once would ask for ever.
    if (alerts != NULL)
        publisher_pump(publisher);
}

void publisher_pump(struct publisher *publisher)
{
    // Half a window at a time, so that a fetch is worth its turn of the ledger.
    if (!ready(publisher) || publisher->fetching || room(publisher) < PUBLISHER_WINDOW / 2 ||
        publisher->sent >= publisher->calls.newest(publisher->calls.arg))
        return;
    publisher->fetching = true;
    publisher->calls.fetch(publisher->sent, room(publisher), publisher->calls.arg);
}

static void go_on_from_last(struct publisher *publisher)
{
    if (publisher->last < publisher->confirmed)
        log_warning("redis: its stream holds alert %" PRIu64 " of %" PRIu64
                    " that it had confirmed: sending again what the ledger has",
                    publisher->last, publisher->confirmed);
    publisher->confirmed = publisher->sent = publisher->last;
    publisher->stage = STAGE_SENDING;
    publisher->calls.confirmed(publisher->last, publisher->calls.arg);
    publisher_pump(publisher);
}

/* The stream's numbers beyond what was confirmed are another ledger's: ours come after them. */
static void give_way(struct publisher *publisher)
{
    log_warning("redis: its stream is at alert %" PRIu64
                ", which is not this ledger's: ours from %" PRIu64 " on get numbers after it",
                publisher->last, publisher->confirmed + 1);
    publisher->calls.renumber(publisher->last, publisher->calls.arg);
    go_on_from_last(publisher);
}

/* Asks the ledger for its alert of the number that the stream holds last. */
static void compare(struct publisher *publisher)
{
    publisher->stage = STAGE_COMPARING;
    if (publisher->fetching)
        return; // when that is answered
    publisher->fetching = publisher->comparing = true;
    publisher->calls.fetch(publisher->last - 1, 1, publisher->calls.arg);
}

static void judge(struct publisher *publisher, const struct row *ours)
{
    if (ours == NULL || ours->alert.sequence != publisher->last)
        redis_reset(publisher->redis, "cannot be compared with the ledger just now");
    else if (strcmp(ours->alert.id, publisher->last_id) == 0)
        go_on_from_last(publisher);
    else
        give_way(publisher);
}

/* What the stream holds decides where to go on. */
static void on_last_id(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;

    if (reply->kind == REDIS_ERROR) {
        redis_reset(publisher->redis, reply->text);
        return;
    }
    snprintf(publisher->last_id, sizeof publisher->last_id, "%s", reply->text);
    if (publisher->last <= publisher->confirmed)
        go_on_from_last(publisher);
    else if (publisher->last > publisher->calls.newest(publisher->calls.arg))
        give_way(publisher);
    else
        compare(publisher);
}

static void on_last(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;
    char field[NAME_MAX_CHARS + 8];
    const char *argv[] = { "HGET", publisher->last_key, field };
    size_t digits = strspn(reply->text, "0123456789");
    bool number =
        reply->kind == REDIS_TEXT && digits > 0 && digits < 19 && reply->text[digits] == '\0';

    if (!number && reply->kind != REDIS_NIL) {
        redis_reset(publisher->redis, reply->kind == REDIS_ERROR
                                          ? reply->text
                                          : "the last number that it keeps is none");
        return;
    }
    publisher->last = number ? strtoull(reply->text, NULL, 10) : 0;
    snprintf(field, sizeof field, "%s#id", publisher->site);
    redis_send(publisher->redis, 3, argv, NULL, on_last_id, publisher);
}

static void on_script(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;
    const char *argv[] = { "HGET", publisher->last_key, publisher->site };

    if (reply->kind != REDIS_TEXT || strlen(reply->text) >= sizeof publisher->sha) {
        redis_reset(publisher->redis,
                    reply->kind == REDIS_ERROR ? reply->text : "no digest of the function");
        return;
    }
    snprintf(publisher->sha, sizeof publisher->sha, "%s", reply->text);
    redis_send(publisher->redis, 3, argv, NULL, on_last, publisher);
}

static void on_up(void *arg)
{
    struct publisher *publisher = arg;
    const char *argv[] = { "SCRIPT", "LOAD", script };

    redis_send(publisher->redis, 3, argv, NULL, on_script, publisher);
}

static void on_down(const char *why, void *arg)
{
    struct publisher *publisher = arg;

    (void)why; // redis.c has logged it
    publisher->stage = STAGE_ASKING;
    publisher->sent = publisher->confirmed;
}

static void on_beat_kept(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;

    if (reply->kind == REDIS_ERROR)
        redis_reset(publisher->redis, reply->text);
    else
        redis_healthy(publisher->redis);
}

static void on_beat(evutil_socket_t fd, short what, void *arg)
{
    struct publisher *publisher = arg;
    char text[PUBLISHER_BEAT_MAX] = "";
    const char *set[] = { "SET", publisher->heartbeat, text, "PX", publisher->beat_ttl };
    const char *publish[] = { "PUBLISH", publisher->heartbeat, text };

    (void)fd;
    (void)what;
    if (!redis_is_up(publisher->redis))
        return;
    publisher->calls.beat(text, publisher->calls.arg);
    redis_send(publisher->redis, 5, set, NULL, on_beat_kept, publisher);
    redis_send(publisher->redis, 3, publish, NULL, NULL, NULL);
    publisher_pump(publisher);
}

static void name_keys(struct publisher *publisher, const char *prefix)
{
    snprintf(publisher->stream, KEY_MAX, "{%s}:alerts", prefix);
    snprintf(publisher->open, KEY_MAX, "{%s}:open", prefix);
    snprintf(publisher->last_key, KEY_MAX, "{%s}:last", prefix);
    snprintf(publisher->heartbeat, KEY_MAX, "{%s}:heartbeat", prefix);
}

struct publisher *publisher_create(struct event_base *base, struct evdns_base *dns,
                                   const struct publisher_wish *wish,
                                   const struct publisher_calls *calls, uint64_t confirmed)
{
    struct publisher *publisher = calloc(1, sizeof *publisher);
    struct redis_calls link = { .on_up = on_up, .on_down = on_down, .arg = publisher };
    struct timeval interval = { wish->heartbeat_ms / 1000, wish->heartbeat_ms % 1000 * 1000 };

    if (publisher == NULL)
        return NULL;
    publisher->calls = *calls;
    publisher->confirmed = publisher->sent = confirmed;
    snprintf(publisher->site, sizeof publisher->site, "%s", wish->site);
    name_keys(publisher, wish->prefix);
    text_number(publisher->keep, wish->alerts_keep);
    text_number(publisher->beat_ttl, 3 * wish->heartbeat_ms);
    publisher->redis = redis_create(base, dns, &wish->target, wish->password, &link, 0);
    publisher->beat = event_new(base, -1, EV_PERSIST, on_beat, publisher);
    if (publisher->redis == NULL || publisher->beat == NULL ||
        event_add(publisher->beat, &interval) != 0) {
        publisher_destroy(publisher);
        return NULL;
    }
    return publisher;
}

void publisher_destroy(struct publisher *publisher)
{
    if (publisher == NULL)
        return;
    if (publisher->beat != NULL)
        event_free(publisher->beat);
    redis_destroy(publisher->redis);
    free(publisher);
}

bool publisher_connected(const struct publisher *publisher)
{
    return redis_is_up(publisher->redis);
}

const char *publisher_why_away(const struct publisher *publisher)
{
    return redis_why_down(publisher->redis);
}

uint64_t publisher_confirmed(const struct publisher *publisher)
{
    return publisher->confirmed;
}

bool publisher_caught_up(const struct publisher *publisher)
{
    return publisher->confirmed >= publisher->calls.newest(publisher->calls.arg);
}
