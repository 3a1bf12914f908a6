/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far is this Redis, and where to go on. It is asked in one step what it holds; that is
 * compared with the ledger; what is open is laid beside it, page by page; and in one step that
 * becomes `open` and the number to go on from is set.
 */
#include "adapter/log.h"
#include "adapter/publisher_parts.h"
#include "adapter/publisher_script.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *or_error(const struct redis_reply *reply, const char *why)
{
    return reply->kind == REDIS_ERROR ? reply->text : why;
}

/* The reply to a command that was not given would be waited for in vain. */
static bool say(struct publisher *publisher, size_t argc, const char *const *argv,
                redis_handler *handler)
{
    if (redis_send(publisher->redis, argc, argv, NULL, handler, publisher))
        return true;
    if (redis_is_up(publisher->redis))
        redis_reset(publisher->redis, "out of memory");
    return false;
}

static void on_begun(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;

    if (reply->kind != REDIS_NUMBER) {
        redis_reset(publisher->redis, or_error(reply, "no number to begin with"));
        return;
    }
    publisher_text(publisher->epoch, reply->number);
    publisher->stage = STAGE_SENDING;
    if (publisher_caught_up(publisher))
        publisher_check(publisher); // with nothing to send, this shows that it works
    else
        publisher_pump(publisher);
}

static void begin(struct publisher *publisher)
{
    const struct whereabouts *where = &publisher->where;
    bool held = publisher->sent == where->held && where->held > 0;
    char at[PUBLISHER_NUMBER_MAX], from[PUBLISHER_NUMBER_MAX], laid[PUBLISHER_NUMBER_MAX];
    const char *argv[] = { "EVAL",
                           script_begin,
                           "3",
                           publisher->open,
                           publisher->fresh,
                           publisher->last,
                           publisher->site,
                           at,
                           from,
                           held                           ? where->id
                           : publisher->sent == where->at ? where->at_id
                                                          : "-",
                           held ? where->entry : "-",
                           laid };

    publisher_text(at, (int64_t)where->at);
    publisher_text(from, (int64_t)publisher->sent);
    publisher_text(laid, publisher->laid);
    say(publisher, sizeof argv / sizeof *argv, argv, on_begun);
}

/* ---- what is open ---- */

static void on_laid(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;

    if (reply->kind != REDIS_NUMBER) {
        redis_reset(publisher->redis, or_error(reply, "no number of fields"));
        return;
    }
    publisher->laid += reply->number; // one that moved meanwhile came twice
    publisher_ask(publisher, FETCH_OPEN, publisher->asked.after, PUBLISHER_PAGE);
}

/* One page of the ledger's open incidents into the hash that will be `open`. */
static void lay(struct publisher *publisher, const struct row *alerts)
{
    const char *argv[2 + 2 * PUBLISHER_PAGE] = { "HSET", publisher->fresh };
    char *events[PUBLISHER_PAGE];
    struct utc now = publisher_now(publisher);
    size_t n = 0;

    for (; alerts != NULL && n < PUBLISHER_PAGE; alerts = alerts->next) {
        events[n] = event_number(alerts->alert.event, alerts->alert.sequence, now);
        if (events[n] == NULL)
            break; // the rest with the next page
        argv[2 + 2 * n] = alerts->alert.incident;
        argv[3 + 2 * n] = events[n];
        publisher->asked.after = alerts->alert.sequence;
        n++;
    }
    if (n > 0)
        say(publisher, 2 + 2 * n, argv, on_laid);
    else
        redis_reset(publisher->redis, "out of memory");
    while (n > 0)
        free(events[--n]);
}

static void lay_open(struct publisher *publisher)
{
    const char *argv[] = { "DEL", publisher->fresh };

    publisher->stage = STAGE_OPENING;
    publisher->laid = 0;
    // What comes after this is told to `open` as it is sent; the pages may be ahead of it.
    publisher->opened = publisher->calls.newest(publisher->calls.arg);
    if (say(publisher, 2, argv, NULL))
        publisher_ask(publisher, FETCH_OPEN, 0, PUBLISHER_PAGE);
}

/* ---- where to go on ---- */

/* Of what was confirmed before, and is gone, only what the stream would keep. */
static uint64_t worth_sending_after(const struct publisher *publisher)
{
    uint64_t newest = publisher->calls.newest(publisher->calls.arg);
    uint64_t keep = (uint64_t)publisher->alerts_keep;
    uint64_t oldest = newest > keep ? newest - keep : 0;

    return oldest < publisher->marked ? oldest : publisher->marked;
}

static void tell_loss(struct publisher *publisher)
{
    const struct whereabouts *where = &publisher->where;
    uint64_t had = publisher->confirmed > where->at ? publisher->confirmed : where->at;
    uint64_t after = publisher->skipped > where->held ? publisher->skipped : where->held;

    if (where->held < had)
        log_warning("redis: it lost data: its stream ends with alert %" PRIu64 " of %" PRIu64
                    ": sending again what the ledger has after %" PRIu64,
                    where->held, had, after);
    else if (where->at < where->held)
        log_warning("redis: it lost data: it had forgotten that its stream holds alert %" PRIu64,
                    where->held);
    else if (!where->whole)
        log_warning("redis: its hash of open incidents is not as it was left: making it anew");
    else
        return;
    publisher->calls.lost(publisher->calls.arg);
}

