/* SPDX-License-Identifier: Apache-2.0 */
#include "core/agenda.h"

#include <stdlib.h>

struct agenda_slot {
    struct utc due;
    size_t place; // in the heap, when it is due some time
};

static bool is_before(const struct agenda *agenda, size_t a, size_t b)
{
    int64_t one = agenda->slots[a].due.ms, other = agenda->slots[b].due.ms;

    return one != other ? one < other : a < b;
}

static void put(struct agenda *agenda, size_t place, size_t nth)
{
    agenda->heap[place] = nth;
    agenda->slots[nth].place = place;
}

/* At most log2(n) steps each. */
static void rise(struct agenda *agenda, size_t nth)
{
    size_t place = agenda->slots[nth].place;

    // Up the heap: the logarithm of its size.
    while (place > 0 && is_before(agenda, nth, agenda->heap[(place - 1) / 2])) {
        put(agenda, place, agenda->heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put(agenda, place, nth);
}

static void sink(struct agenda *agenda, size_t nth)
{
    size_t place = agenda->slots[nth].place, child;

    while ((child = 2 * place + 1) < agenda->n) {
        if (child + 1 < agenda->n &&
            is_before(agenda, agenda->heap[child + 1], agenda->heap[child]))
            child++;
        if (is_before(agenda, nth, agenda->heap[child]))
            break;
        put(agenda, place, agenda->heap[child]);
        place = child;
    }
    put(agenda, place, nth);
}

bool agenda_reserve(struct agenda *agenda, size_t n)
{
    struct agenda_slot *slots;
    size_t *heap;

    if (n <= agenda->room)
        return true;
    slots = reallocarray(agenda->slots, n, sizeof *slots);
    if (slots == NULL)
        return false;
    agenda->slots = slots;
    heap = reallocarray(agenda->heap, n, sizeof *heap);
    if (heap == NULL)
        return false;
    agenda->heap = heap;
    for (size_t i = agenda->room; i < n; i++)
        slots[i] = (struct agenda_slot){ .due = UTC_NEVER };
    agenda->room = n;
    return true;
}

void agenda_fini(struct agenda *agenda)
{
    free(agenda->slots);
    free(agenda->heap);
    *agenda = (struct agenda){ 0 };
}

struct utc agenda_due(const struct agenda *agenda, size_t nth)
{
    return nth < agenda->room ? agenda->slots[nth].due : UTC_NEVER;
}

static void leave(struct agenda *agenda, size_t nth)
{
    size_t place = agenda->slots[nth].place, last = agenda->heap[--agenda->n];

    if (last == nth)
        return;
    put(agenda, place, last);
    rise(agenda, last);
    sink(agenda, last);
}

void agenda_set(struct agenda *agenda, size_t nth, struct utc due)
{
    struct agenda_slot *slot = &agenda->slots[nth];
    bool waits = slot->due.ms != UTC_NEVER.ms;

    if (slot->due.ms == due.ms)
        return;
    slot->due = due;
    if (due.ms == UTC_NEVER.ms) {
        leave(agenda, nth);
        return;
    }
    if (!waits)
        put(agenda, agenda->n++, nth);
    rise(agenda, nth);
    sink(agenda, nth);
}

bool agenda_first(const struct agenda *agenda, size_t *out_nth, struct utc *out_due)
{
    if (agenda->n == 0)
        return false;
    *out_nth = agenda->heap[0];
    *out_due = agenda->slots[agenda->heap[0]].due;
    return true;
}
