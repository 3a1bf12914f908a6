/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far is this Redis, and where to go on. It is asked in one step what it holds; that is
 * compared with the ledger; `open` and `todo` are staged under other names, page by page; and in
 * one step these are renamed and the number to go on from is set.
 */
#include "adapter/log.h"
#include "adapter/redis/publisher_parts.h"
#include "adapter/redis/publisher_script.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *or_error(const struct redis_reply *reply, const char *why)
{
    return reply->kind == REDIS_ERROR ? reply->text : why;
}

bool publisher_say(struct publisher *publisher, size_t argc, const char *const *argv,
                   redis_handler *handler)
{
    return redis_insist(publisher->redis, argc, argv, handler, publisher);
}

/* Of what was confirmed before, and is gone, only what the stream would keep. */
static uint64_t worth_sending_after(const struct publisher *publisher)
{
    uint64_t newest = publisher->callbacks.newest(publisher->callbacks.arg);
    uint64_t keep = (uint64_t)publisher->alerts_keep;
    uint64_t oldest = newest > keep ? newest - keep : 0;

    return oldest < publisher->marked ? oldest : publisher->marked;
}

/* ---- what is told of it ---- */

static void tell_loss(struct publisher *publisher)
{
    const struct redis_state *where = &publisher->where;
    const struct publisher_belief *belief = &publisher->belief;
    uint64_t had = publisher->confirmed > belief->had ? publisher->confirmed : belief->had;
    uint64_t after = publisher->skipped > belief->number ? publisher->skipped : belief->number;

    if (belief->number < had)
        log_warning("redis: it lost data: its stream ends with alert %" PRIu64 " of %" PRIu64
                    ": sending again what the ledger has after %" PRIu64,
                    belief->number, had, after);
    else if (where->at < belief->number && !belief->lie)
        log_warning("redis: it lost data: it had forgotten that its stream holds alert %" PRIu64,
                    belief->number);
    else if (!where->whole)
        log_warning("redis: its hash of open incidents, or of what needs somebody, is not as it "
                    "was left: making it anew");
    else
        return;
    publisher->callbacks.lost(publisher->callbacks.arg);
}

/*
 * Somebody else writes to what is breachd's alone: nothing is lost by it, and somebody must look.
 */
static void tell_lies(struct publisher *publisher)
{
    const struct redis_state *where = &publisher->where;
    const struct publisher_belief *belief = &publisher->belief;

    if (belief->lied > 0)
        log_error("redis: %s: not believed: that it holds alert %" PRIu64
                  " of this site, when the ledger and the stream show %" PRIu64
                  ": put right; who else may write there?",
                  publisher->last, belief->lied, belief->number);
    else if (belief->lie)
        log_error("redis: %s: the last number of this site is none: put right; who else may write "
                  "there?",
                  publisher->last);
    if (where->moved > 0)
        log_error("redis: %d of %s, %s, %s, %s held something else than breachd's: moved to "
                  "KEY:displaced; who else may write there?",
                  where->moved, publisher->stream, publisher->open.key, publisher->last,
                  publisher->todo.key);
    if (belief->lie || where->moved > 0)
        publisher->callbacks.disbelieved(publisher->callbacks.arg);
    if (where->denied && !publisher->xinfo_denied)
        log_warning("redis: XINFO is not allowed: what a consumer deletes from %s is taken for "
                    "lost, and sent again: give this user +xinfo|stream",
                    publisher->stream);
    publisher->xinfo_denied = where->denied;
}

/* ---- where to go on ---- */

static void go_on_from(struct publisher *publisher, uint64_t number)
{
    publisher->confirmed = publisher->sent = number;
    if (number > publisher->marked)
        publisher->marked = number;
    publisher->callbacks.confirmed(number, publisher->callbacks.arg);
    publisher_rebuild(publisher);
}

/* All that it holds is ours: what it lacks of ours is sent. */
static void go_on(struct publisher *publisher)
{
    if (publisher->belief.had > publisher->marked)
        publisher->marked = publisher->belief.had;
    publisher->skipped = worth_sending_after(publisher);
    tell_loss(publisher);
    go_on_from(publisher, publisher->belief.number);
}

/* The stream's numbers beyond what was confirmed are another ledger's: ours come after them. */
void publisher_give_way(struct publisher *publisher)
{
    uint64_t highest = publisher->belief.number;

    log_warning("redis: its stream is at alert %" PRIu64
                ", which is not this ledger's: ours from %" PRIu64 " on get numbers after it",
                highest, publisher->marked + 1);
    publisher->callbacks.renumber(highest, publisher->callbacks.arg);
    publisher->skipped = 0;
    go_on_from(publisher, highest);
}

/* The entry that is remembered is that of the number gone on from: unknown, none. */
static void keep_entry(struct publisher *publisher)
{
    const struct publisher_belief *belief = &publisher->belief;
    bool same = belief->number == publisher->confirmed && strcmp(belief->entry, "-") == 0;

    if (same || strcmp(belief->entry, publisher->entry) == 0)
        return;
    snprintf(publisher->entry, sizeof publisher->entry, "%s", belief->entry);
    snprintf(publisher->added, sizeof publisher->added, "-");
}

