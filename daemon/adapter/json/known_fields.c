/* SPDX-License-Identifier: Apache-2.0 */
/*
 * known_fields.c - what is kept of each thing known, a row of a table each: its name in the ledger.
 */
#include "adapter/json/known_parts.h"

#include <stddef.h>

#define ONE(kind, of, member, name)                                                                \
    {                                                                                              \
        name, kind, offsetof(struct of, member), 0, 0, 0                                           \
    }
#define BELOW(limit, kind, of, member, name)                                                       \
    {                                                                                              \
        name, kind, offsetof(struct of, member), 0, 0, limit                                       \
    }
#define EACH(kind, of, array, size, member, name)                                                  \
    {                                                                                              \
        name, kind, offsetof(struct of, array[0].member), size, sizeof((struct of *)0)->array[0],  \
            0                                                                                      \
    }

#define ALL(kind, of, array, size, name)                                                           \
    {                                                                                              \
        name, kind, offsetof(struct of, array), size, sizeof((struct of *)0)->array[0], 0          \
    }

static const struct field device_fields[] = {
    ONE(FLAG, known_device, heard, "heard"),
    ONE(FLAG, known_device, near, "near"),
    ONE(FLAG, known_device, tampered, "tampered"),
    ONE(FLAG, known_device, battery_low, "battery_low"),
    ONE(FLAG, known_device, clock_wrong, "clock_wrong"),
    ONE(COUNT, known_device, charge, "charge"),
    BELOW(LAG_FAULTS, COUNT, known_device, lag.fault, "clock_fault"),
    ONE(WHOLE, known_device, lag.offset_ms, "clock_offset"),
    ONE(WHOLE, known_device, lag.group.time.ms, "clock_time"),
    ONE(WHOLE, known_device, lag.group.came.ms, "clock_came"),
    ONE(WHOLE, known_device, lag.before.time.ms, "clock_before_time"),
    ONE(WHOLE, known_device, lag.before.came.ms, "clock_before_came"),
    ONE(WHOLE, known_device, lag.first.time.ms, "clock_first_time"),
    ONE(WHOLE, known_device, lag.first.came.ms, "clock_first_came"),
    ONE(COUNT, known_device, lag.run, "clock_run"),
    ONE(WHOLE, known_device, lag.opened.ms, "clock_opened"),
    ONE(WHOLE, known_device, lag.last.ms, "clock_last"),
    ONE(FLAG, known_device, lag.disorder, "clock_disorder"),
    ONE(WHOLE, known_device, lag.since.ms, "clock_since"),
    ONE(WHOLE, known_device, lag.quiet_ms, "clock_quiet"),
    ONE(COUNT, known_device, lag.pauses, "clock_pauses"),
    ONE(COUNT, known_device, lag.stalled, "clock_stalled"),
    ONE(WHOLE, known_device, lag.best.time.ms, "clock_best_time"),
    ONE(WHOLE, known_device, lag.best.came.ms, "clock_best_came"),
    ONE(WHOLE, known_device, newest_came.ms, "came"),
    ONE(FLAG, known_device, newest_guessed, "time_guessed"),
    ONE(WHOLE, known_device, newest.time.ms, "time"),
    ONE(REAL, known_device, newest.at.lon, "lon"),
    ONE(REAL, known_device, newest.at.lat, "lat"),
    ONE(REAL, known_device, newest.accuracy, "accuracy"),
    ONE(REAL, known_device, newest.percentile, "percentile"),
    EACH(WHOLE, known_device, recent, DEVICE_RECENT, time.ms, "recent_time"),
    EACH(REAL, known_device, recent, DEVICE_RECENT, at.lon, "recent_lon"),
    EACH(REAL, known_device, recent, DEVICE_RECENT, at.lat, "recent_lat"),
    BELOW(DEVICE_RECENT, COUNT, known_device, recent_next, "recent_next"),
    ONE(COUNT, known_device, recent_coarse, "recent_coarse"),
    EACH(WHOLE, known_device, remarks, DEVICE_REMARKS, time.ms, "remark_time"),
    EACH(COUNT, known_device, remarks, DEVICE_REMARKS, said, "remark_said"),
    BELOW(DEVICE_REMARKS, COUNT, known_device, remarks_next, "remarks_next"),
    ONE(WHOLE, known_device, doubted.time.ms, "doubted_time"),
    ONE(REAL, known_device, doubted.at.lon, "doubted_lon"),
    ONE(REAL, known_device, doubted.at.lat, "doubted_lat"),
    ONE(REAL, known_device, doubted.accuracy, "doubted_accuracy"),
    ONE(REAL, known_device, doubted.percentile, "doubted_percentile"),
    ONE(COUNT, known_device, doubts, "doubts"),
    ONE(WHOLE, known_device, elsewhere.at.time.ms, "elsewhere_time"),
    ONE(REAL, known_device, elsewhere.at.at.lon, "elsewhere_lon"),
    ONE(REAL, known_device, elsewhere.at.at.lat, "elsewhere_lat"),
    ONE(REAL, known_device, elsewhere.at.accuracy, "elsewhere_accuracy"),
    ONE(REAL, known_device, elsewhere.at.percentile, "elsewhere_percentile"),
    ONE(COUNT, known_device, elsewhere.pings, "elsewhere_pings"),
    ONE(FLAG, known_device, elsewhere.parted, "elsewhere_parted"),
    ONE(FLAG, known_device, elsewhere.back, "elsewhere_back"),
    ONE(COUNT, known_device, elsewhere.leaps, "elsewhere_leaps"),
    ONE(WHOLE, known_device, elsewhere.leaps_since.ms, "elsewhere_leaps_since"),
    ONE(WHOLE, known_device, elsewhere.torn.ms, "elsewhere_torn"),
    ONE(REAL, known_device, frozen.at.lon, "frozen_lon"),
    ONE(REAL, known_device, frozen.at.lat, "frozen_lat"),
    ONE(COUNT, known_device, frozen.pings, "frozen_pings"),
    ONE(WHOLE, known_device, frozen.since.ms, "frozen_since"),
    ONE(FLAG, known_device, two_places, "two_places"),
    ONE(FLAG, known_device, swapped, "swapped"),
    ONE(FLAG, known_device, inaccurate, "inaccurate"),
    ONE(REAL, known_device, habit, "habit"),
    ONE(COUNT, known_device, habit_pings, "habit_pings"),
    ONE(COUNT, known_device, worse, "worse"),
    ONE(WHOLE, known_device, worse_since.ms, "worse_since"),
    ONE(COUNT, known_device, swaps, "swaps"),
    ONE(COUNT, known_device, alerts, "alerts"),
    EACH(COUNT, known_device, troubles, TROUBLES, number, "trouble_number"),
    EACH(COUNT, known_device, troubles, TROUBLES, after, "trouble_after"),
    EACH(COUNT, known_device, troubles, TROUBLES, count, "trouble_count"),
    EACH(COUNT, known_device, troubles, TROUBLES, told_count, "trouble_told_count"),
    EACH(WHOLE, known_device, troubles, TROUBLES, opened.ms, "trouble_opened"),
    EACH(WHOLE, known_device, troubles, TROUBLES, told.ms, "trouble_told"),
    EACH(WHOLE, known_device, troubles, TROUBLES, well.ms, "trouble_well"),
    EACH(FLAG, known_device, troubles, TROUBLES, over, "trouble_over"),
    EACH(FLAG, known_device, troubles, TROUBLES, closed, "trouble_closed"),
    ONE(FLAG, known_device, unkept, "unkept"),
    ONE(WHOLE, known_device, health_kept.ms, "health_kept"),
    ONE(REAL, known_device, updates.spent, "updates_spent"),
    ONE(WHOLE, known_device, updates.since.ms, "updates_since"),
    ONE(REAL, known_device, past.spent, "past_spent"),
    ONE(WHOLE, known_device, past.since.ms, "past_since"),
    ONE(REAL, known_device, written.spent, "written_spent"),
    ONE(WHOLE, known_device, written.since.ms, "written_since"),
    ONE(COUNT, known_device, held_back, "held_back"),
    EACH(WHOLE, known_device, trail, TRAIL_PLACES, at.time.ms, "trail_time"),
    EACH(REAL, known_device, trail, TRAIL_PLACES, at.at.lon, "trail_lon"),
    EACH(REAL, known_device, trail, TRAIL_PLACES, at.at.lat, "trail_lat"),
    EACH(REAL, known_device, trail, TRAIL_PLACES, at.accuracy, "trail_accuracy"),
    EACH(REAL, known_device, trail, TRAIL_PLACES, at.percentile, "trail_percentile"),
    EACH(REAL, known_device, trail, TRAIL_PLACES, speed, "trail_speed"),
    BELOW(TRAIL_PLACES, COUNT, known_device, trail_next, "trail_next"),
    ONE(REAL, known_device, pace, "pace"),
    ONE(REAL, known_device, error_scale, "error_scale"),
    ONE(REAL, known_device, rested, "rested"),
    ONE(REAL, known_device, rests_at.lon, "rests_lon"),
    ONE(REAL, known_device, rests_at.lat, "rests_lat"),
    ONE(WHOLE, known_device, listened.ms, "listened"),
    ONE(WHOLE, known_device, talked.ms, "talked"),
    ONE(WHOLE, known_device, arrived.ms, "arrived"),
    ONE(REAL, known_device, interval_ms, "interval"),
    ONE(REAL, known_device, jitter_ms, "jitter"),
    ONE(COUNT, known_device, silent, "silent"),
    ONE(WHOLE, known_device, talking.ms, "talking"),
    BELOW(SILENCE_TALKS_AGAIN + 1, CHOICE, known_device, silent_cause, "silent_cause"),
    ONE(COUNT, known_device, carrier, "carrier"),
    ONE(WHOLE, known_device, carried.ms, "carried"),
    ONE(COUNT, known_device, righted, "righted"),
};

