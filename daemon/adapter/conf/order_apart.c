/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/conf/order_apart.h"

#include <stdio.h>
#include <stdlib.h>

struct sections {
    struct order_draft **of; // by number
    size_t n;
    struct index ids;
    struct arena names, *arena;
    struct complaints *complaints;
};

static bool rename_again(struct sections *sections, struct order_draft *draft, const char *id,
                         const struct order_draft *other)
{
    char **name = draft->kind == ORDER_DRAFT_ORDER ? &draft->order : &draft->name;
    char fresh[NAME_MAX_CHARS + 32];

    if (strcmp(other->file, draft->file) == 0)
        complain(sections->complaints, draft->file, draft->line,
                 "%s: there is another one of that id, in line %d", id, other->line);
    else
        complain_clash(sections->complaints, draft->file, draft->line,
                       "%s: there is another one of that id, at %s:%d", id, other->file,
                       other->line);
    draft->refused = true;
    snprintf(fresh, sizeof fresh, "%s#%zu", *name, sections->n);
    *name = arena_text(sections->arena, fresh);
    return *name != NULL;
}

static bool tell_apart(struct sections *sections, struct order_draft *draft)
{
    char id[2 * NAME_MAX_CHARS + 16], *kept;
    size_t other;

    snprintf(id, sizeof id, "%s %s%s%s", order_draft_kind_name(draft->kind), draft->order,
             draft->name ? "/" : "", draft->name ? draft->name : "");
    kept = arena_text(&sections->names, id);
    sections->of[sections->n] = draft;
    if (kept == NULL)
        return false;
    if (index_put(&sections->ids, kept, sections->n++))
        return true;
    return index_find(&sections->ids, kept, &other) &&
           rename_again(sections, draft, id, sections->of[other]);
}

bool order_apart(struct order_draft *first, size_t n, struct arena *arena,
                 struct complaints *complaints)
{
    struct sections sections = { .of = calloc(n + 1, sizeof(struct order_draft *)),
                                 .arena = arena,
                                 .complaints = complaints };
    bool ok = sections.of != NULL && index_init(&sections.ids, n);

    // A section of the folder each turn.
    for (struct order_draft *draft = first; ok && draft != NULL; draft = draft->next)
        ok = tell_apart(&sections, draft);
    index_fini(&sections.ids);
    arena_fini(&sections.names);
    free(sections.of);
    return ok;
}
