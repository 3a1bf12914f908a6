/* SPDX-License-Identifier: Apache-2.0 */
/* judge.h - who looks at the pings of a run and says what they mean: breachd's core, and rivals. */
#ifndef DETECT_JUDGE_H
#define DETECT_JUDGE_H

#include "detect/run.h"
#include "detect/site.h"

#include "core/watch.h"

enum judge {
    OURS,
    BELIEF,    /* core/belief, and thresholds of its probabilities: filter.h */
    PLAIN,     /* inside when the fix is inside */
    CONTAINED, /* when its whole accuracy circle is; out when the fix is outside */
    THREE_OF_FIVE,
    DWELL_30S, /* when all fixes of 30 s are inside */
    JUDGES
};

const char *judge_name(enum judge judge);

enum word {
    SAYS_ELSE, /* what the bench does not count */
    SAYS_APPROACH,
    SAYS_POSSIBLE,
    SAYS_BREACH,
    SAYS_CLEARED,
    SAYS_PAST,
    SAYS_SILENT
};

/* One alert. */
struct saying {
    enum word word;
    double at;         /* seconds since the run began: when we knew */
    double about;      /* and of when it speaks */
    size_t fix;        /* the fix, in order of arrival, that brought it or came before it */
    bool high, no_fix; /* of a silence: its severity, and its cause */
};

struct sayings {
    struct saying *list;
    size_t n, room;
    /*
     * Of OURS, for each fix in order of arrival: how surely it has him inside, 0..1; 0 also where
     * the zone was too far off to be looked at; NaN when the fix was none of the present.
     */
    double *inside;
    size_t n_inside, inside_room;
};

void sayings_add(struct sayings *sayings, const struct saying *saying);
void sayings_add_inside(struct sayings *sayings, double inside);
void sayings_fini(struct sayings *sayings);

/* Empties `out`, then fills it. `detect` is for OURS. */
void judge_run(enum judge judge, const struct detect *detect, const struct site *site,
               const struct run *run, struct sayings *out);

/*
 * The thresholds that breachd has with `lines` in [detect] of breachd.conf; "" is as shipped. What
 * is refused is printed and ends the program.
 */
struct detect judge_detect(const char *lines);

/*
 * Per cent: how often the circle that a device tells to OURS holds the truth, where the receiver
 * knows that of 68 %, and what breachd.conf says of it. 68 and 68 at first; rivals have that of 68.
 */
struct percentiles {
    double reported, said;
};
extern struct percentiles judge_percentiles;

/* filter.c */
void judge_belief(const struct site *site, const struct run *run, struct sayings *out);

/* ours.c */
void judge_ours(const struct detect *detect, const struct site *site, const struct run *run,
                struct sayings *out);

#endif
