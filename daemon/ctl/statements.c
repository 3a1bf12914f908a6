/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/statements.h"

#include <jansson.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct respondent_replay {
    char *id; // first, for the tree
    struct statement_evidence *links;
    size_t n, room;
};

static int by_id(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Room for one more of `size` bytes in *items; false: no memory. */
static bool grow(struct statements *statements, void *items, size_t n, size_t *room, size_t size)
{
    void **at = items, *larger;

    if (n < *room)
        return true;
    larger = reallocarray(*at, 2 * *room + 16, size);
    statements->broken |= larger == NULL;
    if (larger == NULL)
        return false;
    *at = larger;
    *room = 2 * *room + 16;
    return true;
}

static int64_t whole(const json_t *json, const char *name)
{
    return json_integer_value(json_object_get(json, name));
}

/* ---- taking them ---- */

static struct respondent_replay *person_of(struct statements *statements, const char *id)
{
    struct respondent_replay *person = calloc(1, sizeof *person), **node;

    if (person == NULL || (person->id = strdup(id)) == NULL ||
        (node = tsearch(person, &statements->persons, by_id)) == NULL) {
        if (person != NULL)
            free(person->id);
        free(person);
        statements->broken = true;
        return NULL;
    }
    if (*node != person) {
        free(person->id);
        free(person);
    }
    return *node;
}

static void take_evidence(struct statements *statements, const struct read_entry *entry,
                          const json_t *body)
{
    struct respondent_replay *person = person_of(statements, entry->respondent);
    uint64_t from = (uint64_t)whole(body, "from");

    if (person != NULL &&
        grow(statements, &person->links, person->n, &person->room, sizeof *person->links))
        person->links[person->n++] = (struct statement_evidence){ from, entry->number, from };
}

static void take_ranges(struct statements *statements, const struct read_entry *entry,
                        const json_t *body, const char *name)
{
    const json_t *ranges = json_object_get(body, name), *range;
    size_t i;

    json_array_foreach(ranges, i, range)
    {
        struct statement_taken one = {
            .from = (uint64_t)json_integer_value(json_array_get(range, 0)),
            .until = (uint64_t)json_integer_value(json_array_get(range, 1)),
            .link = entry->number,
            .before = { whole(body, "before") },
            .alerts = strcmp(name, "alerts") == 0,
            .evidence = json_is_true(json_object_get(body, "evidence")),
            .why = removal_cause(entry, body),
            .forgotten =
                strcmp(entry->kind, "forgotten") == 0 || strcmp(entry->kind, "archived") == 0,
        };

        if (grow(statements, &statements->taken, statements->n_taken, &statements->room_taken,
                 sizeof one))
            statements->taken[statements->n_taken++] = one;
    }
}

static void take_retention(struct statements *statements, const struct read_entry *entry,
                           const json_t *body)
{
    take_ranges(statements, entry, body, "entries");
    take_ranges(statements, entry, body, "alerts");
    statements->broken |= !removals_take(&statements->gone, entry, body);
}

static void take_renumbered(struct statements *statements, const struct read_entry *entry,
                            const json_t *body)
{
    struct statement_renumbered one = { entry->number, whole(body, "after"), whole(body, "from") };

    if (grow(statements, &statements->renumbered, statements->n_renumbered,
             &statements->room_renumbered, sizeof one))
        statements->renumbered[statements->n_renumbered++] = one;
    // What was confirmed since the last link "published" may be noted by no other link than this.
    if (one.after < statements->published)
        statements->on_odd(entry->number, "renumbers alerts that Redis had confirmed",
                           statements->arg);
    statements->published = one.from;
}

static void take_published(struct statements *statements, const struct read_entry *entry,
                           const json_t *body)
{
    if (whole(body, "first") != statements->published + 1)
        statements->on_odd(entry->number, "does not go on where Redis had confirmed before",
                           statements->arg);
    statements->published = whole(body, "last");
}

static void take_state(struct statements *statements, const struct read_entry *entry,
                       const json_t *body)
{
    const char *sum = json_string_value(json_object_get(body, "sum"));
    const char *found = json_string_value(json_object_get(body, "found"));

    if (whole(body, "newest") != whole(body, "opened"))
        statements->on_odd(entry->number, "its end had been taken away before", statements->arg);
    if (sum != NULL && found != NULL && strcmp(sum, found) != 0)
        statements->on_odd(
            entry->number,
            "what was known of devices, incidents, custodies had been changed before",
            statements->arg);
}

static void copy(char out[CHAIN_HEX], const json_t *body, const char *name)
{
    const char *text = json_string_value(json_object_get(body, name));

    snprintf(out, CHAIN_HEX, "%s", text ? text : "");
}

static void take_closing(struct statements *statements, const struct read_entry *entry,
                         const json_t *body)
{
    struct statement_closing *closing = &statements->closing;

    if (closing->link != 0) {
        statements->on_odd(entry->number, "closes the chain a second time", statements->arg);
        return;
    }
    closing->link = entry->number;
    closing->number = (uint64_t)whole(body, "number");
    copy(closing->digest, body, "digest");
    copy(closing->entries, body, "entries");
    copy(closing->alerts, body, "alerts");
    closing->sequence = whole(body, "sequence");
    closing->published = statements->published = whole(body, "published");
}

/* Those by the old rule have nothing to say: what is published they told before it was closed. */
static bool take(const struct read_entry *entry, void *arg)
{
    static const struct {
        const char *kind;
        void (*take)(struct statements *statements, const struct read_entry *entry,
                     const json_t *body);
    } kinds[] = {
        { "evidence", take_evidence },   { "retention", take_retention },
        { "forgotten", take_retention }, { "archived", take_retention },
        { "state", take_state },         { "renumbered", take_renumbered },
        { "published", take_published }, { "migrated", take_closing },
    };
    struct statements *statements = arg;
    json_t *body =
        entry->old || entry->body == NULL ? NULL : json_loadb(entry->body, entry->size, 0, NULL);

    for (size_t i = 0; body != NULL && i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].kind, entry->kind) == 0)
            kinds[i].take(statements, entry, body);
    }
    json_decref(body);
    return !statements->broken;
}

