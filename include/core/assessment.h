/* SPDX-License-Identifier: Apache-2.0 */
/* assessment.h - one zone at one instant, by one device's position; for watch.c, observation.c. */
#ifndef CORE_ASSESSMENT_H
#define CORE_ASSESSMENT_H

#include "core/watch.h"

struct assessment {
    const struct watch *watch;
    const struct respondent *who;
    const struct track *track;
    size_t nth; /* of the respondent's exclusions */
    const struct exclusion *exclusion;
    struct incident *incident;
    bool moved;     /* the zone, or whose it is, is not what the incident is about */
    bool elsewhere; /* this ping is of a device that is at two places, from where it cannot be */
    size_t device_nth;
    const char *device;
    struct position at; /* the position looked at */
    double distance;    /* of it, metres from the edge, negative inside */
    double alone;       /* 0..1: inside, by this position alone; NaN: see assessment_alone() */
    double inside;      /* 0..1: by all of its device's pings up to it; NaN: not asked */
    bool was_inside;    /* something grave is open by what the device told so far */
    double way;         /* 0..1: that he was, since the ping before or the one before that */
    double before;      /* of the device's newest position before it; NaN: not asked yet */
    double closing;     /* m/s towards the zone; NaN: unknown */
    double earliest;    /* seconds to the zone at the fastest that he was seen to go */
    int64_t gap_ms;     /* of the way, when it is not clear */
    struct utc when;    /* the instant judged */
    struct utc now;     /* our clock */
    enum standing was;  /* standing just before `when` */
    struct situation situation;
};

struct assessment assessment_of(const struct watch *watch, const struct respondent *who,
                                struct track *track, size_t nth);

/* 0..1: what the position says alone, of the distance that is set: asked more than once. */
double assessment_alone(struct assessment *assessment);

/* The surest of the devices' scores, and whether any speaks for his being inside. */
double assessment_score(const struct detect *detect, const struct incident *incident);
bool assessment_alive(const struct incident *incident);

/* What a score means by the thresholds, of who is alive. */
enum zone_side assessment_side(const struct detect *detect, double score, bool alive);

/*
 * Decides what the assessment means for its incident, twice where one ends and another begins at
 * once, and adds the alerts to `out`. The caller has filled all but `was` and what of the situation
 * time alone tells.
 */
void assessment_settle(struct assessment *assessment, struct outcome *out);

/* The same in its two steps: true when an incident ended, so that the second is to follow. */
bool assessment_settle_once(struct assessment *assessment, struct outcome *out);
bool assessment_settle_anew(struct assessment *assessment, struct outcome *out);

#endif