/* What is believed of a device: its members too. */
static const struct field estimate_fields[] = {
    ONE(REAL, estimate, origin.lon, "belief_lon"),
    ONE(REAL, estimate, origin.lat, "belief_lat"),
    ONE(WHOLE, estimate, heard.ms, "belief_heard"),
    ONE(WHOLE, estimate, belief.when.ms, "belief_time"),
    ONE(REAL, estimate, belief.last.x, "belief_last_x"),
    ONE(REAL, estimate, belief.last.y, "belief_last_y"),
    ONE(REAL, estimate, belief.scale, "belief_scale"),
    ONE(REAL, estimate, belief.deviation, "belief_deviation"),
    ONE(REAL, estimate, belief.rested, "belief_rested"),
    ONE(REAL, estimate, belief.came, "belief_came"),
    BELOW(BELIEF_COMPONENTS + 1, COUNT, estimate, belief.n, "belief_n"),
    ONE(COUNT, estimate, belief.frozen, "belief_frozen"),
    ONE(REAL, estimate, belief.seconds, "belief_seconds"),
    EACH(REAL, estimate, belief.components, BELIEF_COMPONENTS, weight, "belief_weight"),
    EACH(REAL, estimate, belief.components, BELIEF_COMPONENTS, at.x, "belief_x"),
    EACH(REAL, estimate, belief.components, BELIEF_COMPONENTS, at.y, "belief_y"),
    EACH(REAL, estimate, belief.components, BELIEF_COMPONENTS, velocity.x, "belief_vx"),
    EACH(REAL, estimate, belief.components, BELIEF_COMPONENTS, velocity.y, "belief_vy"),
    EACH(REAL, estimate, belief.components, BELIEF_COMPONENTS, slow.x, "belief_ux"),
    EACH(REAL, estimate, belief.components, BELIEF_COMPONENTS, slow.y, "belief_uy"),
    EACH(REAL, estimate, belief.components, BELIEF_COMPONENTS, pp, "belief_pp"),
    EACH(REAL, estimate, belief.components, BELIEF_COMPONENTS, pv, "belief_pv"),
    EACH(REAL, estimate, belief.components, BELIEF_COMPONENTS, pu, "belief_pu"),
    EACH(REAL, estimate, belief.components, BELIEF_COMPONENTS, vv, "belief_vv"),
    EACH(REAL, estimate, belief.components, BELIEF_COMPONENTS, vu, "belief_vu"),
    EACH(REAL, estimate, belief.components, BELIEF_COMPONENTS, uu, "belief_uu"),
    EACH(COUNT, estimate, belief.components, BELIEF_COMPONENTS, mode, "belief_mode"),
    EACH(COUNT, estimate, belief.components, BELIEF_COMPONENTS, quality, "belief_quality"),
    EACH(REAL, estimate, belief.origins, BELIEF_ORIGINS, at.x, "belief_from_x"),
    EACH(REAL, estimate, belief.origins, BELIEF_ORIGINS, at.y, "belief_from_y"),
    EACH(REAL, estimate, belief.origins, BELIEF_ORIGINS, velocity.x, "belief_from_vx"),
    EACH(REAL, estimate, belief.origins, BELIEF_ORIGINS, velocity.y, "belief_from_vy"),
    EACH(REAL, estimate, belief.origins, BELIEF_ORIGINS, pp, "belief_from_pp"),
    EACH(REAL, estimate, belief.origins, BELIEF_ORIGINS, pv, "belief_from_pv"),
    EACH(REAL, estimate, belief.origins, BELIEF_ORIGINS, vv, "belief_from_vv"),
    EACH(COUNT, estimate, belief.origins, BELIEF_ORIGINS, mode, "belief_from_mode"),
    EACH(COUNT, estimate, belief.origins, BELIEF_ORIGINS, born, "belief_from_born"),
};