static void proceed(struct publisher *publisher)
{
    const struct publisher_belief *belief = &publisher->belief;

    keep_entry(publisher);
    if (belief->give_way)
        publisher_rescue(publisher);
    else
        go_on(publisher);
}

/*
 * Redis did what was sent, and its reply was lost. Of the last alert it says the entry; the others
 * stand after the entry that was known before.
 */
static void note(struct publisher *publisher, const struct row *alerts)
{
    const struct publisher_belief *belief = &publisher->belief;
    uint64_t last = 0;

    // At most PUBLISHER_PAGE.
    for (; alerts != NULL && alerts->alert.sequence <= belief->number; alerts = alerts->next) {
        const char *entry =
            alerts->alert.sequence == belief->number ? belief->entry : publisher->entry;

        last = alerts->alert.sequence;
        if (alerts->alert.incident[0] != '\0')
            publisher->callbacks.on_published(alerts->alert.incident,
                                              strcmp(entry, "-") != 0 ? entry : "0-0",
                                              publisher->callbacks.arg);
    }
    if (last == 0 || last >= belief->number)
        proceed(publisher);
    else
        publisher_ask(publisher, FETCH_ALERTS, last, PUBLISHER_PAGE);
}

static void judge(struct publisher *publisher)
{
    publisher->belief = publisher_believe(&publisher->where, &publisher->view);
    tell_lies(publisher);
    if (publisher->belief.give_way || publisher->belief.number <= publisher->marked) {
        proceed(publisher);
        return;
    }
    publisher->stage = STAGE_NOTING;
    publisher_ask(publisher, FETCH_ALERTS, publisher->marked, PUBLISHER_PAGE);
}

/* ---- what the ledger says ---- */

/* The numbers whose alerts are to be compared, one after the other; past them, it is decided. */
static void compare_from(struct publisher *publisher, size_t nth)
{
    const uint64_t numbers[] = { publisher->where.at, publisher->where.held, publisher->marked };

    for (; nth < sizeof numbers / sizeof *numbers; nth++) {
        if (numbers[nth] > 0 && numbers[nth] <= publisher->view.newest) {
            publisher->comparing = nth;
            publisher->stage = STAGE_COMPARING;
            publisher_ask(publisher, FETCH_ALERTS, numbers[nth] - 1, 1);
            return;
        }
    }
    judge(publisher);
}

static void compare(struct publisher *publisher, const struct row *ours)
{
    struct numbered *known[] = { &publisher->view.at, &publisher->view.held,
                                 &publisher->view.last };
    struct numbered *one = known[publisher->comparing];

    if (ours != NULL && ours->alert.sequence == publisher->asked.after + 1) {
        one->number = ours->alert.sequence;
        snprintf(one->id, sizeof one->id, "%s", ours->alert.id);
    }
    compare_from(publisher, publisher->comparing + 1);
}

void publisher_resume_fetched(struct publisher *publisher, bool ok, const struct row *alerts)
{
    if (!ok)
        redis_reset(publisher->redis, "cannot be compared with the ledger just now");
    else if (publisher->stage == STAGE_COMPARING)
        compare(publisher, alerts);
    else if (publisher->stage == STAGE_NOTING)
        note(publisher, alerts);
    else
        publisher_rebuild_fetched(publisher, alerts);
}

static void on_where(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;

    if (reply->kind != REDIS_TEXT || !redis_state_read(reply->text, &publisher->where)) {
        redis_reset(publisher->redis, or_error(reply, "does not say what it holds"));
        return;
    }
    publisher->view =
        (struct ledger_view){ .marked = publisher->marked,
                              .confirmed = publisher->confirmed,
                              .entry = publisher->entry,
                              .newest = publisher->callbacks.newest(publisher->callbacks.arg) };
    if (belief_needs_alerts(&publisher->where, publisher->marked))
        compare_from(publisher, 0);
    else
        judge(publisher);
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
    const char *where[] = { "EVAL",
                            script_where,
                            "4",
                            publisher->stream,
                            publisher->open.key,
                            publisher->last,
                            publisher->todo.key,
                            publisher->site,
                            publisher->keep,
                            publisher->entry,
                            publisher->added };

    publisher->stage = STAGE_ASKING;
    publisher->confirmed_since_resume = false;
    publisher->asked.limit = 0;
    if (publisher_say(publisher, sizeof load / sizeof *load, load, on_script))
        publisher_say(publisher, sizeof where / sizeof *where, where, on_where);
}

void publisher_resume_after(struct publisher *publisher, const char *why)
{
    // Twice in a row: not for ever without a pause.
    if (!publisher->confirmed_since_resume) {
        redis_reset(publisher->redis, why);
        return;
    }
    log_warning("redis: %s", why);
    publisher_resume(publisher);
}
