/* SPDX-License-Identifier: Apache-2.0 */
#include "app/journal.h"

#include "adapter/json/revision.h"
#include "core/safe_region.h"

#include <stdlib.h>
#include <string.h>

/* What a row costs beside its body: digests, indexes, and their share of pages. */
enum { ENTRY_BYTES = 400 };

/* Of a day's budget so much may be used at once; of that so much when the disk gets full. */
enum { BURST_SHARE = 16, TIGHT_SHARE = 16 };

/* Those that no commit has any more; `idle`: nor can any. */
static void drop_older(struct journal *journal, bool idle)
{
    struct journal_texts **at = &journal->texts->older;

    // One for each reload since the newest commit.
    while (*at != NULL) {
        struct journal_texts *texts = *at;

        if (!idle && texts->commit > ledger_committed(journal->ledger)) {
            at = &texts->older;
            continue;
        }
        *at = texts->older;
        texts->older = NULL;
        journal_texts_destroy(texts);
    }
}

void journal_adopt(struct journal *journal, const struct config *config,
                   struct journal_texts *texts, bool exercise)
{
    journal->config = config;
    journal->exercise = exercise;
    journal->settings_kept = false;
    texts->older = journal->texts;
    journal->texts = texts;
    drop_older(journal, false);
}

void journal_forget(struct journal *journal)
{
    journal->settings_kept = false;
    if (journal->texts->commit > ledger_committed(journal->ledger))
        journal->texts->commit = 0;
    drop_older(journal, true);
}

void journal_fini(struct journal *journal)
{
    journal_texts_destroy(journal->texts);
}

/* Puts an entry and frees its body; false when there is none, or no memory. */
static bool put(struct journal *journal, struct kept_entry entry, char *body)
{
    bool ok;

    entry.body = body;
    journal->bytes = ENTRY_BYTES + (body != NULL ? strlen(body) : 0);
    ok = body != NULL && ledger_put_entry(journal->ledger, &entry);
    free(body);
    return ok;
}

static const struct kept_entry a_text = { .respondent = "", .evidence = true, .once = true };

/* The settings in force, where the ledger may lack them. */
static bool put_settings(struct journal *journal, struct utc now)
{
    struct kept_entry entry = a_text;

    entry.kind = "settings";
    entry.at = now;
    journal->settings_kept =
        journal->settings_kept || put(journal, entry, strdup(journal->config->kept_settings));
    return journal->settings_kept;
}

static bool put_order(struct journal *journal, const struct order *order, struct utc now)
{
    struct kept_entry entry = a_text;

    entry.kind = "order";
    entry.at = now;
    return put(journal, entry, input_print_order(order));
}

/* By which texts a respondent is judged now. */
static bool put_texts(struct journal *journal, struct record *record, const struct respondent *who,
                      struct utc now)
{
    const struct order *orders[INPUT_ORDERS_MAX];
    bool ok = put_settings(journal, now);

    for (size_t i = record->texts ? 0 : input_orders(who, orders); ok && i > 0; i--)
        ok = put_order(journal, orders[i - 1], now);
    record->texts = ok;
    return ok;
}

/* ---- a start, a reload ---- */

void journal_texts_destroy(struct journal_texts *texts)
{
    while (texts != NULL) { // each is freed
        struct journal_texts *older = texts->older;

        free(texts->list);
        free(texts->body);
        free(texts->news);
        free(texts);
        texts = older;
    }
}

static bool find_news(const struct rulebook *old, const struct rulebook *fresh,
                      struct journal_texts *texts)
{
    size_t n = rulebook_counts(fresh).orders, nth;

    texts->news = calloc(n + 1, sizeof *texts->news);
    for (size_t i = 0; texts->news != NULL && i < n; i++) {
        const struct order *order = rulebook_order(fresh, i);

        texts->news[i] = !rulebook_find_order(old, order->id, &nth) ||
                         strcmp(rulebook_order(old, nth)->digest, order->digest) != 0;
    }
    return texts->news != NULL;
}

/* False when memory is out. */
static bool print_texts(const struct rulebook *old, const struct config *config,
                        struct journal_texts *texts)
{
    const struct rulebook *fresh = config->rules;
    unsigned char digest[CHAIN_DIGEST];
    char hex[CHAIN_HEX];
    struct revision_list list = { hex, config->behind.ids, config->behind.n };

