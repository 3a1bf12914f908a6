/* SPDX-License-Identifier: Apache-2.0 */
/* roster_rate.c - who sends for a device, and how fast: the newest few are remembered. */
#include "app/roster_parts.h"

static struct rate *rates_of(const struct roster *roster, size_t respondent, size_t device)
{
    return &roster->slots->each[respondent].rates[device * ROSTER_SENDERS];
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
    return find_sender(rates_of(roster, respondent, device), sender);
}

struct rate *roster_rate(struct roster *roster, size_t respondent, size_t device, uintptr_t sender,
                         double rate, struct tick now)
{
    struct rate *of = rates_of(roster, respondent, device), *least = of;
    struct rate *known = find_sender(of, sender);

    if (known != NULL)
        return known;
    for (struct rate *one = of + 1; one < of + ROSTER_SENDERS; one++) {
        if (pace_spent(&one->pace, rate, now) < pace_spent(&least->pace, rate, now))
            least = one;
    }
    *least = (struct rate){ .sender = sender };
    return least;
}