static const struct field incident_fields[] = {
    BELOW(PHASE_BREACH + 1, CHOICE, incident, phase, "phase"),
    ONE(FLAG, incident, authorised, "authorised"),
    ONE(COUNT, incident, number, "number"),
    ONE(COUNT, incident, numbers, "numbers"),
    ONE(COUNT, incident, alerts, "alerts"),
    ONE(COUNT, incident, pings, "pings"),
    ONE(REAL, incident, inside, "inside"),
    ONE(WHOLE, incident, opened.ms, "opened"),
    ONE(WHOLE, incident, told.ms, "told"),
    ONE(WHOLE, incident, ended.ms, "ended"),
    ONE(WHOLE, incident, entered.ms, "entered"),
    ONE(WHOLE, incident, before_from.ms, "before_from"),
    ONE(WHOLE, incident, before_until.ms, "before_until"),
    ONE(WHOLE, incident, late_from.ms, "late_from"),
    ONE(WHOLE, incident, late_until.ms, "late_until"),
    EACH(WHOLE, incident, older, INCIDENT_OLDER, from.ms, "older_from"),
    EACH(WHOLE, incident, older, INCIDENT_OLDER, until.ms, "older_until"),
    BELOW(INCIDENT_OLDER, COUNT, incident, older_next, "older_next"),
    ONE(REAL, incident, eta_told, "eta_told"),
    ONE(REAL, incident, openings.spent, "openings_spent"),
    ONE(WHOLE, incident, openings.since.ms, "openings_since"),
    ONE(FLAG, incident, closed, "closed"),
    ONE(FLAG, incident, kept, "kept"),
    ONE(WIDE, incident, shape, "shape"),
    ONE(WIDE, incident, place, "place"),
    ALL(COUNT, incident, carriers, TRACK_DEVICES_MAX, "carriers"),
    ONE(COUNT, incident, person, "person"),
    ALL(REAL, incident, scores, TRACK_DEVICES_MAX, "scores"),
    ONE(COUNT, incident, held_by, "held_by"),
    ONE(WHOLE, incident, run.ms, "run"),
    ONE(REAL, incident, late_score, "late_score"),
    ONE(WHOLE, incident, late_at.ms, "late_at"),
    ONE(COUNT, incident, unbelieved, "unbelieved"),
    ONE(WHOLE, incident, unbelieved_at.ms, "unbelieved_at"),
    ONE(COUNT, incident, elsewhere_by, "elsewhere_by"),
    ONE(WHOLE, incident, elsewhere.ms, "elsewhere"),
    ONE(COUNT, incident, coming_by, "coming_by"),
    ONE(COUNT, incident, silent_by, "silent_by"),
    ONE(COUNT, incident, righted, "righted"),
};

