/* SPDX-License-Identifier: Apache-2.0 */
#include "core/revision.h"

#include "core/plural.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double moved_at_least = 0.001; // metres: less is rounding

const char *revision_metres(double metres, char text[REVISION_METRES_MAX])
{
    if (isnan(metres))
        snprintf(text, REVISION_METRES_MAX, "nobody knows how far");
    else
        snprintf(text, REVISION_METRES_MAX, "%.*f m", metres < 0.1 ? 3 : 1, metres);
    return text;
}

const char *revision_lost(const struct revision_counts *counts, char text[REVISION_LOST_MAX])
{
    int n = 0;

    text[0] = '\0';
    if (counts->zones_ended > 0)
        n = snprintf(text, REVISION_LOST_MAX, ", %zu zone%s ended", counts->zones_ended,
                     plural(counts->zones_ended));
    if (counts->unserved > 0)
        snprintf(text + n, REVISION_LOST_MAX - (size_t)n, ", %zu no longer served",
                 counts->unserved);
    return text;
}

const char *revision_settings(const struct revision_counts *counts,
                              char text[REVISION_SETTINGS_MAX])
{
    int n = snprintf(text, REVISION_SETTINGS_MAX, "%s",
                     counts->kinds > 0 ? "; kinds of devices changed" : "");

    if (counts->settings > 0)
        snprintf(text + n, REVISION_SETTINGS_MAX - (size_t)n, "; %zu setting%s changed",
                 counts->settings, plural(counts->settings));
    return text;
}

struct comparison {
    const struct rulebook *old, *fresh;
    void (*on_one)(const struct revision *one, void *arg);
    void *arg;
    struct revision_counts counts;
};

static void tell(struct comparison *comparison, const struct revision *one)
{
    struct revision_counts *counts = &comparison->counts;

    counts->added += one->kind == REVISION_ADDED;
    counts->ended += one->kind == REVISION_ENDED;
    counts->changed += one->kind == REVISION_CHANGED;
    counts->moved += one->kind == REVISION_ZONE_MOVED;
    counts->zones_ended += one->kind == REVISION_ZONE_ENDED;
    if (one->kind == REVISION_ZONE_MOVED)
        counts->farthest = fmax(counts->farthest, one->metres);
    comparison->on_one(one, comparison->arg);
}

/* Of an order that stands in both; NULL: it does not, or its text is the same. */
static const struct order *changed_from(const struct comparison *comparison,
                                        const struct order *order)
{
    const struct order *was;
    size_t nth;

    if (!rulebook_find_order(comparison->old, order->id, &nth))
        return NULL;
    was = rulebook_order(comparison->old, nth);
    return strcmp(was->digest, order->digest) == 0 ? NULL : was;
}

static void compare_zone(struct comparison *comparison, const struct exclusion *now)
{
    const struct order *was = changed_from(comparison, now->order);
    struct revision one = { REVISION_ZONE_ADDED, now->order, NULL, now->subject, 0 };
    size_t nth;

    if (was == NULL)
        return;
    one.was = was->digest;
    if (rulebook_find_exclusion(comparison->old, now->subject, &nth)) {
        const struct exclusion *before = rulebook_exclusion(comparison->old, nth);

        if (before->place == now->place)
            return; // written the same: measuring takes as long as a thousand pings
        one.kind = REVISION_ZONE_MOVED;
        one.metres = zone_moved(before->zone, now->zone);
        if (one.metres < moved_at_least)
            return;
    }
    tell(comparison, &one);
}

static void compare_orders(struct comparison *comparison)
{
    size_t n = rulebook_counts(comparison->fresh).orders, nth;

    for (size_t i = 0; i < n; i++) {
        const struct order *order = rulebook_order(comparison->fresh, i);
        const struct order *was = changed_from(comparison, order);

        if (!rulebook_find_order(comparison->old, order->id, &nth))
            tell(comparison, &(struct revision){ REVISION_ADDED, order, NULL, NULL, 0 });
        else if (was != NULL) {
            tell(comparison, &(struct revision){ REVISION_CHANGED, order, was->digest, NULL, 0 });
            comparison->counts.unserved +=
                was->served.ms < UTC_NEVER.ms && order->served.ms == UTC_NEVER.ms;
        }
    }
    n = rulebook_counts(comparison->old).orders;
    for (size_t i = 0; i < n; i++) {
        const struct order *was = rulebook_order(comparison->old, i);

        if (!rulebook_find_order(comparison->fresh, was->id, &nth))
            tell(comparison, &(struct revision){ REVISION_ENDED, was, was->digest, NULL, 0 });
    }
}

