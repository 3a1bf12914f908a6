/* SPDX-License-Identifier: Apache-2.0 */
#include "app/prepare.h"

#include "adapter/json/revision.h"
#include "adapter/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TOLD_MAX = 50, // of what changed; the ledger has the rest
    GONE_MAX = 5,
    GONE_TEXT_MAX = GONE_MAX * (NAME_MAX_CHARS + 2) + sizeof " and others"
};

static void tell_one(const struct revision *one, void *arg)
{
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
        log_info("reload: %s: moved by %.1f m", one->zone, one->metres);
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

/* ---- too many orders gone ---- */

/* Of this step from rules to others; false when memory is out. */
static bool name_step(const struct rulebook *old, const struct rulebook *fresh,
                      char out[DIGEST_CHARS + 1])
{
    unsigned char digests[2][CHAIN_DIGEST], digest[CHAIN_DIGEST];
    char *was = revision_print_list(old), *is = revision_print_list(fresh), hex[CHAIN_HEX];
    bool ok = was != NULL && is != NULL && chain_digest(was, strlen(was), digests[0]) &&
              chain_digest(is, strlen(is), digests[1]) &&
              chain_digest(digests, sizeof digests, digest);

    if (ok)
        snprintf(out, DIGEST_CHARS + 1, "%s", chain_hex(digest, hex));
    free(was);
    free(is);
    return ok;
}

/* "A, B, C and others": ids of orders that are gone. */
static void list_gone(const struct rulebook *old, const struct rulebook *fresh, struct utc now,
                      char out[GONE_TEXT_MAX])
{
    size_t n = rulebook_counts(old).orders, told = 0, nth;
    int length = 0;

    out[0] = '\0';
    for (size_t i = 0; i < n && told <= GONE_MAX; i++) {
        const struct order *was = rulebook_order(old, i);

        if (was->until.ms <= now.ms || rulebook_find_order(fresh, was->id, &nth))
            continue;
        if (++told <= GONE_MAX)
            length += sprintf(out + length, "%s%s", told > 1 ? ", " : "", was->id);
        else
            strcpy(out + length, " and others");
    }
}

/* Complains where the step is one that nobody has asked for by its name. */
static void check_step(const struct prepare_options *options, struct prepared *made)
{
    const struct rulebook *old = options->running->rules, *fresh = made->config->rules;
    struct revision_loss loss = revision_loss(old, fresh, options->now);
    const char *folder = made->config->settings.orders;
    char gone[GONE_TEXT_MAX];

    if (!revision_is_landslide(loss))
        return;
    if (!name_step(old, fresh, made->really)) {
        complain(&made->complaints, folder, 0, FAULT_MEMORY);
        return;
    }
    list_gone(old, fresh, options->now, gone);
    if (strcmp(made->really, options->really) == 0)
        complain_softly(&made->complaints, folder, 0,
                        "%zu of %zu orders that have not ended are gone, as was asked for: %s",
                        loss.gone, loss.stood, gone);
    else
        complain(&made->complaints, folder, 0,
                 "%zu of %zu orders that have not ended are gone: %s: if that is meant, "
                 "`breachctl reload --really %s`",
                 loss.gone, loss.stood, gone, made->really);
}

/* ---- all of it ---- */

/* What hangs on the rules; false when memory is out. */
static bool make_rest(const struct rulebook *old, struct prepared *prepared)
{
    const struct rulebook *fresh = prepared->config->rules;

    prepared->slots = slots_create(fresh);
    prepared->texts = journal_texts_create(old, fresh);
    return prepared->slots != NULL && prepared->texts != NULL;
}

static void refuse(struct prepared *made)
{
    config_destroy(made->config);
    made->config = NULL;
}

void prepare(const struct prepare_options *options, const atomic_bool *stop, struct prepared *out)
{
    const struct rulebook *old = options->running != NULL ? options->running->rules : NULL;
    struct prepared made = { 0 };

    made.config = config_load(options->path, options->running, stop, &made.complaints);
    if (made.config != NULL && old != NULL)
        check_step(options, &made);
    if (made.config != NULL && made.complaints.errors > 0)
        refuse(&made);
    if (made.config != NULL && !make_rest(old, &made)) {
        complain(&made.complaints, options->path, 0, FAULT_MEMORY);
        refuse(&made);
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
