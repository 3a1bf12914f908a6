/* SPDX-License-Identifier: Apache-2.0 */
/* decide.c - the rules in the order they are tried; the first that applies settles it. */
#include "core/decide.h"

/* What an open incident does on a ping or a change; the phase is not NONE. */
static struct decision go_on(const struct situation *given)
{
    enum phase phase = given->incident->phase;
    bool grave = phase >= PHASE_POSSIBLE;

    // 10. A permit that begins or ends inside makes another incident of it: this one ends here.
    if (grave && given->side >= ZONE_PROBABLE && given->permitted != given->incident->authorised)
        return (struct decision){ VERDICT_ENDS, 10 };

    // 11. When nothing speaks for his being inside any more, it is over; 12. an approach is when he
    // neither is in the ring nor comes nearer.
    if (grave && given->side == ZONE_OUTSIDE)
        return (struct decision){ VERDICT_ENDS, 11 };
    if (!grave && !given->coming)
        return (struct decision){ VERDICT_ENDS, 12 };

    // 13. What goes on is told again when that is due: what is grave, once an interval that grows
    // with its age; an approach, when the time left has halved. Standing in the ring is not.
    if (given->cause == CAUSE_PING && given->update_due && (grave || given->closing))
        return (struct decision){ VERDICT_GOES_ON, 13 };
    return (struct decision){ VERDICT_QUIET, 13 };
}

/* Whether he is inside, as far as that opens something or makes it graver; rule 0: not. */
static struct decision enter(const struct situation *given)
{
    enum phase phase = given->incident->phase;

    // 6. No answer from the map is for a human, never for a guess.
    if (given->side == ZONE_UNSURE && phase < PHASE_POSSIBLE)
        return (struct decision){ VERDICT_POSSIBLE, 6 };

    // 7. Inside beyond proof is a breach, whatever went before.
    if (given->side == ZONE_INSIDE && phase < PHASE_BREACH)
        return (struct decision){ VERDICT_BREACHES, 7 };

    // So is who was seen there by one ping and went on: the next one proves it.
    if (given->way == WAY_WAS && phase < PHASE_BREACH)
        return (struct decision){ VERDICT_BREACHES, 7 };

    // 8. Probably inside is worth a look.
    if (given->side == ZONE_PROBABLE && phase < PHASE_POSSIBLE)
        return (struct decision){ VERDICT_POSSIBLE, 8 };

    // 9. So is a way between two pings that led through the zone, or may have.
    if (given->way != WAY_CLEAR && phase < PHASE_POSSIBLE)
        return (struct decision){ VERDICT_POSSIBLE, 9 };
    return (struct decision){ VERDICT_QUIET, 0 };
}

struct decision decide(const struct situation *given)
{
    enum phase phase = given->incident->phase;
    bool from_ping = given->cause == CAUSE_PING;
    struct decision entry;

    // 1. The same ping twice says nothing twice.
    if (from_ping && given->arrival == ARRIVED_AGAIN)
        return (struct decision){ VERDICT_QUIET, 1 };

    // 2. An implausible ping proves nothing, neither in nor out; nor does one without a fix.
    if (from_ping && (given->arrival == ARRIVED_IMPLAUSIBLE || given->arrival == ARRIVED_NO_FIX))
        return (struct decision){ VERDICT_QUIET, 2 };

    // 3. A late ping cannot move the present, but what it saw still counts, once.
    if (from_ping && given->arrival == ARRIVED_LATE) {
        bool nothing = given->side < ZONE_PROBABLE || given->standing != IN_FORCE || given->covered;

        return (struct decision){ nothing ? VERDICT_QUIET : VERDICT_WAS_INSIDE, 3 };
    }

    // 4. An order speaks only while in force, and an incident ends with it.
    if (given->standing != IN_FORCE)
        return (struct decision){ phase != PHASE_NONE ? VERDICT_ENDS : VERDICT_QUIET, 4 };

    // 5. A position from long ago opens nothing by itself when the order, not he, has moved; nor
    // does time alone, where nothing of the zone begins or ends.
    if (!from_ping && (given->stale || given->unturned) && phase == PHASE_NONE)
        return (struct decision){ VERDICT_QUIET, 5 };

    // 6. to 9. He is inside, or may be.
    entry = enter(given);
    if (entry.rule != 0)
        return entry;

    // 10. to 13. Something is open already.
    if (phase != PHASE_NONE)
        return go_on(given);

    // 14. Coming nearer in the ring, or soon to be in the zone, is an approach.
    if (from_ping && given->coming && given->closing)
        return (struct decision){ VERDICT_APPROACHES, 14 };

    // 15. Nothing crossed, nothing to say.
    return (struct decision){ VERDICT_QUIET, 15 };
}
