/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger_turn.h"

static bool needs_commit(const struct store *store, const struct turn *turn)
{
    return turn->task == TASK_LAST_WORDS || turn->task == TASK_PROBE ||
           (turn->task == TASK_COMMIT &&
            (turn->changes.rows != NULL || turn->published > store_published(store)));
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
    turn->wrote = needs_commit(store, turn) || turn->renumber_from != 0;
    if (turn->ok && needs_commit(store, turn))
        turn->ok = store_commit(store, turn->changes.rows, turn->published, &turn->why);
    if (turn->ok && turn->fetch_limit != 0)
        turn->ok = store_fetch(store, turn->fetch_after, turn->fetch_limit, &turn->changes.arena,
                               &turn->fetched, &turn->why);
    turn->sequence = store_sequence(store);
    turn->published = store_published(store);
}