    texts->kind = old != NULL ? "reload" : "started";
    texts->list = revision_print_list(fresh);
    if (texts->list == NULL || !chain_digest(texts->list, strlen(texts->list), digest))
        return false;
    chain_hex(digest, hex);
    texts->body =
        old != NULL ? revision_print(old, fresh, &list) : revision_print_start(fresh, &list);
    return texts->body != NULL;
}

struct journal_texts *journal_texts_create(const struct rulebook *old, const struct config *fresh)
{
    struct journal_texts *texts = calloc(1, sizeof *texts);

    if (texts != NULL && print_texts(old, fresh, texts) &&
        (old == NULL || find_news(old, fresh->rules, texts)))
        return texts;
    journal_texts_destroy(texts);
    return NULL;
}

/* The list once, however often it comes into force; and that it does now. */
static bool put_list(struct journal *journal, struct utc now)
{
    const struct journal_texts *texts = journal->texts;
    struct kept_entry list = a_text, entry = { .kind = texts->kind,
                                               .at = now,
                                               .respondent = "",
                                               .evidence = true,
                                               .lasts = true,
                                               .body = texts->body };

    list.kind = "texts";
    list.at = now;
    list.lasts = true;
    list.body = texts->list;
    return ledger_put_entry(journal->ledger, &list) && ledger_put_entry(journal->ledger, &entry);
}

bool journal_put_revision(struct journal *journal, struct utc now)
{
    struct journal_texts *texts = journal->texts;
    struct changes_place begin;

    drop_older(journal, false);
    if (texts->list == NULL || now.ms == 0 || texts->commit > ledger_committed(journal->ledger))
        return true;
    if (texts->commit != 0) { // on disk
        free(texts->list);
        free(texts->body);
        texts->list = texts->body = NULL;
        return true;
    }
    begin = ledger_begin(journal->ledger);
    texts->commit = ledger_gathering(journal->ledger);
    if (put_list(journal, now))
        return true;
    texts->commit = 0;
    ledger_drop(journal->ledger, &begin);
    return false;
}

bool journal_put_news(struct journal *journal, const struct respondent *who, struct utc now)
{
    const struct order *orders[INPUT_ORDERS_MAX];
    size_t n = journal->texts->news != NULL ? input_orders(who, orders) : 0, nth;
    bool ok = true;

    for (size_t i = 0; ok && i < n; i++) {
        if (rulebook_find_order(journal->config->rules, orders[i]->id, &nth) &&
            journal->texts->news[nth])
            ok = put_order(journal, orders[i], now);
    }
    return ok;
}

/*
 * After a restart or a reload nothing is recorded of the respondent: what ended in the minutes
 * before is still evidence for as long.
 */
static struct utc evidence_until(const struct respondent *who, const struct track *track,
                                 struct utc now)
{
    struct utc until = { 0 };

    track_wake(track);
    for (size_t i = 0; i < who->n_exclusions; i++) {
        struct utc ended = track->incidents[i]->ended;

        if (ended.ms <= now.ms && now.ms - JOURNAL_AROUND_MS <= ended.ms &&
            utc_plus(ended, JOURNAL_AROUND_MS).ms > until.ms)
            until = utc_plus(ended, JOURNAL_AROUND_MS);
    }
    return until;
}

void journal_before(struct journal *journal, struct record *record, struct vicinity *vicinity,
                    struct utc now)
{
    vicinity->track.before = &journal->before;
    memory_take(&journal->before, &vicinity->who, &vicinity->track);
    journal->zones = vicinity->mark;
    journal->before_it = *record;
    journal->before_settings = journal->settings_kept;
    // While nothing goes on nothing ends: what had ended was seen when that was found.
    if (record->until.ms == 0 && !safe_region_quiet(&vicinity->track))
        record->until = evidence_until(&vicinity->who, &vicinity->track, now);
    journal->starts = !record->current || record->zones != vicinity->mark ||
                      now.ms < record->started.ms ||
                      now.ms - record->started.ms >= JOURNAL_AROUND_MS;
}

void journal_undo(struct journal *journal, struct record *record, const struct respondent *who,
                  struct track *track)
{
    memory_give(&journal->before, who, track);
    *record = journal->before_it;
    journal->settings_kept = journal->before_settings;
}

static bool anything_open(const struct respondent *who, const struct track *track)
{
    track_wake(track);
    for (size_t i = 0; i < who->n_exclusions; i++) {
        if (track->incidents[i]->phase != PHASE_NONE)
            return true;
    }
    return false;
}

