/* SPDX-License-Identifier: Apache-2.0 */
/* prepare_step.c - a step to rules in which too much is gone, and how it is asked for. */
#include "app/prepare_parts.h"

#include "adapter/json/revision.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    GONE_MAX = 5, // orders that are named
    GONE_WHY_MAX = sizeof " (no longer served)" + 12,
    GONE_TEXT_MAX = GONE_MAX * (NAME_MAX_CHARS + 2 + GONE_WHY_MAX) + sizeof " and others",
    STEP_TEXT_MAX = GONE_TEXT_MAX + 256,
    STEP_DIGESTS = 2 * 3 // of either side: orders, where their zones lie, settings
};

/* ---- its name ---- */

static bool digest_side(const struct config *config, unsigned char out[][CHAIN_DIGEST])
{
    char *orders = revision_print_list(config->rules), *zones = revision_print_zones(config->rules);
    bool ok = orders != NULL && zones != NULL && chain_digest(orders, strlen(orders), out[0]) &&
              chain_digest(zones, strlen(zones), out[1]) &&
              chain_digest(config->kept_digest, strlen(config->kept_digest), out[2]);

    free(orders);
    free(zones);
    return ok;
}

/*
 * Of this step from rules to others, and of no later one that is like it: what is in force has been
 * read at another time then. False when memory is out.
 */
static bool name_step(const struct config *old, const struct config *fresh,
                      char out[DIGEST_CHARS + 1])
{
    struct {
        unsigned char digests[STEP_DIGESTS][CHAIN_DIGEST];
        int64_t read;
    } step = { .read = old->read.ms };
    unsigned char digest[CHAIN_DIGEST];
    char hex[CHAIN_HEX];
    bool ok = digest_side(old, step.digests) &&
              digest_side(fresh, step.digests + STEP_DIGESTS / 2) &&
              chain_digest(&step, sizeof step, digest);

    if (ok)
        snprintf(out, DIGEST_CHARS + 1, "%s", chain_hex(digest, hex));
    return ok;
}

/* ---- its words ---- */

static const char *why_gone(enum revision_fate fate)
{
    return fate == REVISION_ZONELESS     ? " (no zone is left)"
           : fate == REVISION_NOT_SERVED ? " (no longer served)"
                                         : "";
}

/* Whether it has less zones than it had. */
static bool is_poorer(const struct rulebook *old, const struct rulebook *fresh,
                      const struct order *was)
{
    size_t nth;

    return rulebook_find_order(fresh, was->id, &nth) &&
           revision_zones(fresh, rulebook_order(fresh, nth)) < revision_zones(old, was);
}

/* "A, B (no longer served), C and others"; of zones that are gone the orders. */
static void list_gone(const struct rulebook *old, const struct rulebook *fresh, struct utc now,
                      bool zones, char out[GONE_TEXT_MAX])
{
    size_t n = rulebook_counts(old).orders, told = 0;
    int length = 0;

    out[0] = '\0';
    for (size_t i = 0; i < n && told <= GONE_MAX; i++) {
        const struct order *was = rulebook_order(old, i);
        enum revision_fate fate = revision_fate(old, fresh, was, now);

        if (was->until.ms <= now.ms ||
            (zones ? !is_poorer(old, fresh, was) : fate == REVISION_STAYS))
            continue;
        if (++told <= GONE_MAX)
            length += sprintf(out + length, "%s%s%s", told > 1 ? ", " : "", was->id,
                              zones ? "" : why_gone(fate));
        else
            strcpy(out + length, " and others");
    }
}

/* "2 of 4 orders that have not ended are gone" */
static void print_step(const struct rulebook *old, const struct rulebook *fresh, struct utc now,
                       struct revision_loss loss, char out[STEP_TEXT_MAX], const char *how)
{
    bool zones = !revision_is_landslide((struct revision_loss){ loss.stood, loss.gone, 0, 0 });
    char gone[GONE_TEXT_MAX];

    list_gone(old, fresh, now, zones, gone);
    snprintf(out, STEP_TEXT_MAX, "%zu of %zu %s that have not ended are gone%s: %s",
             zones ? loss.zones_gone : loss.gone, zones ? loss.zones_stood : loss.stood,
             zones ? "zones of orders" : "orders", how, gone);
}

/* ---- whether it is taken ---- */

bool prepare_refuses_step(const struct prepare_options *options, const struct config *old,
                          struct prepared *made)
{
    const struct rulebook *fresh = made->config->rules;
    struct revision_loss loss = revision_loss(old->rules, fresh, options->now);
    const char *folder = made->config->settings.orders;
    char step[STEP_TEXT_MAX];

    if (!revision_is_landslide(loss))
        return false;
    if (!name_step(old, made->config, made->really)) {
        complain(&made->complaints, folder, 0, FAULT_MEMORY);
        return true;
    }
    if (strcmp(made->really, options->really) != 0) {
        print_step(old->rules, fresh, options->now, loss, step, "");
        complain(&made->complaints, folder, 0,
                 "%s: if that is meant, `breachctl reload --really %s`", step, made->really);
        return true;
    }
    made->really[0] = '\0';
    print_step(old->rules, fresh, options->now, loss, step, ", as was asked for");
    complain_softly(&made->complaints, folder, 0, "%s", step);
    return false;
}