static const struct field ping_fields[] = {
    ONE(WHOLE, ping, time.ms, "time"),
    ONE(REAL, ping, at.lon, "lon"),
    ONE(REAL, ping, at.lat, "lat"),
    ONE(REAL, ping, accuracy, "accuracy"),
    ONE(REAL, ping, percentile, "percentile"),
    ONE(REAL, ping, speed, "speed"),
    ONE(REAL, ping, course, "course"),
    ONE(REAL, ping, battery, "battery"),
    ONE(FLAG, ping, tamper, "tamper"),
    ONE(FLAG, ping, no_fix, "untrusted"), // as ledgers have always called it
    ONE(FLAG, ping, doubted, "doubted"),
    ONE(FLAG, ping, battery_low, "battery_low"),
    BELOW(PING_ALARM_MAX + 1, TEXT, ping, alarm, "alarm"),
};

static const struct field custody_fields[] = {
    ONE(WHOLE, custody, since.ms, "since"),
    ONE(COUNT, custody, reminded, "reminded"),
    ONE(COUNT, custody, told, "told"),
    ONE(FLAG, custody, taken, "taken"),
    ONE(FLAG, custody, closed, "closed"),
    BELOW(CUSTODY_BY_MAX, TEXT, custody, by, "by"),
    ONE(FLAG, custody, unseen, "unseen"),
    BELOW(CUSTODY_ENTRY_MAX, TEXT, custody, since_entry, "since_entry"),
    BELOW(CUSTODY_NOTE_MAX, TEXT, custody, note, "note"),
    ONE(WHOLE, custody, shelved.ms, "shelved"),
    ONE(COUNT, custody, shelved_at, "shelved_at"),
    ONE(FLAG, custody, outgrown, "outgrown"),
    BELOW(CUSTODY_BY_MAX, TEXT, custody, shelved_by, "shelved_by"),
    ONE(COUNT, custody, righted, "righted"),
    ONE(FLAG, custody, lost, "lost"),
    ONE(FLAG, custody, forgotten, "forgotten"),
};

#define TABLE(fields)                                                                              \
    {                                                                                              \
        fields, sizeof(fields) / sizeof *(fields)                                                  \
    }

const struct known_table known_pings = TABLE(ping_fields);
const struct known_table known_devices = TABLE(device_fields);
const struct known_table known_estimates = TABLE(estimate_fields);
const struct known_table known_incidents = TABLE(incident_fields);
const struct known_table known_custodies = TABLE(custody_fields);