/* What a device says of itself makes no trail of somebody's day a piece of evidence. */
static bool tells_of_a_zone(const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->n; i++) {
        if (outcome->alerts[i].exclusion != NULL)
            return true;
    }
    return false;
}

/* From the first sign on it is evidence, and so are the minutes before. */
static bool note_evidence(struct journal *journal, struct record *record,
                          const struct respondent *who, const struct track *track,
                          const struct outcome *outcome, struct utc now)
{
    bool already = now.ms <= record->until.ms;

    if (!tells_of_a_zone(outcome) && !anything_open(who, track))
        return true;
    record->until = utc_plus(now, JOURNAL_AROUND_MS);
    return already ||
           ledger_put_evidence(journal->ledger, who->id, utc_plus(now, -JOURNAL_AROUND_MS), now);
}

static bool put_question(struct journal *journal, struct record *record,
                         const struct respondent *who, const struct track *track,
                         const struct question *question)
{
    struct kept_entry entry = { .kind = input_kind(question->cause),
                                .at = question->now,
                                .respondent = who->id,
                                .evidence = question->now.ms <= record->until.ms,
                                .start = journal->starts };
    struct input_before before = { &journal->before, journal->config->kept_digest,
                                   journal->exercise };

    if (journal->starts && !put_texts(journal, record, who, question->now))
        return false;
    memory_take_incidents(&journal->before, who, track);
    journal->kept =
        put(journal, entry, input_print(question, who, journal->starts ? &before : NULL));
    record->current = journal->kept;
    record->zones = journal->zones;
    if (journal->starts)
        record->started = question->now;
    return journal->kept;
}

/*
 * Whether the ping may be kept of which nothing is told: the device's budget has room, and the
 * disk. With whatever an alert came of it always is.
 */
static bool may_keep(const struct journal *journal, struct known_device *device, struct utc now)
{
    double day = (double)journal->config->settings.device_day;
    struct allowance_limit limit = { day / BURST_SHARE, day };

    if (ledger_room(journal->ledger) == ROOM_DIRE)
        return false;
    if (ledger_room(journal->ledger) == ROOM_TIGHT)
        limit.burst /= TIGHT_SHARE;
    if (allowance_has(&device->written, limit, ENTRY_BYTES, now))
        return true;
    device->held_back += device->held_back < UINT32_MAX;
    return false;
}

/* The entry is kept: all of its bytes are charged, be it more than the budget had. */
static void charge(const struct journal *journal, struct known_device *device, struct utc now)
{
    double day = (double)journal->config->settings.device_day;

    allowance_spend(&device->written, (struct allowance_limit){ day / BURST_SHARE, day },
                    (double)journal->bytes, now);
}

bool journal_after(struct journal *journal, struct record *record, const struct respondent *who,
                   const struct track *track, const struct question *question,
                   const struct outcome *outcome)
{
    bool changed = outcome->devices_changed != 0 || zone_set_any(&outcome->incidents_changed) ||
                   outcome->n > 0;
    bool from_ping = question->cause == CAUSE_PING; // one that comes again says that it talks
    // Nothing is decided by it, and just that may have to be answered for.
    bool implausible = from_ping && (outcome->arrival == ARRIVED_IMPLAUSIBLE ||
                                     outcome->arrival == ARRIVED_NO_FIX);
    struct known_device *budget =
        from_ping && outcome->n == 0 ? track->devices[question->device] : NULL;

    journal->kept = false;
    if (!changed && !from_ping)
        return true; // it changed nothing, so nothing was missed
    if ((!changed && !implausible && question->now.ms > record->until.ms) ||
        (budget != NULL && !may_keep(journal, budget, question->now))) {
        record->current = false;
        return true;
    }
    if (!note_evidence(journal, record, who, track, outcome, question->now) ||
        !put_question(journal, record, who, track, question))
        return false;
    if (budget != NULL)
        charge(journal, budget, question->now);
    return true;
}

bool journal_withdrawn(struct journal *journal, const struct exclusion *gone,
                       const struct incident *before, struct utc now)
{
    const struct order *order = gone->order;
    struct kept_entry entry = { .kind = "withdrawn",
                                .at = now,
                                .respondent = order->respondent ? order->respondent : "",
                                .evidence = true,
                                .start = true };

    return put_settings(journal, now) && (order->text == NULL || put_order(journal, order, now)) &&
           put(journal, entry,
               input_print_withdrawn(gone, before, journal->config->kept_digest, journal->exercise,
                                     now));
}
