/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/says.h"

#include <jansson.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct respondent_replay {
    char *id; // first, for the tree
    struct says_evidence *links;
    size_t n, room;
};

static int by_id(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Room for one more of `size` bytes in *items; false: no memory. */
static bool grow(struct says *says, void *items, size_t n, size_t *room, size_t size)
{
    void **at = items, *larger;

    if (n < *room)
        return true;
    larger = reallocarray(*at, 2 * *room + 16, size);
    says->broken |= larger == NULL;
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

static struct respondent_replay *person_of(struct says *says, const char *id)
{
    struct respondent_replay *person = calloc(1, sizeof *person), **node;

    if (person == NULL || (person->id = strdup(id)) == NULL ||
        (node = tsearch(person, &says->persons, by_id)) == NULL) {
        if (person != NULL)
            free(person->id);
        free(person);
        says->broken = true;
        return NULL;
    }
    if (*node != person) {
        free(person->id);
        free(person);
    }
    return *node;
}

static void take_evidence(struct says *says, const struct read_entry *entry, const json_t *body)
{
    struct respondent_replay *person = person_of(says, entry->respondent);
    uint64_t from = (uint64_t)whole(body, "from");

    if (person != NULL &&
        grow(says, &person->links, person->n, &person->room, sizeof *person->links))
        person->links[person->n++] = (struct says_evidence){ from, entry->number, from };
}

static void take_ranges(struct says *says, const struct read_entry *entry, const json_t *body,
                        const char *name)
{
    const json_t *ranges = json_object_get(body, name), *range;
    size_t i;

    json_array_foreach(ranges, i, range)
    {
        struct says_taken one = {
            .from = (uint64_t)json_integer_value(json_array_get(range, 0)),
            .until = (uint64_t)json_integer_value(json_array_get(range, 1)),
            .link = entry->number,
            .before = { whole(body, "before") },
            .alerts = strcmp(name, "alerts") == 0,
            .evidence = json_is_true(json_object_get(body, "evidence")),
            .why = gone_why(entry, body),
            .forgotten =
                strcmp(entry->kind, "forgotten") == 0 || strcmp(entry->kind, "archived") == 0,
        };

        if (grow(says, &says->taken, says->n_taken, &says->room_taken, sizeof one))
            says->taken[says->n_taken++] = one;
    }
}

static void take_retention(struct says *says, const struct read_entry *entry, const json_t *body)
{
    take_ranges(says, entry, body, "entries");
    take_ranges(says, entry, body, "alerts");
    says->broken |= !gone_take(&says->gone, entry, body);
}

static void take_renumbered(struct says *says, const struct read_entry *entry, const json_t *body)
{
    struct says_renumbered one = { entry->number, whole(body, "after"), whole(body, "from") };

    if (grow(says, &says->renumbered, says->n_renumbered, &says->room_renumbered, sizeof one))
        says->renumbered[says->n_renumbered++] = one;
    // What was confirmed since the last link "published" may be noted by no other link than this.
    if (one.after < says->published)
        says->on_odd(entry->number, "renumbers alerts that Redis had confirmed", says->arg);
    says->published = one.from;
}

static void take_published(struct says *says, const struct read_entry *entry, const json_t *body)
{
    if (whole(body, "first") != says->published + 1)
        says->on_odd(entry->number, "does not go on where Redis had confirmed before", says->arg);
    says->published = whole(body, "last");
}

static void take_state(struct says *says, const struct read_entry *entry, const json_t *body)
{
    const char *sum = json_string_value(json_object_get(body, "sum"));
    const char *found = json_string_value(json_object_get(body, "found"));

    if (whole(body, "newest") != whole(body, "opened"))
        says->on_odd(entry->number, "its end had been taken away before", says->arg);
    if (sum != NULL && found != NULL && strcmp(sum, found) != 0)
        says->on_odd(entry->number,
                     "what was known of devices, incidents, custodies had been changed before",
                     says->arg);
}

static void copy(char out[CHAIN_HEX], const json_t *body, const char *name)
{
    const char *text = json_string_value(json_object_get(body, name));

    snprintf(out, CHAIN_HEX, "%s", text ? text : "");
}

static void take_closing(struct says *says, const struct read_entry *entry, const json_t *body)
{
    struct says_closing *closing = &says->closing;

    if (closing->link != 0) {
        says->on_odd(entry->number, "closes the chain a second time", says->arg);
        return;
    }
    closing->link = entry->number;
    closing->number = (uint64_t)whole(body, "number");
    copy(closing->digest, body, "digest");
    copy(closing->entries, body, "entries");
    copy(closing->alerts, body, "alerts");
    closing->sequence = whole(body, "sequence");
    closing->published = says->published = whole(body, "published");
}

/* Those by the old rule have nothing to say: what is published they told before it was closed. */
static bool take(const struct read_entry *entry, void *arg)
{
    static const struct {
        const char *kind;
        void (*take)(struct says *says, const struct read_entry *entry, const json_t *body);
    } kinds[] = {
        { "evidence", take_evidence },   { "retention", take_retention },
        { "forgotten", take_retention }, { "archived", take_retention },
        { "state", take_state },         { "renumbered", take_renumbered },
        { "published", take_published }, { "migrated", take_closing },
    };
    struct says *says = arg;
    json_t *body =
        entry->old || entry->body == NULL ? NULL : json_loadb(entry->body, entry->size, 0, NULL);

    for (size_t i = 0; body != NULL && i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].kind, entry->kind) == 0)
            kinds[i].take(says, entry, body);
    }
    json_decref(body);
    return !says->broken;
}

/* ---- so that they can be asked ---- */

static int by_from(const void *a, const void *b)
{
    const struct says_taken *one = a, *other = b;

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

bool says_read(struct ledger_reader *reader, struct says *says, struct fault *why)
{
    if (!ledger_reader_each_saying(reader, take, says, why))
        return false;
    if (says->n_taken > 0)
        qsort(says->taken, says->n_taken, sizeof *says->taken, by_from);
    twalk_r(says->persons, find_lowest, NULL);
    return !says->broken || fault_set(why, "out of memory");
}

static void free_person(void *arg)
{
    struct respondent_replay *person = arg;

    free(person->id);
    free(person->links);
    free(person);
}

void says_fini(struct says *says)
{
    tdestroy(says->persons, free_person);
    gone_fini(&says->gone);
    free(says->taken);
    free(says->renumbered);
}

uint64_t says_evidence(const struct says *says, const struct read_entry *entry)
{
    const char *id = entry->respondent;
    struct respondent_replay *const *node = tfind(&id, &says->persons, by_id);
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

const struct says_taken *says_taken(const struct says *says, uint64_t entry)
{
    size_t low = 0, high = says->n_taken;

    while (low < high) { // the first that begins behind it
        size_t middle = low + (high - low) / 2;

        if (says->taken[middle].from > entry)
            high = middle;
        else
            low = middle + 1;
    }
    if (low == 0 || says->taken[low - 1].until < entry || says->taken[low - 1].link < entry)
        return NULL;
    return &says->taken[low - 1];
}
