/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/job.h"

#include "adapter/ledger/store_taking.h"

#include <inttypes.h>
#include <stdio.h>

enum { COMMIT_TRIES = 3 };

static bool needs_commit(const struct store *store, const struct job *job)
{
    return job->task == TASK_BY_RESERVE || job->task == TASK_PROBE ||
           (job->task == TASK_COMMIT &&
            (job->changes.rows != NULL || job->published > store_published(store)));
}

/* When Redis held which alerts is evidence too; it comes first. False when memory is out. */
static bool note_published(const struct store *store, struct job *job)
{
    struct changes *changes = &job->changes;
    struct row *others = changes->rows;
    bool ok;
    char body[96];
    struct kept_entry entry = { .kind = "published",
                                .at = job->published_at,
                                .respondent = "",
                                .evidence = true,
                                .body = body };

    snprintf(body, sizeof body, "{\"first\":%" PRIu64 ",\"last\":%" PRIu64 "}",
             store_published(store) + 1, job->published);
    changes->last_row = &changes->rows;
    ok = changes_add_entry(changes, &entry);
    *changes->last_row = others;
    return ok;
}

static bool fetch(struct store *store, struct job *job)
{
    static bool (*const how[])(struct store *, uint64_t, unsigned, struct arena *, struct row **,
                               struct fault *) = { [FETCH_ALERTS] = store_fetch,
                                                   [FETCH_OPEN] = store_fetch_open,
                                                   [FETCH_TODO] = store_fetch_todo };
    const struct fetch *asked = &job->fetch;

    return how[asked->of](store, asked->after, asked->limit, &job->changes.arena, &job->fetched,
                          &job->why);
}

/* Memory that is out for a moment is not the disk's failure: nobody goes blind for it. */
static bool commit(struct store *store, struct job *job)
{
    int tries = 0;
    bool ok, noted = job->published <= store_published(store);

    do { // COMMIT_TRIES
        noted = noted || note_published(store, job);
        ok = noted ? store_commit(store, job->changes.rows, job->published, &job->why)
                   : fault_set(&job->why, "out of memory");
    } while (!ok && ++tries < COMMIT_TRIES && (!noted || store_starved(store)));
    return ok;
}

static bool forget(struct store *store, struct job *job)
{
    struct forgotten forgotten = { .arena = &job->changes.arena };
    bool ok = store_forget(store, job->forget, &forgotten, &job->more, &job->forget_why);

    job->forgotten = forgotten.rows;
    return ok;
}

void job_run(struct store *store, struct job *job)
{
    struct fault unheard; // who asked is told that it is not to be had

    job->fetched = NULL;
    job->ok = true;
    if (job->task == TASK_BY_RESERVE)
        store_release_reserve(store);
    if (job->task == TASK_PROBE)
        job->ok = store_probe(store, &job->why);
    if (job->ok && job->renumber_from != 0)
        job->ok = store_renumber(store, job->renumber_after, job->renumber_from, &job->why);
    if (job->published < store_published(store))
        job->published = store_published(store); // renumbering moved it
    job->wrote = needs_commit(store, job) || job->renumber_from != 0 || job->changes.sync;
    if (job->ok && needs_commit(store, job))
        job->ok = commit(store, job);
    else if (job->ok && job->task == TASK_COMMIT && job->changes.sync)
        job->ok = store_sync(store, &job->why);
    if (job->ok && job->fetch.limit != 0)
        job->ok = fetch(store, job);
    if (job->listing != NULL && job->ok)
        job->is_listed =
            store_list(store, job->listing, &job->changes.arena, &job->listed, &unheard);
    if (job->forget != NULL && job->ok)
        job->forgot = forget(store, job);
    if (job->let_go != NULL)
        job->forgot = job->ok && store_let_go(store, job->let_go, &job->more, &job->forget_why);
    if (job->forgot)
        store_removed(store, job->removed);
    job->room = store_room(store, job->spare);
    if (job->wrote && job->ok && job->room == ROOM_AMPLE)
        store_mend_reserve(store);
    job->size = store_size(store);
    job->sequence = store_sequence(store);
    job->published = store_published(store);
    job->head = store_head(store);
    job->first = store_first(store);
    job->anchored = store_anchored(store);
}