static void compare_zones(struct comparison *comparison)
{
    size_t n = rulebook_counts(comparison->fresh).exclusions, nth, order;

    for (size_t i = 0; i < n; i++)
        compare_zone(comparison, rulebook_exclusion(comparison->fresh, i));
    n = rulebook_counts(comparison->old).exclusions;
    for (size_t i = 0; i < n; i++) {
        const struct exclusion *was = rulebook_exclusion(comparison->old, i);

        if (!rulebook_find_exclusion(comparison->fresh, was->subject, &nth) &&
            rulebook_find_order(comparison->fresh, was->order->id, &order))
            tell(comparison,
                 &(struct revision){ REVISION_ZONE_ENDED, rulebook_order(comparison->fresh, order),
                                     was->order->digest, was->subject, 0 });
    }
}

void revision_compare(const struct rulebook *old, const struct rulebook *fresh,
                      void (*on_one)(const struct revision *one, void *arg), void *arg,
                      struct revision_counts *out)
{
    struct comparison comparison = { .old = old, .fresh = fresh, .on_one = on_one, .arg = arg };

    compare_orders(&comparison);
    compare_zones(&comparison);
    *out = comparison.counts;
}

/* ---- what is lost ---- */

size_t revision_zones(const struct rulebook *rules, const struct order *order)
{
    const struct respondent *who;
    size_t nth, n = 0;

    if (!rulebook_find_respondent(rules, order->respondent, &nth))
        return 0;
    who = rulebook_respondent(rules, nth);
    for (size_t i = 0; i < who->n_exclusions; i++)
        n += who->exclusions[i]->order == order;
    return n;
}

enum revision_fate revision_fate(const struct rulebook *old, const struct rulebook *fresh,
                                 const struct order *was, struct utc at)
{
    const struct order *is;
    size_t nth;

    if (!rulebook_find_order(fresh, was->id, &nth))
        return REVISION_GONE;
    is = rulebook_order(fresh, nth);
    if (revision_zones(old, was) > 0 && revision_zones(fresh, is) == 0)
        return REVISION_ZONELESS;
    return order_in_force(was, at) && (is->from.ms > at.ms || is->served.ms > at.ms)
               ? REVISION_NOT_SERVED
               : REVISION_STAYS;
}

static void lose_zones(const struct rulebook *old, const struct rulebook *fresh,
                       const struct order *was, struct revision_loss *loss)
{
    size_t nth, had = revision_zones(old, was), has;

    if (!rulebook_find_order(fresh, was->id, &nth))
        return;
    has = revision_zones(fresh, rulebook_order(fresh, nth));
    loss->zones_stood += had;
    loss->zones_gone += had > has ? had - has : 0;
}

struct revision_loss revision_loss(const struct rulebook *old, const struct rulebook *fresh,
                                   struct utc at)
{
    size_t n = rulebook_counts(old).orders;
    struct revision_loss loss = { 0 };

    for (size_t i = 0; i < n; i++) {
        const struct order *was = rulebook_order(old, i);

        if (was->until.ms <= at.ms)
            continue;
        loss.stood++;
        loss.gone += revision_fate(old, fresh, was, at) != REVISION_STAYS;
        lose_zones(old, fresh, was, &loss);
    }
    return loss;
}

static bool is_half(size_t gone, size_t stood)
{
    return gone > 0 && 2 * gone >= stood;
}

bool revision_is_landslide(struct revision_loss loss)
{
    return is_half(loss.gone, loss.stood) || is_half(loss.zones_gone, loss.zones_stood);
}
