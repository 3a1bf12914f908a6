/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/rejudge.h"

#include "adapter/civil_load.h"
#include "ctl/respondent_replay.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

/* An order's text, by the digest that alerts carry. */
struct order_text {
    char digest[DIGEST_CHARS + 1];
    char *text;
};

struct rejudge {
    rejudge_difference *on_difference;
    void *arg;
    struct rejudge_counts counts;
    void *replays, *orders, *settings; // trees of tsearch(3), by the name that comes first in each
};

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b); // each of the three begins with its name
}

static void *find(void **tree, const char *name)
{
    void *const *node = tfind(name, tree, by_name);

    return node ? *node : NULL;
}

static void differ(struct rejudge *rejudge, uint64_t entry, const char *recorded, const char *now)
{
    rejudge->counts.differences++;
    rejudge->on_difference(entry, recorded, now, rejudge->arg);
}

struct rejudge *rejudge_create(rejudge_difference *on_difference, void *arg)
{
    struct rejudge *rejudge = calloc(1, sizeof *rejudge);

    if (rejudge != NULL) {
        rejudge->on_difference = on_difference;
        rejudge->arg = arg;
    }
    return rejudge;
}

static void free_order(void *arg)
{
    struct order_text *order = arg;

    free(order->text);
    free(order);
}

void rejudge_destroy(struct rejudge *rejudge)
{
    if (rejudge == NULL)
        return;
    tdestroy(rejudge->replays, respondent_replay_destroy);
    tdestroy(rejudge->orders, free_order);
    tdestroy(rejudge->settings, free);
    free(rejudge);
}

/* ---- texts ---- */

static void take_order(struct rejudge *rejudge, const struct read_entry *entry)
{
    struct order_text *order = calloc(1, sizeof *order);

    if (order == NULL || (order->text = input_read_order(entry->body, order->digest)) == NULL ||
        find(&rejudge->orders, order->digest) != NULL ||
        tsearch(order, &rejudge->orders, by_name) == NULL) {
        if (order != NULL)
            free_order(order);
    }
}

static void take_settings(struct rejudge *rejudge, const struct read_entry *entry)
{
    struct past_settings *past = calloc(1, sizeof *past);
    struct fault why;

    if (past != NULL && input_read_settings(entry->body, &past->settings, &past->engine, &why) &&
        civil_load(past->settings.timezone, &past->civil, &why)) {
        chain_hex(entry->body_digest, past->digest);
        if (find(&rejudge->settings, past->digest) == NULL &&
            tsearch(past, &rejudge->settings, by_name) != NULL)
            return;
    }
    free(past);
}

static const char *find_text(struct rejudge *rejudge, const char *digest)
{
    const struct order_text *order = find(&rejudge->orders, digest);

    return order ? order->text : NULL;
}

static bool find_texts(struct rejudge *rejudge, const struct kept_question *kept,
                       const char *texts[INPUT_ORDERS_MAX])
{
    for (size_t i = 0; i < kept->n_orders; i++) {
        texts[i] = find_text(rejudge, kept->orders[i]);
        if (texts[i] == NULL)
            return false;
    }
    return true;
}

/* ---- questions ---- */

/* NULL for what is no respondent's id, or when memory is out. */
static struct respondent_replay *find_replay(struct rejudge *rejudge, const char *id)
{
    struct respondent_replay *replay = find(&rejudge->replays, id);

    if (!name_valid(id))
        return NULL;
    if (replay == NULL && (replay = respondent_replay_create(id)) != NULL &&
        tsearch(replay, &rejudge->replays, by_name) == NULL) {
        respondent_replay_destroy(replay);
        replay = NULL;
    }
    return replay;
}

static const char no_texts[] = "the texts that it was judged by are not in the ledger";

/* What the question before made expect and nobody was told. */
static void settle(struct rejudge *rejudge, struct respondent_replay *replay)
{
    for (; replay->n_matched < replay->n_expected; replay->n_matched++)
        differ(rejudge, replay->asked, "", replay->expected[replay->n_matched]);
    respondent_replay_forget_expected(replay);
}

static void begin(struct rejudge *rejudge, struct respondent_replay *replay,
                  const struct kept_question *kept, uint64_t entry)
{
    const struct past_settings *settings = find(&rejudge->settings, kept->settings);
    const char *texts[INPUT_ORDERS_MAX];
    struct fault why;

    replay->known = false;
    replay->older = settings != NULL && settings->engine != WATCH_ENGINE;
    if (replay->older)
        return;
    if (settings == NULL || !find_texts(rejudge, kept, texts))
        differ(rejudge, entry, "", no_texts);
    else if (!respondent_replay_begin(replay, kept, settings, texts, &why))
        differ(rejudge, entry, "", why.text);
}

