/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ballot.h - what time the respondents' devices say that it is: one vote each, whatever he carries
 * and however often he sends. Devices take their times from satellites, so most of them are right.
 */
#ifndef CORE_BALLOT_H
#define CORE_BALLOT_H

#include "core/instant.h"

enum {
    BALLOT_VOTERS = 64,               /* so many respondents are remembered */
    BALLOT_QUORUM = 3,                /* fewer than so many settle nothing */
    BALLOT_NEAR_MS = 60 * 1000,       /* votes so near to each other are of one mind */
    BALLOT_STEADY_MS = 15 * 1000,     /* pings that are equally old within this, */
    BALLOT_SPAN_MS = 10 * 1000,       /* over so long a time, are a vote */
    BALLOT_AHEAD_MS = 120 * 1000,     /* nobody's ping comes before it was made */
    BALLOT_LATELY_MS = 15 * 60 * 1000 /* who was not heard for so long has no voice */
};

#define BALLOT_EPOCH ((struct utc){ 1735689600000 }) /* 2025-01-01: no breachd ran before it, */
#define BALLOT_END   ((struct utc){ 3471292800000 }) /* 2080-01-01: nor will one after this */

/* Offsets are in ms: a time less the tick at which it was said. */
struct voter {
    uint64_t id;       /* the respondent's, shuffled; 0: an empty place */
    struct tick heard; /* last */
    int64_t said;      /* the newest offset, */
    int64_t run;       /* that of the first of those in a row that agree, */
    struct tick since; /* and when that came */
    bool voted;
    int64_t vote;     /* the newest offset that was steady, */
    struct tick cast; /* and when it was said */
};

/* Zeroed has heard nobody. */
struct ballot {
    struct voter voters[BALLOT_VOTERS];
    /* While it is full, so that whoever has no place in it need not look at all of them: */
    bool full;
    uint64_t highest;   /* of all ids, */
    struct tick oldest; /* and nobody was heard before this */
};

/* The votes of those heard lately. */
struct tally {
    unsigned heard;
    unsigned with;    /* voted within BALLOT_NEAR_MS of the offset that was asked about, */
    unsigned against; /* or for something else, */
    unsigned ahead;   /* or did not vote yet, and spoke from the future */
    unsigned agreed;  /* of one mind with the median, */
    int64_t median;   /* of the votes; 0 when there are none */
};

/*
 * A ping of that respondent (name_hash() of his id) has just come, and was made at `said`, as it
 * says. Two of his that are equally old and 10 s apart are his vote: what was held up comes in a
 * burst, each younger than the one before. His vote stands until he steadily says something else,
 * or BALLOT_LATELY_MS long. Before BALLOT_EPOCH, and from BALLOT_END on, it is no time at all.
 *
 * When it is full, who is not heard any more makes room, or else the highest of all ids, this one
 * among them: so it is a sample, and who sends more is not sooner in it. False when
 * there is no place for him: then nothing is counted otherwise than before.
 */
bool ballot_hear(struct ballot *ballot, uint64_t id, struct utc said, struct tick now);

/* Counts, about the offset `ours`. */
struct tally ballot_count(const struct ballot *ballot, int64_t ours, struct tick now);

/* Whether the median is the time of BALLOT_QUORUM at least, and of more than half of all heard. */
bool ballot_won(const struct tally *tally);

/* Whether this respondent's vote is for another time than `ours`. */
bool ballot_is_against(const struct ballot *ballot, uint64_t id, int64_t ours, struct tick now);

#endif
