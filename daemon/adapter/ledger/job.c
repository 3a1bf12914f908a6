/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/job.h"

#include <inttypes.h>
#include <stdio.h>

enum { COMMIT_TRIES = 3 };

static bool needs_commit(const struct store *store, const struct turn *turn)
{
    return turn->task == TASK_LAST_WORDS || turn->task == TASK_PROBE ||
           (turn->task == TASK_COMMIT &&
            (turn->changes.rows != NULL || turn->published > store_published(store)));
}

/* When Redis held which alerts is evidence too; it comes first. False when memory is out. */
static bool note_published(const struct store *store, struct turn *turn)
{
    struct changes *changes = &turn->changes;
    struct row *others = changes->rows;
    bool ok;
    char body[96];
    struct kept_entry entry = { .kind = "published",
                                .at = turn->published_at,
                                .respondent = "",
                                .evidence = true,
                                .body = body };

    snprintf(body, sizeof body, "{\"first\":%" PRIu64 ",\"last\":%" PRIu64 "}",
             store_published(store) + 1, turn->published);
    changes->last_row = &changes->rows;
    ok = changes_add_entry(changes, &entry);
    *changes->last_row = others;
    return ok;
}

static bool fetch(struct store *store, struct turn *turn)
{
    static bool (*const how[])(struct store *, uint64_t, unsigned, struct arena *, struct row **,
                               struct fault *) = { [FETCH_ALERTS] = store_fetch,
                                                   [FETCH_OPEN] = store_fetch_open,
                                                   [FETCH_TODO] = store_fetch_todo };
    const struct fetch *asked = &turn->fetch;

    return how[asked->of](store, asked->after, asked->limit, &turn->changes.arena, &turn->fetched,
                          &turn->why);
}

/* Memory that is out for a moment is not the disk's failure: nobody goes blind for it. */
static bool commit(struct store *store, struct turn *turn)
{
    int tries = 0;
    bool ok, noted = turn->published <= store_published(store);

    do {
        noted = noted || note_published(store, turn);
        ok = noted ? store_commit(store, turn->changes.rows, turn->published, &turn->why)
                   : fault_set(&turn->why, "out of memory");
    } while (!ok && ++tries < COMMIT_TRIES && (!noted || store_starved(store)));
    return ok;
}

void turn_run(struct store *store, struct turn *turn)
{
    turn->fetched = NULL;
    turn->ok = true;
    if (turn->task == TASK_LAST_WORDS)
        store_release_reserve(store);
    if (turn->task == TASK_PROBE)
        turn->ok = store_probe(store, &turn->why);
    if (turn->ok && turn->renumber_from != 0)
        turn->ok = store_renumber(store, turn->renumber_after, turn->renumber_from, &turn->why);
    if (turn->published < store_published(store))
        turn->published = store_published(store); // renumbering moved it
    turn->wrote = needs_commit(store, turn) || turn->renumber_from != 0 || turn->changes.sync;
    if (turn->ok && needs_commit(store, turn))
        turn->ok = commit(store, turn);
    else if (turn->ok && turn->task == TASK_COMMIT && turn->changes.sync)
        turn->ok = store_sync(store, &turn->why);
    if (turn->ok && turn->fetch.limit != 0)
        turn->ok = fetch(store, turn);
    turn->room = store_room(store, turn->spare);
    turn->sequence = store_sequence(store);
    turn->published = store_published(store);
    turn->head = store_head(store);
    turn->anchored = store_anchored(store);
}
