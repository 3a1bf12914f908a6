/* SPDX-License-Identifier: Apache-2.0 */
/* roster_rate.c - who sends for a device, and how fast: the newest few are remembered. */
#include "app/roster_parts.h"

/* NULL: nobody has sent for any device of his yet. */
static struct rate *rates_of(const struct roster *roster, size_t respondent, size_t device)
{
    struct rate *rates = roster->slots->each[respondent].rates;

    return rates != NULL ? &rates[device * ROSTER_SENDERS] : NULL;
}

/* Whose first ping it is: room, or NULL. */
static struct rate *take_room(struct roster *roster, size_t respondent, size_t device)
{
    struct slot *slot = &roster->slots->each[respondent];

    if (slot->rates == NULL)
        slot->rates = arena_take(&roster->slots->views,
                                 slot->n_devices * ROSTER_SENDERS * sizeof *slot->rates);
    return rates_of(roster, respondent, device);
}

/* NULL: it is not among them. */
static struct rate *find_sender(struct rate *of, uintptr_t sender)
{
    for (struct rate *one = of; one < of + ROSTER_SENDERS; one++) {
        if (one->sender == sender)
            return one;
    }
    return NULL;
}

const struct rate *roster_find_rate(const struct roster *roster, size_t respondent, size_t device,
                                    uintptr_t sender)
{
    struct rate *of = rates_of(roster, respondent, device);

    return of != NULL ? find_sender(of, sender) : NULL;
}

struct rate *roster_rate(struct roster *roster, size_t respondent, size_t device, uintptr_t sender,
                         double rate, struct tick now)
{
    struct rate *of = take_room(roster, respondent, device), *least = of;
    struct rate *known = of != NULL ? find_sender(of, sender) : NULL;

    if (of == NULL || known != NULL)
        return known;
    for (struct rate *one = of + 1; one < of + ROSTER_SENDERS; one++) {
        if (pace_spent(&one->pace, rate, now) < pace_spent(&least->pace, rate, now))
            least = one;
    }
    *least = (struct rate){ .sender = sender };
    return least;
}