static void ask(struct rejudge *rejudge, struct respondent_replay *replay,
                const struct kept_question *kept, uint64_t entry)
{
    if (kept->starts)
        begin(rejudge, replay, kept, entry);
    if (!replay->known && replay->older)
        rejudge->counts.older++;
    else if (!replay->known)
        rejudge->counts.skipped++;
    else if (respondent_replay_ask(replay, &kept->question, entry))
        rejudge->counts.questions++;
    else
        differ(rejudge, entry, "", "its device is under no order");
}

static void take_question(struct rejudge *rejudge, const struct read_entry *entry)
{
    struct respondent_replay *replay = find_replay(rejudge, entry->respondent);
    struct kept_question *kept = malloc(sizeof *kept);
    struct fault why;

    if (replay != NULL)
        settle(rejudge, replay);
    if (replay == NULL || kept == NULL) {
        differ(rejudge, entry->number, "", kept ? "it is about nobody" : "out of memory");
    } else if (entry->body == NULL) {
        rejudge->counts.skipped++;
        replay->known = false;
    } else if (!input_read(entry->kind, entry->body, kept, &why)) {
        differ(rejudge, entry->number, "", why.text);
        replay->known = false;
    } else if (strcmp(kept->respondent, replay->id) != 0) {
        differ(rejudge, entry->number, "", "it was put under another respondent");
        replay->known = false;
    } else {
        ask(rejudge, replay, kept, entry->number);
    }
    free(kept);
}

static void take_withdrawal(struct rejudge *rejudge, const struct read_entry *entry)
{
    struct respondent_replay *replay = find_replay(rejudge, entry->respondent);
    struct past_settings *settings;
    struct kept_withdrawal gone;
    const char *text;
    struct fault why;

    if (replay == NULL)
        return; // of an order that was gone before breachd started: nobody knows whose it was
    settle(rejudge, replay);
    if (!input_read_withdrawn(entry->body, &gone, &why)) {
        differ(rejudge, entry->number, "", why.text);
        return;
    }
    settings = find(&rejudge->settings, gone.settings);
    text = find_text(rejudge, gone.order);
    if (settings != NULL && settings->engine != WATCH_ENGINE)
        rejudge->counts.older++;
    else if (settings == NULL || text == NULL)
        differ(rejudge, entry->number, "", no_texts);
    else if (!respondent_replay_withdraw(replay, &gone, settings, text, entry->number, &why))
        differ(rejudge, entry->number, "", why.text);
}

/* ---- alerts ---- */

static void take_alert(struct rejudge *rejudge, const struct read_entry *entry)
{
    struct respondent_replay *replay = find_replay(rejudge, entry->respondent);
    const char *now = "";

    if (entry->respondent[0] == '\0')
        return; // breachd's own blindness is of no question
    if (replay != NULL && replay->older)
        return; // counted with what was asked
    if (entry->body == NULL || (!entry->evidence && (replay == NULL || !replay->known))) {
        // Retention has taken it, or what it came of; the digest in its link is all that is left.
        if (replay != NULL && replay->n_matched < replay->n_expected)
            replay->n_matched++;
        rejudge->counts.skipped++;
        return;
    }
    rejudge->counts.alerts++;
    if (replay != NULL && replay->n_matched < replay->n_expected)
        now = replay->expected[replay->n_matched++];
    else if (replay == NULL || !replay->known)
        now = "it cannot be judged again: what it was judged by is gone";
    if (strcmp(now, entry->body) != 0)
        differ(rejudge, entry->number, entry->body, now);
}

void rejudge_entry(struct rejudge *rejudge, const struct read_entry *entry)
{
    static const struct {
        const char *kind;
        void (*take)(struct rejudge *rejudge, const struct read_entry *entry);
        bool needs_body;
    } kinds[] = {
        { "settings", take_settings, true }, { "order", take_order, true },
        { "ping", take_question, false },    { "time", take_question, false },
        { "rules", take_question, false },   { "withdrawn", take_withdrawal, true },
        { "alert", take_alert, false },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].kind, entry->kind) == 0 && (entry->body || !kinds[i].needs_body))
            kinds[i].take(rejudge, entry);
    }
}

const struct respondent_replay *rejudge_replay(const struct rejudge *rejudge, const char *id)
{
    const void *const *node = tfind(id, &rejudge->replays, by_name);

    return node ? *node : NULL;
}

static void settle_each(const void *node, VISIT visit, void *rejudge)
{
    if (visit == postorder || visit == leaf)
        settle(rejudge, *(struct respondent_replay *const *)node);
}

struct rejudge_counts rejudge_end(struct rejudge *rejudge)
{
    twalk_r(rejudge->replays, settle_each, rejudge);
    return rejudge->counts;
}
