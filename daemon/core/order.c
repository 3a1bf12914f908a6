/* SPDX-License-Identifier: Apache-2.0 */
#include "core/order.h"

#include "core/wording.h"

#include <string.h>

char *order_text(const struct order *order)
{
    return order->text != NULL ? wording_unpack(order->text) : NULL;
}

bool order_in_force(const struct order *order, struct utc at)
{
    return at.ms >= order->from.ms && at.ms >= order->served.ms && at.ms < order->until.ms;
}

enum standing exclusion_standing(const struct exclusion *exclusion, const struct civil *civil,
                                 struct utc at)
{
    const struct order *order = exclusion->order;

    if (at.ms >= order->until.ms)
        return ENDED;
    if (at.ms < order->from.ms)
        return NOT_BEGUN;
    if (at.ms < order->served.ms)
        return NOT_SERVED;
    if (exclusion->schedule != NULL && !schedule_open(exclusion->schedule, civil, at))
        return OFF_SCHEDULE;
    return IN_FORCE;
}

static bool permit_holds(const struct permit *permit, const struct civil *civil, struct utc at)
{
    return at.ms >= permit->from.ms && at.ms < permit->until.ms &&
           (permit->every == NULL || schedule_open(permit->every, civil, at));
}

const struct permit *exclusion_permit(const struct exclusion *exclusion, const struct civil *civil,
                                      struct utc at)
{
    for (size_t i = 0; i < exclusion->n_permits; i++) {
        const struct permit *permit = exclusion->permits[i];

        if (permit_holds(permit, civil, at))
            return permit;
    }
    return NULL;
}

/* `edge` if it lies between `at` and `best`. */
static struct utc nearer(struct utc edge, struct utc at, struct utc best)
{
    return edge.ms > at.ms ? utc_earlier(best, edge) : best;
}

/* Past its end a permit never changes; before it begins its windows are nothing yet. */
static struct utc permit_next(const struct permit *permit, const struct civil *civil, struct utc at,
                              struct utc best)
{
    best = nearer(permit->from, at, best);
    best = nearer(permit->until, at, best);
    if (permit->every != NULL && at.ms < permit->until.ms)
        best = nearer(schedule_next(permit->every, civil, utc_later(at, permit->from)), at, best);
    return best;
}

struct utc exclusion_next(const struct exclusion *exclusion, const struct civil *civil,
                          struct utc at)
{
    const struct order *order = exclusion->order;
    struct utc best = UTC_NEVER;

    best = nearer(order->from, at, best);
    best = nearer(order->served, at, best);
    best = nearer(order->until, at, best);
    for (size_t i = 0; i < exclusion->n_permits; i++)
        best = permit_next(exclusion->permits[i], civil, at, best);
    if (exclusion->schedule != NULL)
        best = nearer(schedule_next(exclusion->schedule, civil, at), at, best);
    return best;
}

static bool length_is_usual(const struct order *order, struct fault *doubt)
{
    static const int64_t hour = 3600 * 1000LL;
    int64_t hours = (order->until.ms - order->from.ms + hour / 2) / hour;

    if (order->until.ms == UTC_NEVER.ms && strcmp(order->kind, "DVPO") == 0)
        return fault_set(doubt, "until: a DVPO lasts 14 to 28 days, this one has no end");
    if (order->until.ms == UTC_NEVER.ms)
        return strcmp(order->kind, "DVPN") != 0 ||
               fault_set(doubt, "until: a DVPN lasts up to 48 hours, this one has no end");
    // An hour of grace: 28 days over a change of clocks.
    if (strcmp(order->kind, "DVPO") == 0 && (hours < 14 * 24 - 1 || hours > 28 * 24 + 1))
        return fault_set(doubt, "until: a DVPO lasts 14 to 28 days, this one %.1f",
                         (double)hours / 24);
    if (strcmp(order->kind, "DVPN") == 0 && hours > 48 + 1)
        return fault_set(doubt, "until: a DVPN lasts up to 48 hours, this one %lld",
                         (long long)hours);
    return true;
}

size_t order_doubts(const struct order *order, struct fault doubts[ORDER_DOUBTS_MAX])
{
    size_t n = 0;

    if (!length_is_usual(order, &doubts[n]))
        n++;
    if (order->served.ms == UTC_NEVER.ms)
        fault_set(&doubts[n++], "served: not given, so the order is not enforceable yet");
    return n;
}

bool permit_covers(const struct permit *permit, const char *name)
{
    const char *at = permit->zones;
    size_t length = strlen(name);

    if (at == NULL)
        return true;
    while (*(at += strspn(at, ", \t")) != '\0') {
        size_t n = strcspn(at, ", \t");

        if (n == length && memcmp(at, name, n) == 0)
            return true;
        at += n;
    }
    return false;
}
