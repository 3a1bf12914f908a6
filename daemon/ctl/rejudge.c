/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/rejudge.h"

#include "adapter/civil_load.h"
#include "ctl/person.h"

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
    void *persons, *orders, *settings; // trees of tsearch(3), by the name that comes first in each
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

static void differ(struct rejudge *rejudge, uint64_t entry, const char *told, const char *now)
{
    rejudge->counts.differences++;
    rejudge->on_difference(entry, told, now, rejudge->arg);
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
    tdestroy(rejudge->persons, person_destroy);
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

    if (past != NULL && input_read_settings(entry->body, &past->settings, &why) &&
        civil_load(past->settings.timezone, &past->civil, &why)) {
        chain_hex(entry->body_digest, past->digest);
        if (find(&rejudge->settings, past->digest) == NULL &&
            tsearch(past, &rejudge->settings, by_name) != NULL)
            return;
    }
    free(past);
}

static bool find_texts(struct rejudge *rejudge, const struct kept_question *kept,
                       const char *texts[INPUT_ORDERS_MAX])
{
    for (size_t i = 0; i < kept->n_orders; i++) {
        const struct order_text *order = find(&rejudge->orders, kept->orders[i]);

        if (order == NULL)
            return false;
        texts[i] = order->text;
    }
    return true;
}

/* ---- questions ---- */

static struct person *find_person(struct rejudge *rejudge, const char *id)
{
    struct person *person = find(&rejudge->persons, id);

    if (person == NULL && (person = person_create(id)) != NULL &&
        tsearch(person, &rejudge->persons, by_name) == NULL) {
        person_destroy(person);
        person = NULL;
    }
    return person;
}

/* What the question before made expect and nobody was told. */
static void settle(struct rejudge *rejudge, struct person *person)
{
    for (; person->n_told < person->n_expected; person->n_told++)
        differ(rejudge, person->asked, "", person->expected[person->n_told]);
    person_forget_expected(person);
}

static void begin(struct rejudge *rejudge, struct person *person, const struct kept_question *kept,
                  uint64_t entry)
{
    const struct past_settings *settings = find(&rejudge->settings, kept->settings);
    const char *texts[INPUT_ORDERS_MAX];
    struct fault why;

    if (settings == NULL || !find_texts(rejudge, kept, texts))
        differ(rejudge, entry, "", "the texts that it was judged by are not in the ledger");
    else if (!person_begin(person, kept, settings, texts, &why))
        differ(rejudge, entry, "", why.text);
}

static void take_question(struct rejudge *rejudge, const struct read_entry *entry)
{
    struct person *person = find_person(rejudge, entry->respondent);
    struct kept_question *kept = malloc(sizeof *kept);
    struct fault why;

    if (person == NULL || kept == NULL)
        goto out;
    settle(rejudge, person);
    if (entry->body == NULL || !input_read(entry->kind, entry->body, kept, &why)) {
        rejudge->counts.skipped++;
        person->known = false;
        goto out;
    }
    if (kept->starts)
        begin(rejudge, person, kept, entry->number);
    if (!person->known)
        rejudge->counts.skipped++;
    else if (person_ask(person, &kept->question, entry->number))
        rejudge->counts.questions++;
    else
        differ(rejudge, entry->number, "", "its device is under no order");
out:
    free(kept);
}

/* ---- alerts ---- */

static void take_alert(struct rejudge *rejudge, const struct read_entry *entry)
{
    struct person *person = find(&rejudge->persons, entry->respondent);
    const char *now;

    // breachd's own blindness is of no question; what cannot be asked cannot be compared.
    if (entry->respondent[0] == '\0' || person == NULL || !person->known || entry->body == NULL)
        return;
    rejudge->counts.alerts++;
    now = person->n_told < person->n_expected ? person->expected[person->n_told++] : "";
    if (strcmp(now, entry->body) != 0)
        differ(rejudge, entry->number, entry->body, now);
}

static void take_withdrawal(struct rejudge *rejudge, const struct read_entry *entry)
{
    struct person *person = find(&rejudge->persons, entry->respondent);
    struct kept_withdrawal gone;
    struct outcome outcome = { 0 };
    struct fault why;
    size_t nth;

    if (person == NULL || !input_read_withdrawn(entry->body, &gone, &why))
        return;
    settle(rejudge, person);
    if (!person->known || !rulebook_find_exclusion(person->rules, gone.subject, &nth)) {
        person->known = false;
        return;
    }
    watch_withdraw(rulebook_exclusion(person->rules, nth), &gone.incident, gone.now, &outcome);
    person_expect(person, &outcome, entry->number);
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
        { "alert", take_alert, true },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].kind, entry->kind) == 0 && (entry->body || !kinds[i].needs_body))
            kinds[i].take(rejudge, entry);
    }
}

const struct person *rejudge_person(const struct rejudge *rejudge, const char *id)
{
    const void *const *node = tfind(id, &rejudge->persons, by_name);

    return node ? *node : NULL;
}

static void settle_each(const void *node, VISIT visit, void *rejudge)
{
    if (visit == postorder || visit == leaf)
        settle(rejudge, *(struct person *const *)node);
}

struct rejudge_counts rejudge_end(struct rejudge *rejudge)
{
    twalk_r(rejudge->persons, settle_each, rejudge);
    return rejudge->counts;
}
