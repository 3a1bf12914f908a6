/* SPDX-License-Identifier: Apache-2.0 */
/* decide.c - the rules in the order they are tried; the first that applies settles it. */
#include "core/decide.h"

/* What an open incident does on a ping or a change; the phase is not NONE. */
static struct decision go_on(const struct situation *given)
{
    enum phase phase = given->incident->phase;
    bool grave = phase >= PHASE_POSSIBLE;

    // 8. A permit that begins or ends inside makes another incident of it: this one ends here.
    if (grave && given->side != ZONE_OUTSIDE && given->permitted != given->incident->authorised)
        return (struct decision){ VERDICT_ENDS, 8 };

    // 9. Stepping out ends a breach; 10. so does leaving the ring an approach.
    if (grave && given->side == ZONE_OUTSIDE)
        return (struct decision){ VERDICT_ENDS, 9 };
    if (!grave && !given->in_ring)
        return (struct decision){ VERDICT_ENDS, 10 };

    // 11. What goes on is told again, at most once an interval; standing in the ring is not.
    if (given->cause == CAUSE_PING && given->update_due && (grave || given->closing))
        return (struct decision){ VERDICT_GOES_ON, 11 };
    return (struct decision){ VERDICT_QUIET, 11 };
}

struct decision decide(const struct situation *given)
{
    enum phase phase = given->incident->phase;
    bool from_ping = given->cause == CAUSE_PING;

    // 1. The same ping twice says nothing twice.
    if (from_ping && given->arrival == ARRIVED_AGAIN)
        return (struct decision){ VERDICT_QUIET, 1 };

    // 2. An implausible ping proves nothing, neither in nor out.
    if (from_ping && given->arrival == ARRIVED_IMPLAUSIBLE)
        return (struct decision){ VERDICT_QUIET, 2 };

    // 3. A late ping cannot move the present, but what it saw still counts, once.
    if (from_ping && given->arrival == ARRIVED_LATE) {
        bool told = given->side == ZONE_OUTSIDE || given->standing != IN_FORCE || given->covered;

        return (struct decision){ told ? VERDICT_QUIET : VERDICT_WAS_INSIDE, 3 };
    }

    // 4. An order speaks only while in force, and an incident ends with it.
    if (given->standing != IN_FORCE)
        return (struct decision){ phase != PHASE_NONE ? VERDICT_ENDS : VERDICT_QUIET, 4 };

    // 5. A position from long ago opens nothing by itself when the order, not he, has moved.
    if (!from_ping && given->stale && phase == PHASE_NONE)
        return (struct decision){ VERDICT_QUIET, 5 };

    // 6. No answer from the map is for a human, never for a guess.
    if (given->side == ZONE_UNSURE && phase < PHASE_POSSIBLE)
        return (struct decision){ VERDICT_POSSIBLE, 6 };

    // 7. Stepping in begins a breach, whatever went before.
    if (given->side == ZONE_INSIDE && phase < PHASE_BREACH)
        return (struct decision){ VERDICT_BREACHES, 7 };

    // 8. to 11. Something is open already.
    if (phase != PHASE_NONE)
        return go_on(given);

    // 12. In the ring and coming nearer is an approach.
    if (from_ping && given->in_ring && given->closing)
        return (struct decision){ VERDICT_APPROACHES, 12 };

    // 13. Nothing crossed, nothing to say.
    return (struct decision){ VERDICT_QUIET, 13 };
}
