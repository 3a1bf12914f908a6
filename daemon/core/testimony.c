/* SPDX-License-Identifier: Apache-2.0 */
#include "core/testimony.h"

static bool have_lasted(uint32_t sum, struct utc since, struct utc until, int64_t ms)
{
    return sum > 0 && until.ms - since.ms >= ms;
}

static bool words_have_lasted(const struct testimony *testimony)
{
    return have_lasted(testimony->sum, testimony->since, testimony->until, TESTIMONY_LASTS_MS);
}

struct utc testimony_since(const struct testimony *testimony)
{
    return words_have_lasted(testimony) ? testimony->since : testimony->hinted_since;
}

bool testimony_has_lasted(const struct testimony *testimony)
{
    return words_have_lasted(testimony) ||
           (testimony->hints >= TESTIMONY_HINTED &&
            have_lasted(testimony->hints, testimony->hinted_since, testimony->hinted_until,
                        TESTIMONY_HINTED_MS));
}

bool testimony_proves(const struct testimony *testimony)
{
    return testimony->sum == TESTIMONY_MOST &&
           have_lasted(testimony->sum, testimony->since, testimony->until, TESTIMONY_PROVES_MS);
}

static bool is_weak(const struct testimony_word *word)
{
    return word->doubted || word->accuracy >= TESTIMONY_POOR_M;
}

static uint32_t less(uint32_t sum, uint32_t by)
{
    return sum > by ? sum - by : 0;
}

/* The last ping of which something is left; UTC_ALWAYS: there is none. */
static struct utc last_heard(const struct testimony *testimony)
{
    return utc_later(testimony->sum > 0 ? testimony->until : UTC_ALWAYS,
                     testimony->hints > 0 ? testimony->hinted_until : UTC_ALWAYS);
}

/* One more that says so, or the first, of up to `most`. */
static void say(uint32_t *sum, uint32_t by, uint32_t most, struct utc *since, struct utc *until,
                struct utc when)
{
    if (*sum == 0 || when.ms - until->ms > TESTIMONY_GAP_MS) {
        *sum = 0;
        *since = when;
    }
    *sum = *sum + by < most ? *sum + by : most;
    *until = when;
}

/* 9. */
static bool hear_hint(struct testimony *testimony, const struct testimony_word *word)
{
    if (word->inside >= TESTIMONY_HINT && !word->doubted && !word->again) {
        say(&testimony->hints, 1, TESTIMONY_HINTS, &testimony->hinted_since,
            &testimony->hinted_until, word->when);
        return true;
    }
    if (word->inside < TESTIMONY_HINT)
        testimony->hints = less(testimony->hints, TESTIMONY_NO_HINT);
    return false;
}

/* 1. to 4. */
static bool hear_word(struct testimony *testimony, const struct testimony_word *word)
{
    if (word->inside >= TESTIMONY_SURE && !word->doubted && !word->again) {
        say(&testimony->sum, TESTIMONY_IN, TESTIMONY_MOST, &testimony->since, &testimony->until,
            word->when);
        return true;
    }
    if (word->inside < 0.5 && is_weak(word))
        testimony->sum = less(testimony->sum, 1) / 2;
    else if (word->inside < 0.5)
        testimony->sum = less(testimony->sum, TESTIMONY_OUT);
    return false;
}

static bool hear(struct testimony *testimony, const struct testimony_word *word)
{
    bool hinted = hear_hint(testimony, word), said = hear_word(testimony, word);

    return hinted || said;
}

bool testimony_hear(struct testimony *testimony, const struct testimony_word *word)
{
    struct testimony anew = { .device = word->device };
    const struct utc before = last_heard(testimony);

    // 5.
    if (testimony->device == word->device)
        return word->when.ms >= before.ms && hear(testimony, word);
    if (before.ms != UTC_ALWAYS.ms && word->when.ms - before.ms <= TESTIMONY_GAP_MS)
        return false;
    if (!hear(&anew, word))
        return false;
    *testimony = anew;
    return true;
}

static struct utc due_of(uint32_t sum, struct utc until)
{
    return sum > 0 ? utc_plus(until, TESTIMONY_GAP_MS + 1) : UTC_NEVER;
}

struct utc testimony_due(const struct testimony *testimony)
{
    return utc_earlier(due_of(testimony->sum, testimony->until),
                       due_of(testimony->hints, testimony->hinted_until));
}

bool testimony_expire(struct testimony *testimony, struct utc now)
{
    if (now.ms < testimony_due(testimony).ms)
        return false;
    if (now.ms >= due_of(testimony->sum, testimony->until).ms)
        testimony->sum = 0;
    if (now.ms >= due_of(testimony->hints, testimony->hinted_until).ms)
        testimony->hints = 0;
    if (testimony->sum == 0 && testimony->hints == 0)
        *testimony = (struct testimony){ 0 };
    return true;
}

bool testimony_outweighs(const struct testimony *testimony, const struct testimony_word *word)
{
    return testimony->sum > 0 && testimony->device == word->device && is_weak(word);
}

bool testimony_is_as(const struct testimony *a, const struct testimony *b)
{
    return a->sum == b->sum && a->until.ms == b->until.ms && a->hints == b->hints &&
           a->hinted_until.ms == b->hinted_until.ms;
}

bool testimony_settle(const struct testimony *testimony)
{
    return testimony->sum <= TESTIMONY_MOST && testimony->since.ms >= 0 &&
           testimony->since.ms < UTC_END.ms && testimony->until.ms >= 0 &&
           testimony->until.ms < UTC_END.ms && testimony->hints <= TESTIMONY_HINTS &&
           testimony->hinted_since.ms >= 0 && testimony->hinted_since.ms < UTC_END.ms &&
           testimony->hinted_until.ms >= 0 && testimony->hinted_until.ms < UTC_END.ms;
}
