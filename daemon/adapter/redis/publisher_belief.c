/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/redis/publisher_belief.h"

#include "adapter/redis/publisher_script.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

_Static_assert(EVENT_ID_MAX == 282 && ENTRY_ID_MAX == 48, "the widths of four texts below");

static bool witness_of(const char *word, enum witness *out)
{
    static const char *const words[] = { "stands", "other", "gone", "never", "denied" };
    _Static_assert(sizeof words / sizeof *words == WITNESSES, "a word for each witness");

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i], word) == 0) {
            *out = (enum witness)i;
            return true;
        }
    }
    return false;
}

bool redis_state_read(const char *text, struct redis_state *out)
{
    int whole, past, garbled, denied, end = -1;
    char witness[8];

    if (sscanf(text, "%" SCNu64 " %" SCNu64 " %47s %1d %281s %281s %47s %7s %1d %1d %1d %1d%n",
               &out->at, &out->held, out->entry, &whole, out->id, out->at_id, out->at_entry,
               witness, &past, &garbled, &denied, &out->moved, &end) != 12 ||
        text[end] != '\0' || out->at > SCRIPT_SEQUENCE_MAX || out->held > SCRIPT_SEQUENCE_MAX)
        return false;
    out->whole = whole == 1;
    out->past = past == 1;
    out->garbled = garbled == 1;
    out->denied = denied == 1;
    return witness_of(witness, &out->witness);
}

bool belief_needs_alerts(const struct redis_state *where, uint64_t marked)
{
    bool nothing = where->at == 0 && where->held == 0;
    bool as_left = where->at == marked && where->held <= marked;

    return !nothing && !as_left;
}

/* The number that the ledger gave to the alert of this id; 0: it is none of those known. */
static uint64_t number_of(const struct ledger_view *ledger, const char *id)
{
    if (ledger->at.number > 0 && strcmp(ledger->at.id, id) == 0)
        return ledger->at.number;
    if (ledger->held.number > 0 && strcmp(ledger->held.id, id) == 0)
        return ledger->held.number;
    return ledger->last.number > 0 && strcmp(ledger->last.id, id) == 0 ? ledger->last.number : 0;
}

static bool known(const char *word)
{
    return strcmp(word, "-") != 0;
}

/* The higher number; of the same one, what was not known yet. */
static void hold(struct publisher_belief *belief, uint64_t number, const char *id,
                 const char *entry)
{
    if (number < belief->number || number == 0)
        return;
    if (number > belief->number || !known(belief->id))
        belief->id = id;
    if (number > belief->number || !known(belief->entry))
        belief->entry = entry;
    belief->number = number;
}

static void doubt(struct publisher_belief *belief, uint64_t number)
{
    belief->lie = true;
    if (number > belief->lied)
        belief->lied = number;
}

/* What `last` says; a number that is not ours, or 0. */
static uint64_t hear_last(const struct redis_state *where, const struct ledger_view *ledger,
                          struct publisher_belief *belief)
{
    uint64_t ours = number_of(ledger, where->at_id);
    bool stood = where->witness != WITNESS_OTHER && where->witness != WITNESS_NEVER;
    uint64_t number = ours > 0 ? ours : where->at <= ledger->marked ? where->at : 0;

    if (where->at == 0)
        return 0;
    if (ours > 0 && ours != where->at)
        doubt(belief, where->at);
    if (number > belief->had)
        belief->had = number;
    // In a stream that does not have it, it was lost.
    if (number > 0 && stood)
        hold(belief, number, where->at_id, where->at_entry);
    return number > 0 ? 0 : where->at;
}

/*
 * What stands in the stream as the newest one. Only `last` can say that an alert which was never
 * confirmed is there: who may write to the stream alone must not keep one from being told.
 */
static uint64_t hear_stream(const struct redis_state *where, const struct ledger_view *ledger,
                            struct publisher_belief *belief)
{
    uint64_t marked = ledger->marked;
    uint64_t number = where->held <= marked ? where->held : number_of(ledger, where->id);
    uint64_t most = belief->number > marked ? belief->number : marked;

    if (number > most && most > belief->number)
        hold(belief, most, "-", "-");
    else if (number <= most && number > belief->number)
        hold(belief, number, where->id, where->entry);
    return number > 0 ? 0 : where->held;
}

/* A number that is not ours: another ledger's of this site, as far as that can be. */
static void weigh(struct publisher_belief *belief, uint64_t number, bool borne_out, uint64_t newest)
{
    if (number == 0)
        return;
    if ((belief->number > 0 && !belief->give_way && !borne_out) ||
        number > newest + BELIEF_LEAP_MAX || number > SCRIPT_SEQUENCE_MAX - BELIEF_LEAP_MAX) {
        doubt(belief, number);
    } else if (!belief->give_way || number > belief->number) {
        belief->give_way = true;
        belief->number = number;
        belief->id = belief->entry = "-";
    }
}

struct publisher_belief publisher_believe(const struct redis_state *where,
                                          const struct ledger_view *ledger)
{
    struct publisher_belief belief = { .id = "-", .entry = "-", .lie = where->garbled };
    bool stands = where->witness == WITNESS_STANDS;
    uint64_t strange_at, strange_number;

    // 1. What `last` names and the stream had; 2. what stands in the stream.
    strange_at = hear_last(where, ledger, &belief);
    strange_number = hear_stream(where, ledger, &belief);
    // 3. A stream that has been past what it confirmed last holds it, or somebody took it from
    // there. That says nothing of what is still to be sent again.
    if (where->past)
        hold(&belief, ledger->confirmed, "-", ledger->entry);
    // 4. What stands in the stream as `last` says was written by a breachd; anything else is
    // believed only where nothing of ours is there.
    weigh(&belief, strange_at, stands, ledger->newest);
    weigh(&belief, strange_number, belief.give_way, ledger->newest);
    if (belief.give_way && belief.number == strange_number) {
        belief.id = where->id;
        belief.entry = where->entry;
    } else if (belief.give_way) {
        belief.id = where->at_id;
        belief.entry = stands ? where->at_entry : "-";
    }
    return belief;
}