static void go_on_from(struct publisher *publisher, uint64_t number)
{
    publisher->confirmed = publisher->sent = number;
    if (number > publisher->marked)
        publisher->marked = number;
    publisher->calls.confirmed(number, publisher->calls.arg);
    lay_open(publisher);
}

/* All that it holds is ours: what it lacks of ours is sent. */
static void go_on(struct publisher *publisher)
{
    uint64_t at = publisher->where.at;

    if (at > publisher->marked)
        publisher->marked = at;
    publisher->skipped = worth_sending_after(publisher);
    tell_loss(publisher);
    go_on_from(publisher, publisher->where.held);
}

/* The highest number that subscribers of this Redis may have seen. */
static uint64_t top(const struct whereabouts *where)
{
    return where->at > where->held ? where->at : where->held;
}

/* The stream's numbers beyond what was confirmed are another ledger's: ours come after them. */
static void give_way(struct publisher *publisher)
{
    uint64_t highest = top(&publisher->where);

    log_warning("redis: its stream is at alert %" PRIu64
                ", which is not this ledger's: ours from %" PRIu64 " on get numbers after it",
                highest, publisher->marked + 1);
    publisher->calls.renumber(highest, publisher->calls.arg);
    publisher->skipped = 0;
    go_on_from(publisher, highest);
}

/* `ours`: the ledger's alert of the highest number that Redis has; another one, when it has none.
 */
static void compare(struct publisher *publisher, const struct row *ours)
{
    const struct whereabouts *where = &publisher->where;
    const char *theirs = where->at > where->held ? where->at_id : where->id;

    if (ours != NULL && ours->alert.sequence == top(where) && strcmp(ours->alert.id, theirs) == 0)
        go_on(publisher);
    else
        give_way(publisher);
}

void publisher_resume_fetched(struct publisher *publisher, bool ok, const struct row *alerts)
{
    if (!ok)
        redis_reset(publisher->redis, "cannot be compared with the ledger just now");
    else if (publisher->stage == STAGE_COMPARING)
        compare(publisher, alerts);
    else if (alerts != NULL)
        lay(publisher, alerts);
    else
        begin(publisher);
}

_Static_assert(2 + 2 * PUBLISHER_PAGE <= REDIS_ARGS_MAX, "a page fits into a command");
_Static_assert(EVENT_ID_MAX == 282, "the widths of two texts below");

static bool read_where(const char *text, struct whereabouts *out)
{
    int whole, end = -1;

    if (sscanf(text, "%" SCNu64 " %" SCNu64 " %47s %1d %281s %281s%n", &out->at, &out->held,
               out->entry, &whole, out->id, out->at_id, &end) != 6 ||
        text[end] != '\0' || out->at > SCRIPT_SEQUENCE_MAX || out->held > SCRIPT_SEQUENCE_MAX)
        return false;
    out->whole = whole == 1;
    return true;
}

static void on_where(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;
    uint64_t highest;

    if (reply->kind != REDIS_TEXT || !read_where(reply->text, &publisher->where)) {
        redis_reset(publisher->redis, or_error(reply, "does not say what it holds"));
        return;
    }
    highest = top(&publisher->where);
    if (highest <= publisher->marked) {
        go_on(publisher);
    } else if (highest > publisher->calls.newest(publisher->calls.arg)) {
        give_way(publisher);
    } else {
        publisher->stage = STAGE_COMPARING;
        publisher_ask(publisher, FETCH_ALERTS, highest - 1, 1);
    }
}

static void on_script(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;

    if (reply->kind != REDIS_TEXT || strlen(reply->text) >= sizeof publisher->sha) {
        redis_reset(publisher->redis, or_error(reply, "no digest of the function"));
        return;
    }
    snprintf(publisher->sha, sizeof publisher->sha, "%s", reply->text);
}

void publisher_resume(struct publisher *publisher)
{
    const char *load[] = { "SCRIPT", "LOAD", script_send };
    const char *where[] = {
        "EVAL",          script_where,   "3", publisher->stream, publisher->open, publisher->last,
        publisher->site, publisher->keep
    };

    publisher->stage = STAGE_ASKING;
    publisher->proven = false;
    publisher->asked.limit = 0;
    if (say(publisher, sizeof load / sizeof *load, load, on_script))
        say(publisher, sizeof where / sizeof *where, where, on_where);
}

void publisher_resume_after(struct publisher *publisher, const char *why)
{
    // Twice in a row: not for ever without a pause.
    if (!publisher->proven) {
        redis_reset(publisher->redis, why);
        return;
    }
    log_warning("redis: %s", why);
    publisher_resume(publisher);
}
