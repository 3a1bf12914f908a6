/* SPDX-License-Identifier: Apache-2.0 */
/* watch.h - one ping, or one tick of time, against every zone that concerns it: alerts come out. */
#ifndef CORE_WATCH_H
#define CORE_WATCH_H

#include "core/alert.h"
#include "core/rulebook.h"

/* [detect]: the thresholds. */
struct detect {
    int64_t update_ms;       /* an incident that goes on is told again after so long */
    int64_t last_known_ms;   /* an older position opens nothing by itself */
    double unknown_accuracy; /* metres: what an unknown accuracy is taken for */
    double closing_speed;    /* m/s towards a zone that make an approach */
};

/* Pings of a device farther apart than this say nothing about speed. */
/* Nor do late pings farther apart than that belong to one stay. */
enum { WATCH_PAIR_MS = 10 * 60 * 1000, WATCH_LATE_GAP_MS = 10 * 60 * 1000 };

struct watch {
    const struct civil *civil;
    const struct detect *detect;
};

/* Two a zone (one ends as another begins) and three of the device. */
enum { OUTCOME_ALERTS_MAX = 2 * RESPONDENT_ZONES_MAX + 3 };

/* What came of one look. */
struct outcome {
    enum arrival arrival;
    bool device_changed; /* the device's knowledge must survive; so must each incident with its bit
                          */
    uint32_t incidents_changed;
    size_t n;
    struct alert alerts[OUTCOME_ALERTS_MAX];
};

/* One ping of the respondent's device number `device`; `now` is our clock. Always fills *out. */
void watch_ping(const struct watch *watch, const struct respondent *who, struct track *track,
                size_t device, const struct ping *ping, struct utc now, struct outcome *out);

/*
 * Judges every zone again by the last known positions, as at `at`: because time has come to a
 * boundary (CAUSE_TIME), or the zones are others now (CAUSE_RULES). `now` is our clock.
 */
void watch_again(const struct watch *watch, const struct respondent *who, struct track *track,
                 enum cause cause, struct utc at, struct utc now, struct outcome *out);

/*
 * When watch_again must next be called for time's sake, after `at`; UTC_NEVER while nobody is
 * inside.
 */
struct utc watch_due(const struct watch *watch, const struct respondent *who,
                     const struct track *track, struct utc at);

/* The zone is in no order any more: ends what was open. `out` may hold other alerts already. */
void watch_withdraw(const struct exclusion *gone, struct incident *incident, struct utc now,
                    struct outcome *out);

#endif
