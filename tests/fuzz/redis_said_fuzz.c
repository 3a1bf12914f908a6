/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a Redis says of itself: where it is, its memory, an entry's id; and what is believed of it.
 */
#include "adapter/entry_id.h"
#include "adapter/redis/publisher_belief.h"
#include "adapter/redis_memory.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

static uint64_t higher(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* `whose` has a bit for each number that is our ledger's alert of the same id. */
static void try_belief(const struct redis_state *where, uint64_t marked, unsigned whose)
{
    struct ledger_view view = {
        .marked = marked, .confirmed = marked, .entry = "-", .newest = marked + 5
    };
    uint64_t most = marked;
    struct publisher_belief belief;

    if ((whose & 1) != 0 && where->at <= view.newest) {
        view.at.number = where->at;
        strcpy(view.at.id, where->at_id);
    }
    if ((whose & 2) != 0 && where->held <= view.newest) {
        view.held.number = where->held;
        strcpy(view.held.id, where->id);
    }
    belief = publisher_believe(where, &view);
    most = higher(most, higher(view.at.number, view.held.number));
    if (belief.give_way)
        promise(belief.number <= view.newest + BELIEF_LEAP_MAX &&
                (belief.number == where->at || belief.number == where->held));
    else
        promise(belief.number <= most);
    promise(strlen(belief.id) < EVENT_ID_MAX && strlen(belief.entry) < ENTRY_ID_MAX);
}

static void try_text(const char *text)
{
    struct redis_memory memory = { 0 };
    struct redis_state where;
    struct entry_id id = { 7, 7 };

    if (redis_memory_read(text, &memory))
        promise(memory.policy[0] != '\0' && redis_memory_share(&memory) >= 0);
    if (!entry_id_read(text, &id))
        promise(id.ms == 7 && id.seq == 7);
    promise(!entry_id_after(text, text));
    for (unsigned whose = 0; whose < 4 && redis_state_read(text, &where); whose++) {
        try_belief(&where, 0, whose);
        try_belief(&where, 170, whose);
        try_belief(&where, where.at, whose);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *text = as_text(bytes, n);

    try_text(text);
    free(text);
    return 0;
}
