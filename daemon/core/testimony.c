/* SPDX-License-Identifier: Apache-2.0 */
#include "core/testimony.h"

/* Milliseconds between its pings inside; -1: nothing is left of it. */
static int64_t lasts(const struct testimony *testimony)
{
    return testimony->sum > 0 ? testimony->until.ms - testimony->since.ms : -1;
}

bool testimony_has_lasted(const struct testimony *testimony)
{
    return lasts(testimony) >= TESTIMONY_LASTS_MS;
}

bool testimony_proves(const struct testimony *testimony)
{
    return testimony->sum == TESTIMONY_MOST && lasts(testimony) >= TESTIMONY_PROVES_MS;
}

static bool is_weak(const struct testimony_word *word)
{
    return word->doubted || word->accuracy >= TESTIMONY_POOR_M;
}

static uint32_t less(uint32_t sum, uint32_t by)
{
    return sum > by ? sum - by : 0;
}

static void say_inside(struct testimony *testimony, const struct testimony_word *word)
{
    uint32_t sum = testimony->sum + TESTIMONY_IN;

    testimony->sum = sum < TESTIMONY_MOST ? sum : TESTIMONY_MOST;
    testimony->until = word->when;
}

bool testimony_hear(struct testimony *testimony, const struct testimony_word *word)
{
    bool fresh =
        testimony->sum == 0 || word->when.ms - testimony->until.ms > TESTIMONY_GAP_MS; // 1., 5.

    if (!fresh && (testimony->device != word->device || word->when.ms < testimony->until.ms))
        return false;
    if (word->inside >= TESTIMONY_SURE && !word->doubted && !word->again) {
        if (fresh)
            *testimony = (struct testimony){ .device = word->device, .since = word->when };
        say_inside(testimony, word);
        return true;
    }
    if (!(word->inside < 0.5) || testimony->device != word->device)
        return false;
    if (is_weak(word)) // 3.
        testimony->sum = less(testimony->sum, 1) / 2;
    else // 2.
        testimony->sum = less(testimony->sum, TESTIMONY_OUT);
    return false;
}

struct utc testimony_due(const struct testimony *testimony)
{
    return testimony->sum > 0 ? utc_plus(testimony->until, TESTIMONY_GAP_MS + 1) : UTC_NEVER;
}

bool testimony_expire(struct testimony *testimony, struct utc now)
{
    if (now.ms < testimony_due(testimony).ms)
        return false;
    *testimony = (struct testimony){ 0 };
    return true;
}

bool testimony_outweighs(const struct testimony *testimony, const struct testimony_word *word)
{
    return testimony->sum > 0 && testimony->device == word->device && is_weak(word);
}

bool testimony_settle(const struct testimony *testimony)
{
    return testimony->sum <= TESTIMONY_MOST && testimony->since.ms >= 0 &&
           testimony->since.ms < UTC_END.ms && testimony->until.ms >= 0 &&
           testimony->until.ms < UTC_END.ms;
}