/* ---- so that they can be asked ---- */

static int by_from(const void *a, const void *b)
{
    const struct statement_taken *one = a, *other = b;

    return one->from < other->from ? -1 : one->from > other->from;
}

static void find_lowest(const void *node, VISIT visit, void *arg)
{
    const struct respondent_replay *person = *(struct respondent_replay *const *)node;

    (void)arg;
    if (visit != postorder && visit != leaf)
        return;
    for (size_t i = person->n; i > 1; i--) {
        if (person->links[i - 1].lowest < person->links[i - 2].lowest)
            person->links[i - 2].lowest = person->links[i - 1].lowest;
    }
}

bool statements_read(struct ledger_reader *reader, struct statements *statements, struct fault *why)
{
    if (!ledger_reader_each_saying(reader, take, statements, why))
        return false;
    if (statements->n_taken > 0)
        qsort(statements->taken, statements->n_taken, sizeof *statements->taken, by_from);
    twalk_r(statements->persons, find_lowest, NULL);
    return !statements->broken || fault_set(why, "out of memory");
}

static void free_person(void *arg)
{
    struct respondent_replay *person = arg;

    free(person->id);
    free(person->links);
    free(person);
}

void statements_fini(struct statements *statements)
{
    tdestroy(statements->persons, free_person);
    removals_fini(&statements->gone);
    free(statements->taken);
    free(statements->renumbered);
}

uint64_t statement_evidence(const struct statements *statements, const struct read_entry *entry)
{
    const char *id = entry->respondent;
    struct respondent_replay *const *node = tfind(&id, &statements->persons, by_id);
    size_t low = 0, high = node != NULL ? (*node)->n : 0;

    while (low < high) { // the first link after the entry
        size_t middle = low + (high - low) / 2;

        if ((*node)->links[middle].link > entry->number)
            high = middle;
        else
            low = middle + 1;
    }
    for (; node != NULL && low < (*node)->n && (*node)->links[low].lowest <= entry->number; low++) {
        if ((*node)->links[low].from <= entry->number)
            return (*node)->links[low].link;
    }
    return 0;
}

const struct statement_taken *statement_taken(const struct statements *statements, uint64_t entry)
{
    size_t low = 0, high = statements->n_taken;

    while (low < high) { // the first that begins behind it
        size_t middle = low + (high - low) / 2;

        if (statements->taken[middle].from > entry)
            high = middle;
        else
            low = middle + 1;
    }
    if (low == 0 || statements->taken[low - 1].until < entry ||
        statements->taken[low - 1].link < entry)
        return NULL;
    return &statements->taken[low - 1];
}
