/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/inside.h"

#include <math.h>

struct inside_query {
    const struct rulebook *old, *fresh;
    const struct offline_config *config;
    struct utc now;
    void (*on_one)(const struct inside *one, void *arg);
    void *arg;
};

/* Metres inside a zone that binds now; below 0: not inside, or it does not bind. */
static double depth_in(const struct exclusion *zone, const struct civil *civil, struct lonlat at,
                       struct utc now)
{
    double out;

    if (zone == NULL || exclusion_standing(zone, civil, now) != IN_FORCE)
        return -1;
    out = zone_distance(zone->zone, at, INFINITY);
    return out <= 0 ? -out : -1; // the edge is inside; no answer is not
}

/* The zone of that name in the other rules, if it is the same respondent's there. */
static const struct exclusion *counterpart(const struct rulebook *other,
                                           const struct exclusion *zone)
{
    size_t nth;

    return rulebook_find_exclusion(other, zone->subject, &nth) ? rulebook_exclusion(other, nth)
                                                               : NULL;
}

static void count_inside(const struct inside_query *query, const char *device,
                         const struct known_device *known, const struct exclusion *old,
                         const struct exclusion *fresh)
{
    const struct civil *civil = &query->config->civil;
    double before = depth_in(old, civil, known->newest.at, query->now);
    double then = depth_in(fresh, civil, known->newest.at, query->now);
    struct inside one = { .zone = fresh != NULL ? fresh : old,
                          .device = device,
                          .depth = then >= 0 ? then : before,
                          .age_ms = query->now.ms - known->newest.time.ms,
                          .before = before >= 0,
                          .then = then >= 0 };

    if (!one.before && !one.then)
        return;
    one.permitted = exclusion_permit(one.zone, civil, query->now) != NULL;
    one.stale = one.age_ms > query->config->settings.detect.last_known_ms;
    query->on_one(&one, query->arg);
}

/* Zones of the respondent whose device it is by those rules. */
static const struct respondent *carrier(const struct rulebook *rules, const char *device)
{
    size_t nth, which;

    return rulebook_find_device(rules, device, &nth, &which) ? rulebook_respondent(rules, nth)
                                                             : NULL;
}

static void on_device(const char *id, const struct known_device *known, void *arg)
{
    const struct inside_query *query = arg;
    const struct respondent *then = carrier(query->fresh, id), *was = carrier(query->old, id);

    if (!known->heard)
        return;
    for (size_t i = 0; then != NULL && i < then->n_exclusions; i++) {
        const struct exclusion *old = counterpart(query->old, then->exclusions[i]);

        count_inside(query, id, known, old, then->exclusions[i]);
    }
    for (size_t i = 0; was != NULL && i < was->n_exclusions; i++) {
        if (counterpart(query->fresh, was->exclusions[i]) == NULL)
            count_inside(query, id, known, was->exclusions[i], NULL);
    }
}

bool inside_each(struct ledger_reader *reader, const struct rulebook *old,
                 const struct offline_config *fresh, struct utc now,
                 void (*on_one)(const struct inside *one, void *arg), void *arg, struct fault *why)
{
    struct inside_query query = {
        .old = old, .fresh = fresh->rules, .config = fresh, .now = now, .on_one = on_one, .arg = arg
    };

    return ledger_rules_devices(reader, on_device, &query, why);
}
