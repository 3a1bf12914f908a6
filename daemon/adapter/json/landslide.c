/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/json/landslide.h"

#include "adapter/conf/settings.h"
#include "adapter/json/revision.h"
#include "core/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    GONE_MAX = 5, // orders that are named
    GONE_WHY_MAX = sizeof " (no longer served)" + 12,
    GONE_TEXT_MAX = GONE_MAX * (NAME_MAX_CHARS + 2 + GONE_WHY_MAX) + sizeof " and others",
    HOW_TEXT_MAX = SETTINGS_PATH_MAX + 64,
    STEP_DIGESTS = 2 * 3 // of either side: orders, where their zones lie, settings
};

/* ---- its name ---- */

static bool digest_side(const struct landslide_side *side, unsigned char out[][CHAIN_DIGEST])
{
    char *orders = revision_print_list(side->rules), *zones = revision_print_zones(side->rules);
    bool ok = orders != NULL && zones != NULL && chain_digest(orders, strlen(orders), out[0]) &&
              chain_digest(zones, strlen(zones), out[1]) &&
              chain_digest(side->settings, strlen(side->settings), out[2]);

    free(orders);
    free(zones);
    return ok;
}

/*
 * Of this step from rules to others, and of no later one that is like it: what is in force has been
 * read at another time then. False when memory is out.
 */
static bool name_step(const struct landslide *step, char out[DIGEST_CHARS + 1])
{
    struct {
        unsigned char digests[STEP_DIGESTS][CHAIN_DIGEST];
        int64_t read;
    } name = { .read = step->read.ms };
    unsigned char digest[CHAIN_DIGEST];
    char hex[CHAIN_HEX];
    bool ok = digest_side(&step->old, name.digests) &&
              digest_side(&step->fresh, name.digests + STEP_DIGESTS / 2) &&
              chain_digest(&name, sizeof name, digest);

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
    size_t n = rulebook_counts(old).orders, n_named = 0;
    int length = 0;

    out[0] = '\0';
    for (size_t i = 0; i < n && n_named <= GONE_MAX; i++) {
        const struct order *was = rulebook_order(old, i);
        enum revision_fate fate = revision_fate(old, fresh, was, now);

        if (was->until.ms <= now.ms ||
            (zones ? !is_poorer(old, fresh, was) : fate == REVISION_STAYS))
            continue;
        if (++n_named <= GONE_MAX)
            length += sprintf(out + length, "%s%s%s", n_named > 1 ? ", " : "", was->id,
                              zones ? "" : why_gone(fate));
        else
            strcpy(out + length, " and others");
    }
}

/* "2 of 4 orders that have not ended are gone (HOW): A, B"; the names last: they may be cut off. */
static void complain_of_step(const struct landslide *step, struct revision_loss loss,
                             const char *how, bool softly, struct complaints *complaints)
{
    bool zones = !revision_is_landslide((struct revision_loss){ loss.stood, loss.gone, 0, 0 });
    char gone[GONE_TEXT_MAX];

    list_gone(step->old.rules, step->fresh.rules, step->now, zones, gone);
    (softly ? complain_softly : complain)(
        complaints, step->folder, 0, "%zu of %zu %s that have not ended are gone (%s): %s",
        zones ? loss.zones_gone : loss.gone, zones ? loss.zones_stood : loss.stood,
        zones ? "zones of orders" : "orders", how, gone);
}

/* ---- whether it is taken ---- */

bool landslide_is_refused(const struct landslide *step, const char *really,
                          struct complaints *complaints, char out_digest[DIGEST_CHARS + 1])
{
    struct revision_loss loss = revision_loss(step->old.rules, step->fresh.rules, step->now);
    bool usual = strcmp(step->conf, SETTINGS_FILE) == 0;
    char how[HOW_TEXT_MAX];

    out_digest[0] = '\0';
    if (!revision_is_landslide(loss))
        return false;
    if (step->old.settings == NULL) {
        complain_of_step(step, loss, "the reload says how to ask for that", false, complaints);
        return true;
    }
    if (!name_step(step, out_digest)) {
        complain(complaints, step->folder, 0, FAULT_MEMORY);
        return true;
    }
    if (strcmp(out_digest, really) != 0) {
        snprintf(how, sizeof how, "if that is meant, `breachctl reload --really %s%s%s`",
                 out_digest, usual ? "" : " -c ", usual ? "" : step->conf);
        complain_of_step(step, loss, how, false, complaints);
        return true;
    }
    out_digest[0] = '\0';
    complain_of_step(step, loss, "as was asked for", true, complaints);
    return false;
}
