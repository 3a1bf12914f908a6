/* SPDX-License-Identifier: Apache-2.0 */
#include "chaos.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

enum {
    PAUSE_MS = 100,   // between two troubles, at the most
    STUCK_MS = 60000, // a trouble that has not healed by then never will
    REPORT_EVERY = 500,
    TEND_MS = 5,
};

/* One going on, for each victim. */
struct slot {
    const struct trouble *trouble; // NULL: none
    int64_t ends;
};

static void add_all(struct chaos *chaos, const struct trouble *table, const char *only)
{
    for (; table->name != NULL && chaos->n < TROUBLES_MAX; table++) {
        if (only == NULL || strncmp(table->name, only, strlen(only)) == 0)
            chaos->of[chaos->n++] = table;
    }
}

void chaos_init(struct chaos *chaos, const char *only)
{
    *chaos = (struct chaos){ .n = 0 };
    add_all(chaos, troubles_process, only);
    add_all(chaos, troubles_redis, only);
    add_all(chaos, troubles_other, only);
}

static bool may_begin(const struct rig *rig, enum victim victim)
{
    return victim == VICTIM_BREACHD ? rig->keeper.ready
           : victim == VICTIM_REDIS ? rig->keeper.serving
                                    : true;
}

/* By weight, of all; nothing when its victim is busy, so that no kind crowds out another. */
static size_t choose(const struct chaos *chaos, struct rig *rig)
{
    unsigned total = 0, thrown;
    size_t nth = 0;

    for (size_t i = 0; i < chaos->n; i++)
        total += chaos->of[i]->weight;
    thrown = dice_below(&rig->dice, total);
    while (thrown >= chaos->of[nth]->weight)
        thrown -= chaos->of[nth++]->weight;
    return nth;
}

static bool begin_one(struct chaos *chaos, struct rig *rig, struct slot slots[VICTIMS])
{
    size_t nth = choose(chaos, rig);
    const struct trouble *trouble = chaos->of[nth];
    unsigned span = (unsigned)(trouble->longest - trouble->shortest) + 1;

    if (slots[trouble->victim].trouble != NULL || !may_begin(rig, trouble->victim))
        return false;
    slots[trouble->victim] = (struct slot){ trouble, now_ms() + trouble->shortest +
                                                         (int64_t)dice_below(&rig->dice, span) };
    trouble->begin(rig);
    chaos->counts[nth]++;
    if (++chaos->begun % REPORT_EVERY == 0) {
        printf("%lu troubles\n", chaos->begun);
        fflush(stdout);
    }
    return true;
}

static bool is_over(const struct trouble *trouble, struct rig *rig)
{
    return trouble->end == NULL || trouble->end(rig);
}

/* How many go on; a trouble whose time is over is asked to end. */
static size_t end_those_due(struct rig *rig, struct slot slots[VICTIMS], const char **stuck)
{
    size_t going_on = 0;

    for (int i = 0; i < VICTIMS; i++) {
        if (slots[i].trouble == NULL)
            continue;
        if (now_ms() >= slots[i].ends && is_over(slots[i].trouble, rig)) {
            slots[i].trouble = NULL;
            continue;
        }
        if (now_ms() > slots[i].ends + STUCK_MS)
            *stuck = slots[i].trouble->name;
        going_on++;
    }
    return going_on;
}

static bool is_well(const struct rig *rig, const char *stuck)
{
    if (rig->keeper.wrong[0] != '\0')
        printf("%s\n", rig->keeper.wrong);
    if (stuck != NULL)
        printf("%s: would not end\n", stuck);
    return rig->keeper.wrong[0] == '\0' && stuck == NULL;
}

bool chaos_run(struct chaos *chaos, struct rig *rig, unsigned long faults)
{
    struct slot slots[VICTIMS] = { { 0 } };
    const char *stuck = NULL;
    int64_t next = now_ms();

    while (end_those_due(rig, slots, &stuck) > 0 || chaos->begun < faults) {
        keeper_tend(&rig->keeper);
        if (!is_well(rig, stuck))
            return false;
        if (chaos->begun < faults && now_ms() >= next && begin_one(chaos, rig, slots))
            next = now_ms() + dice_below(&rig->dice, PAUSE_MS);
        poll(NULL, 0, TEND_MS);
    }
    return true;
}

bool chaos_heal(struct rig *rig)
{
    int64_t deadline = now_ms() + STUCK_MS;

    while (!rig->keeper.ready || !rig->keeper.serving) {
        keeper_tend(&rig->keeper);
        if (!is_well(rig, now_ms() > deadline ? "start" : NULL))
            return false;
        poll(NULL, 0, TEND_MS);
    }
    return true;
}

void chaos_print(const struct chaos *chaos)
{
    for (size_t i = 0; i < chaos->n; i++)
        printf("%7lu  %s\n", chaos->counts[i], chaos->of[i]->name);
}
