/* SPDX-License-Identifier: Apache-2.0 */
#include "core/ballot.h"

#include <stddef.h>
#include <stdlib.h>

static bool lately(struct tick then, struct tick now)
{
    return now.ms - then.ms <= BALLOT_LATELY_MS;
}

static bool near(int64_t a, int64_t b, int64_t limit)
{
    return llabs(a - b) <= limit;
}

/* In no order that anybody chose; never that of an empty place. */
static uint64_t shuffle(uint64_t id)
{
    return id * 0x9E3779B97F4A7C15u | 1;
}

static const struct voter *find(const struct ballot *ballot, uint64_t id)
{
    if (ballot->full && id > ballot->highest)
        return NULL;
    for (size_t i = 0; i < BALLOT_VOTERS; i++) {
        if (ballot->voters[i].id == id)
            return &ballot->voters[i];
    }
    return NULL;
}

/* The respondent's place, which may have been another's; NULL: there is none for him. */
static struct voter *place_of(struct ballot *ballot, uint64_t id, struct tick now)
{
    struct voter *oldest = &ballot->voters[0], *highest = oldest;

    if (ballot->full && id > ballot->highest && lately(ballot->oldest, now))
        return NULL;
    for (size_t i = 0; i < BALLOT_VOTERS; i++) {
        struct voter *voter = &ballot->voters[i];

        if (voter->id == id)
            return voter;
        if (oldest->id != 0 && (voter->id == 0 || voter->heard.ms < oldest->heard.ms))
            oldest = voter;
        if (voter->id > highest->id)
            highest = voter;
    }
    ballot->full = oldest->id != 0;
    ballot->highest = highest->id;
    ballot->oldest = oldest->heard;
    if (oldest->id == 0 || !lately(oldest->heard, now))
        return oldest;
    return id < highest->id ? highest : NULL;
}

bool ballot_hear(struct ballot *ballot, uint64_t id, struct utc said, struct tick now)
{
    int64_t offset = said.ms - now.ms;
    struct voter *voter;

    id = shuffle(id);
    voter =
        said.ms < BALLOT_EPOCH.ms || said.ms >= BALLOT_END.ms ? NULL : place_of(ballot, id, now);
    if (voter == NULL)
        return false;
    if (voter->id != id)
        ballot->full = false; // until all are looked at again
    if (voter->id != id)
        *voter = (struct voter){ .id = id, .run = offset, .since = now };
    voter->heard = now;
    voter->said = offset;
    if (!near(offset, voter->run, BALLOT_STEADY_MS)) {
        voter->run = offset;
        voter->since = now;
    }
    if (now.ms - voter->since.ms < BALLOT_SPAN_MS)
        return true;
    voter->voted = true;
    voter->vote = offset;
    voter->cast = now;
    return true;
}

static bool votes(const struct voter *voter, struct tick now)
{
    return voter->id != 0 && voter->voted && lately(voter->cast, now);
}

static int by_size(const void *a, const void *b)
{
    const int64_t *one = a, *other = b;

    return (*one > *other) - (*one < *other);
}

/* More than half of the votes are true ones, so that the middle one is, whatever the others are. */
static void find_median(const struct ballot *ballot, struct tick now, struct tally *tally)
{
    int64_t offsets[BALLOT_VOTERS];
    size_t n = 0;

    for (size_t i = 0; i < BALLOT_VOTERS; i++) {
        if (votes(&ballot->voters[i], now))
            offsets[n++] = ballot->voters[i].vote;
    }
    if (n == 0)
        return;
    qsort(offsets, n, sizeof *offsets, by_size);
    tally->median = offsets[n / 2];
    for (size_t i = 0; i < n; i++)
        tally->agreed += near(offsets[i], tally->median, BALLOT_NEAR_MS);
}

struct tally ballot_count(const struct ballot *ballot, int64_t ours, struct tick now)
{
    struct tally tally = { 0 };

    for (size_t i = 0; i < BALLOT_VOTERS; i++) {
        const struct voter *voter = &ballot->voters[i];

        if (voter->id == 0 || !lately(voter->heard, now))
            continue;
        tally.heard++;
        if (!votes(voter, now))
            tally.ahead += voter->said - ours > BALLOT_AHEAD_MS;
        else if (near(voter->vote, ours, BALLOT_NEAR_MS))
            tally.with++;
        else
            tally.against++;
    }
    find_median(ballot, now, &tally);
    return tally;
}

bool ballot_won(const struct tally *tally)
{
    return tally->agreed >= BALLOT_QUORUM && 2 * tally->agreed > tally->heard;
}

bool ballot_is_against(const struct ballot *ballot, uint64_t id, int64_t ours, struct tick now)
{
    const struct voter *voter = find(ballot, shuffle(id));

    return voter != NULL && votes(voter, now) && !near(voter->vote, ours, BALLOT_NEAR_MS);
}
