/* SPDX-License-Identifier: Apache-2.0 */
#include "app/prepare.h"

#include "adapter/log.h"

enum { TOLD_MAX = 50 }; // of what changed; the ledger has the rest

static void tell_one(const struct revision *one, void *arg)
{
    char metres[REVISION_METRES_MAX];
    int *told = arg;

    if (++*told > TOLD_MAX)
        return;
    switch (one->kind) {
    case REVISION_ADDED:
        log_info("reload: %s: added, text %s", one->order->id, one->order->digest);
        break;
    case REVISION_ENDED:
        log_info("reload: %s: ended, text %s", one->order->id, one->was);
        break;
    case REVISION_CHANGED:
        log_info("reload: %s: text %s, was %s", one->order->id, one->order->digest, one->was);
        break;
    case REVISION_ZONE_ADDED:
        log_info("reload: %s: added", one->zone);
        break;
    case REVISION_ZONE_ENDED:
        log_info("reload: %s: ended", one->zone);
        break;
    case REVISION_ZONE_MOVED:
        log_info("reload: %s: moved by %s", one->zone, revision_metres(one->metres, metres));
    }
}

/* What the operator is about to do, before it is done: ids, digests and metres, no places. */
static void tell_revision(const struct rulebook *old, const struct rulebook *fresh,
                          struct revision_counts *out)
{
    int told = 0;

    revision_compare(old, fresh, tell_one, &told, out);
    if (told > TOLD_MAX)
        log_info("reload: and %d more", told - TOLD_MAX);
}

/* What hangs on the rules; false when memory is out. */
static bool make_rest(const struct rulebook *old, struct prepared *prepared)
{
    const struct rulebook *fresh = prepared->config->rules;

    prepared->slots = slots_create(fresh);
    prepared->texts = journal_texts_create(old, fresh);
    return prepared->slots != NULL && prepared->texts != NULL;
}

void prepare(const char *path, const struct config *running, const atomic_bool *stop,
             struct prepared *out)
{
    const struct rulebook *old = running != NULL ? running->rules : NULL;
    struct prepared made = { 0 };

    made.config = config_load(path, running, stop, &made.complaints);
    if (made.config != NULL && !make_rest(old, &made)) {
        complain(&made.complaints, path, 0, "out of memory");
        config_destroy(made.config);
        made.config = NULL;
    }
    if (stop == NULL || !atomic_load(stop)) // else nobody asks any more
        complaints_log(&made.complaints);
    if (made.config != NULL && old != NULL)
        tell_revision(old, made.config->rules, &made.revised);
    *out = made;
}

void prepared_fini(struct prepared *prepared)
{
    config_destroy(prepared->config);
    complaints_fini(&prepared->complaints);
    journal_texts_destroy(prepared->texts);
    slots_destroy(prepared->slots);
    *prepared = (struct prepared){ 0 };
}
