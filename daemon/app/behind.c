/* SPDX-License-Identifier: Apache-2.0 */
#include "app/behind.h"

#include "adapter/json/revision.h"
#include "adapter/ledger/ledger_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct search {
    const struct rulebook *rules;
    bool exact;
    struct behind *out;
    bool failed; // memory
};

void behind_fini(struct behind *behind)
{
    index_fini(&behind->of);
    for (size_t i = 0; i < behind->n; i++)
        free(behind->ids[i]);
    free(behind->ids);
    *behind = (struct behind){ 0 };
}

static bool add(struct behind *behind, const char *id)
{
    if (behind->n == behind->room) {
        size_t room = behind->room != 0 ? 2 * behind->room : 8;
        char **larger = reallocarray(behind->ids, room, sizeof *larger);

        if (larger == NULL)
            return false;
        behind->ids = larger;
        behind->room = room;
    }
    behind->ids[behind->n] = strdup(id);
    return behind->ids[behind->n] != NULL && ++behind->n > 0;
}

/* `digest` of its text; NULL: it was behind before, and is by the same rules now. */
static void on_order(const char *id, const char *digest, void *arg)
{
    struct search *search = arg;
    size_t nth;
    bool there = rulebook_find_order(search->rules, id, &nth);

    if (there && search->exact && digest != NULL)
        there = strcmp(rulebook_order(search->rules, nth)->digest, digest) == 0;
    else if (search->exact && digest == NULL)
        there = false;
    if (!there && !search->failed)
        search->failed = !add(search->out, id);
}

static bool search_all(struct ledger_reader *reader, struct search *search, struct fault *why)
{
    char hex[CHAIN_HEX], *newest = ledger_rules_newest(reader, why), *list = NULL;
    bool ok = newest != NULL;

    if (ok && !revision_read_start(newest, hex, on_order, search))
        ok = fault_set(why, "the newest start or reload cannot be read");
    ok = ok && (list = ledger_rules_list(reader, hex, why)) != NULL;
    if (ok && !revision_read_list(list, on_order, search))
        ok = fault_set(why, "the list of orders in force cannot be read");
    free(newest);
    free(list);
    return ok && (!search->failed || fault_set(why, FAULT_MEMORY));
}

/* Each id once, so that it can be found. */
static bool order_ids(struct behind *behind)
{
    size_t kept = 0;

    if (!index_init(&behind->of, behind->n))
        return false;
    for (size_t i = 0; i < behind->n; i++) {
        char *id = behind->ids[i];

        behind->ids[i] = NULL;
        if (index_put(&behind->of, id, kept))
            behind->ids[kept++] = id;
        else
            free(id);
    }
    behind->n = kept;
    return true;
}

bool behind_find(const char *ledger, const struct rulebook *rules, bool exact, struct behind *out,
                 struct fault *why)
{
    struct search search = { .rules = rules, .exact = exact, .out = out };
    struct ledger_reader *reader = NULL;
    bool ok;

    *out = (struct behind){ 0 };
    if (access(ledger, F_OK) != 0)
        return true;
    ok = ledger_reader_open(ledger, &reader, why) && search_all(reader, &search, why);
    ledger_reader_close(reader);
    ok = ok && (order_ids(out) || fault_set(why, FAULT_MEMORY));
    if (!ok)
        behind_fini(out);
    return ok;
}

bool behind_inherit(const struct behind *old, const struct rulebook *rules, struct behind *out)
{
    struct search search = { .rules = rules, .out = out };

    *out = (struct behind){ 0 };
    for (size_t i = 0; i < old->n; i++)
        on_order(old->ids[i], NULL, &search);
    if (!search.failed && order_ids(out))
        return true;
    behind_fini(out);
    return false;
}

bool behind_has(const struct behind *behind, const char *subject)
{
    char id[NAME_MAX_CHARS + 1];
    size_t nth;

    if (behind->n == 0)
        return false;
    snprintf(id, sizeof id, "%.*s", (int)strcspn(subject, "/"), subject);
    return index_find(&behind->of, id, &nth);
}

const char *behind_print(const struct behind *behind, char text[BEHIND_TEXT_MAX])
{
    size_t named = behind->n < BEHIND_NAMED ? behind->n : BEHIND_NAMED;
    int length = 0;

    text[0] = '\0';
    for (size_t i = 0; i < named; i++)
        length += sprintf(text + length, "%s%s", i > 0 ? ", " : "", behind->ids[i]);
    if (named < behind->n)
        strcpy(text + length, " and others");
    return text;
}
