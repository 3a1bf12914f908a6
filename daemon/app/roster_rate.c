/* SPDX-License-Identifier: Apache-2.0 */
/* roster_rate.c - who sends for a device, and how fast: the newest few are remembered. */
#include "app/roster_parts.h"

/* NULL: the sender is not among those of the device. */
static struct rate *find_sender(const struct slot *slot, size_t device, uintptr_t sender)
{
    for (size_t i = 0; i < slot->senders; i++) {
        if (slot->rates[device * slot->senders + i].sender == sender)
            return &slot->rates[device * slot->senders + i];
    }
    return NULL;
}

/* Room for so many senders of each of his devices; false when memory is out. */
static bool make_room(struct arena *views, struct slot *slot, unsigned char senders)
{
    struct rate *rates = arena_take(views, slot->n_devices * senders * sizeof *rates);

    if (rates == NULL)
        return false;
    for (size_t i = 0; i < (size_t)slot->n_devices * slot->senders; i++)
        rates[i / slot->senders * senders + i % slot->senders] = slot->rates[i];
    slot->rates = rates;
    slot->senders = senders;
    return true;
}

const struct rate *roster_find_rate(const struct roster *roster, size_t respondent, size_t device,
                                    uintptr_t sender)
{
    return find_sender(&roster->slots->each[respondent], device, sender);
}

/* Of the device's senders the first of those that have spent the least. */
static struct rate *least_of(const struct slot *slot, size_t device, double rate, struct tick now)
{
    struct rate *of = &slot->rates[device * slot->senders], *least = of;

    for (struct rate *one = of + 1; one < of + slot->senders; one++) {
        if (pace_spent(&one->pace, rate, now) < pace_spent(&least->pace, rate, now))
            least = one;
    }
    return least;
}

struct rate *roster_rate(struct roster *roster, size_t respondent, size_t device, uintptr_t sender,
                         double rate, struct tick now)
{
    struct slot *slot = &roster->slots->each[respondent];
    struct rate *one = find_sender(slot, device, sender);

    if (one != NULL)
        return one;
    if (slot->senders == 0 && !make_room(&roster->slots->views, slot, 1))
        return NULL;
    one = least_of(slot, device, rate, now);
    // Most devices have one sender for ever; who has to pay stays remembered beside a second one.
    if (slot->senders < ROSTER_SENDERS && pace_spent(&one->pace, rate, now) > 0) {
        if (!make_room(&roster->slots->views, slot, ROSTER_SENDERS))
            return NULL;
        one = least_of(slot, device, rate, now);
    }
    *one = (struct rate){ .sender = sender };
    return one;
}
