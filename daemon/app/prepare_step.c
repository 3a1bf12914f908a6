/* SPDX-License-Identifier: Apache-2.0 */
/* prepare_step.c - a step to rules in which too many orders are gone, and how it is asked for. */
#include "app/prepare_parts.h"

#include "adapter/json/revision.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GONE_MAX = 5, GONE_TEXT_MAX = GONE_MAX * (NAME_MAX_CHARS + 2) + sizeof " and others" };

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

bool prepare_refuses_step(const struct prepare_options *options, const struct rulebook *old,
                          struct prepared *made)
{
    const struct rulebook *fresh = made->config->rules;
    struct revision_loss loss = revision_loss(old, fresh, options->now);
    const char *folder = made->config->settings.orders;
    char gone[GONE_TEXT_MAX];

    if (!revision_is_landslide(loss))
        return false;
    if (!name_step(old, fresh, made->really)) {
        complain(&made->complaints, folder, 0, FAULT_MEMORY);
        return true;
    }
    list_gone(old, fresh, options->now, gone);
    if (strcmp(made->really, options->really) != 0) {
        complain(&made->complaints, folder, 0,
                 "%zu of %zu orders that have not ended are gone: %s: if that is meant, "
                 "`breachctl reload --really %s`",
                 loss.gone, loss.stood, gone, made->really);
        return true;
    }
    made->really[0] = '\0';
    complain_softly(&made->complaints, folder, 0,
                    "%zu of %zu orders that have not ended are gone, as was asked for: %s",
                    loss.gone, loss.stood, gone);
    return false;
}
