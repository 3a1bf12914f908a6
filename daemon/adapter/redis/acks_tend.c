/* SPDX-License-Identifier: Apache-2.0 */
/*
 * acks_tend.c - the stream of acks is kept short and open. An ack is trimmed once it is on disk:
 * notes stand in the ledger, and whoever writes to the stream cannot fill Redis for long. After an
 * entry whose id is far ahead of every clock few or none can be added: when it was read, the stream
 * is deleted, and begins anew with the next ack. A stream that begins anew, by whomever, is read
 * from its beginning.
 */
#include "adapter/clock.h"
#include "adapter/entry_id.h"
#include "adapter/log.h"
#include "adapter/redis/acks_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/*
 * KEYS: the stream. ARGV: the id up to which all is read and on disk ("-": none), an id ahead of
 * every clock. Answers "NEWEST MADE DENIED WHY": the id that the stream gave last, 1 if it was
 * deleted or moved aside, 1 if XINFO is not allowed, and why it could not be trimmed.
 */
static const char script_tend[] =
    "local stream, done, ahead = KEYS[1], ARGV[1], ARGV[2]\n"
    "local function order(id)\n"
    "  local ms, seq = id:match('^(%d+)%-(%d+)$')\n"
    "  return ('0'):rep(20 - #ms) .. ms .. ('0'):rep(20 - #seq) .. seq\n"
    "end\n"
    "local is, of, denied = redis.pcall('XINFO', 'STREAM', stream), {}, '0'\n"
    "if is.err and is.err:find('no such key') then return '0-0 0 0 ' end\n"
    "if is.err and is.err:find('WRONGTYPE') then\n"
    "  redis.call('RENAME', stream, stream .. ':displaced')\n"
    "  return '0-0 1 0 '\n"
    "end\n"
    "if is.err then\n"
    "  denied = '1'\n"
    "  local last = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]\n"
    "  of['last-generated-id'] = last and last[1] or '0-0'\n"
    "else\n"
    "  for i = 1, #is, 2 do of[is[i]] = is[i + 1] end\n"
    "end\n"
    "local newest = of['last-generated-id']\n"
    "if order(newest) > order(ahead) and done == newest then\n"
    "  redis.call('DEL', stream)\n"
    "  return '0-0 1 ' .. denied .. ' '\n"
    "end\n"
    "local why = ''\n"
    "if done ~= '-' and order(done) <= order(newest) then\n"
    "  local cut = redis.pcall('XTRIM', stream, 'MINID', done)\n"
    "  why = type(cut) == 'table' and cut.err or ''\n"
    "end\n"
    "return newest .. ' 0 ' .. denied .. ' ' .. why\n";

bool acks_tend_due(const struct acks *acks)
{
    return acks->tended.ms == 0 || clock_tick().ms - acks->tended.ms >= ACKS_TEND_MS ||
           strcmp(acks->trimmed, acks->options.kept(acks->options.arg)) != 0;
}

static void tell_untrimmed(struct acks *acks, const char *why)
{
    if (why[0] != '\0' && strcmp(acks->untrimmed, why) != 0)
        log_warning("redis: %s: not trimmed, so it grows for ever: %s: give this user +xtrim",
                    acks->stream, why);
    snprintf(acks->untrimmed, sizeof acks->untrimmed, "%s", why);
}

static void on_tended(const struct redis_reply *reply, void *arg)
{
    struct acks *acks = arg;
    char newest[ENTRY_ID_MAX];
    int made, denied, end = -1;

    acks->asking = false;
    if (reply->kind != REDIS_TEXT ||
        sscanf(reply->text, "%47s %1d %1d %n", newest, &made, &denied, &end) != 3 || end < 0) {
        redis_reset(acks->redis,
                    reply->kind == REDIS_ERROR ? reply->text : "does not say what acks holds");
        return;
    }
    acks->tended = clock_tick();
    tell_untrimmed(acks, reply->text + end);
    if (made == 1)
        log_error("redis: %s: little or nothing could be added behind %s (an id far ahead of every "
                  "clock, or a key of another type): the stream begins anew; who writes there?",
                  acks->stream, acks->after);
    // Where XINFO is not allowed, one that was emptied looks like one that is not there.
    if (made == 1 ||
        (entry_id_after(acks->after, newest) && (denied == 0 || strcmp(newest, "0-0") != 0)))
        acks_rewind(acks, "");
    if (made == 1)
        acks->trimmed[0] = '\0'; // the same again is to be mended again, at once
    acks_pump(acks);
}

void acks_tend(struct acks *acks)
{
    const char *kept = acks->options.kept(acks->options.arg);
    char ahead[ENTRY_ID_MAX];

    snprintf(acks->trimmed, sizeof acks->trimmed, "%s", kept);
    snprintf(ahead, sizeof ahead, "%" PRId64 "-0", clock_utc().ms + ACKS_AHEAD_MS);
    acks->asking = redis_send(acks->redis, 6,
                              (const char *[]){ "EVAL", script_tend, "1", acks->stream,
                                                kept[0] != '\0' ? kept : "-", ahead },
                              NULL, on_tended, acks);
}
