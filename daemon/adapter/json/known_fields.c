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

/* ---- what several have, each named once; ROW is one of the above, of one struct ---- */

#define LONLAT(ROW, where, name) ROW(REAL, where.lon, name "lon"), ROW(REAL, where.lat, name "lat")
#define METRES(ROW, where, name) ROW(REAL, where.x, name "x"), ROW(REAL, where.y, name "y")
#define POSITION(ROW, where, name)                                                                 \
    ROW(WHOLE, where.time.ms, name "time"), LONLAT(ROW, where.at, name),                           \
        ROW(REAL, where.accuracy, name "accuracy"), ROW(REAL, where.percentile, name "percentile")
#define LAG_GROUP(ROW, where, name)                                                                \
    ROW(WHOLE, where.time.ms, name "time"), ROW(WHOLE, where.came.ms, name "came")
#define LAG_PACE(ROW, where, name)                                                                 \
    LAG_GROUP(ROW, where.group, name), LAG_GROUP(ROW, where.before, name "before_"),               \
        LAG_GROUP(ROW, where.first, name "first_"), ROW(COUNT, where.run, name "run"),             \
        ROW(WHOLE, where.opened.ms, name "opened"), ROW(WHOLE, where.last.ms, name "last"),        \
        ROW(FLAG, where.disorder, name "disorder"), ROW(COUNT, where.backs, name "backs"),         \
        LAG_GROUP(ROW, where.earlier, name "earlier_"), ROW(COUNT, where.sames, name "sames"),     \
        ROW(COUNT, where.ages, name "ages"), ROW(FLAG, where.forth, name "forth")
#define ALLOWANCE(ROW, where, name)                                                                \
    ROW(REAL, where.spent, name "_spent"), ROW(WHOLE, where.since.ms, name "_since")

#define OF_DEVICE(kind, member, name)   ONE(kind, known_device, member, name)
#define OF_RECENT(kind, member, name)   EACH(kind, known_device, recent, DEVICE_RECENT, member, name)
#define OF_TROUBLE(kind, member, name)  EACH(kind, known_device, troubles, TROUBLES, member, name)
#define OF_TRAIL(kind, member, name)    EACH(kind, known_device, trail, TRAIL_PLACES, member, name)
#define OF_ESTIMATE(kind, member, name) ONE(kind, estimate, member, name)
#define OF_COMPONENT(kind, member, name)                                                           \
    EACH(kind, estimate, belief.components, BELIEF_COMPONENTS, member, name)
#define OF_ORIGIN(kind, member, name)                                                              \
    EACH(kind, estimate, belief.origins, BELIEF_ORIGINS, member, name)
#define OF_INCIDENT(kind, member, name) ONE(kind, incident, member, name)
#define OF_RUN(kind, member, name)      EACH(kind, incident, runs, INCIDENT_RUNS, member, name)
#define OF_PING(kind, member, name)     ONE(kind, ping, member, name)
#define OF_CUSTODY(kind, member, name)  ONE(kind, custody, member, name)

static const struct field device_fields[] = {
    OF_DEVICE(FLAG, heard, "heard"),
    OF_DEVICE(FLAG, near, "near"),
    OF_DEVICE(FLAG, tampered, "tampered"),
    OF_DEVICE(FLAG, battery_low, "battery_low"),
    OF_DEVICE(FLAG, mocked, "mocked"),
    OF_DEVICE(FLAG, besides, "mocked_besides"),
    OF_DEVICE(FLAG, clock_wrong, "clock_wrong"),
    OF_DEVICE(COUNT, charge, "charge"),
    BELOW(LAG_FAULTS, COUNT, known_device, lag.fault, "clock_fault"),
    OF_DEVICE(WHOLE, lag.offset_ms, "clock_offset"),
    LAG_PACE(OF_DEVICE, lag.pace, "clock_"),
    OF_DEVICE(WHOLE, lag.since.ms, "clock_since"),
    OF_DEVICE(WHOLE, lag.quiet_ms, "clock_quiet"),
    OF_DEVICE(COUNT, lag.pauses, "clock_pauses"),
    OF_DEVICE(COUNT, lag.stalled, "clock_stalled"),
    LAG_GROUP(OF_DEVICE, lag.best, "clock_best_"),
    OF_DEVICE(WHOLE, lag.mix.fresh.ms, "clocks_fresh"),
    OF_DEVICE(WHOLE, lag.mix.breath.ms, "clocks_breath"),
    OF_DEVICE(WHOLE, lag.mix.heard.ms, "clocks_heard"),
    LAG_PACE(OF_DEVICE, lag.mix.pace, "clocks_"),
    LAG_GROUP(OF_DEVICE, lag.mix.front, "clocks_front_"),
    LAG_GROUP(OF_DEVICE, lag.mix.anchor, "clocks_anchor_"),
    OF_DEVICE(COUNT, lag.mix.fronts, "clocks_fronts"),
    OF_DEVICE(WHOLE, lag.mix.band.least.ms, "clocks_band_least"),
    OF_DEVICE(WHOLE, lag.mix.band.most.ms, "clocks_band_most"),
    OF_DEVICE(WHOLE, lag.mix.band.since.ms, "clocks_band_since"),
    OF_DEVICE(COUNT, lag.mix.band.pings, "clocks_band_pings"),
    OF_DEVICE(WHOLE, lag.mix.begun.ms, "clocks_begun"),
    OF_DEVICE(WHOLE, lag.mix.since.ms, "clocks_since"),
    OF_DEVICE(COUNT, lag.mix.lulls, "clocks_lulls"),
    OF_DEVICE(WHOLE, lag.mix.lulled_ms, "clocks_lulled"),
    OF_DEVICE(WHOLE, lag.mix.found.ms, "clocks_found"),
    OF_DEVICE(WHOLE, newest_came.ms, "came"),
    OF_DEVICE(FLAG, newest_guessed, "time_guessed"),
    POSITION(OF_DEVICE, newest, ""),
    OF_RECENT(WHOLE, time.ms, "recent_time"),
    LONLAT(OF_RECENT, at, "recent_"),
    BELOW(DEVICE_RECENT, COUNT, known_device, recent_next, "recent_next"),
    OF_DEVICE(COUNT, recent_coarse, "recent_coarse"),
    EACH(WHOLE, known_device, remarks, DEVICE_REMARKS, time.ms, "remark_time"),
    EACH(COUNT, known_device, remarks, DEVICE_REMARKS, said, "remark_said"),
    BELOW(DEVICE_REMARKS, COUNT, known_device, remarks_next, "remarks_next"),
    POSITION(OF_DEVICE, doubted, "doubted_"),
    OF_DEVICE(COUNT, doubts, "doubts"),
    POSITION(OF_DEVICE, elsewhere.at, "elsewhere_"),
    OF_DEVICE(COUNT, elsewhere.pings, "elsewhere_pings"),
    OF_DEVICE(FLAG, elsewhere.parted, "elsewhere_parted"),
    OF_DEVICE(FLAG, back_here, "elsewhere_back"),
    OF_DEVICE(COUNT, elsewhere.leaps, "elsewhere_leaps"),
    OF_DEVICE(WHOLE, elsewhere.leaps_since.ms, "elsewhere_leaps_since"),
    OF_DEVICE(WHOLE, elsewhere.torn.ms, "elsewhere_torn"),
    OF_DEVICE(WHOLE, elsewhere.alike.ms, "elsewhere_alike"),
    LONLAT(OF_DEVICE, frozen.at, "frozen_"),
    OF_DEVICE(COUNT, frozen.pings, "frozen_pings"),
    OF_DEVICE(WHOLE, frozen.since.ms, "frozen_since"),
    POSITION(OF_DEVICE, masts.at, "masts_"),
    OF_DEVICE(COUNT, masts.fixes, "masts"),
    OF_DEVICE(WHOLE, masts.since.ms, "masts_since"),
    OF_DEVICE(FLAG, masts.overruled, "masts_overruled"),
    POSITION(OF_DEVICE, oscillation.last, "oscillation_"),
    LONLAT(OF_DEVICE, oscillation.home, "oscillation_home_"),
    OF_DEVICE(FLAG, oscillation.at_home, "oscillation_at_home"),
    OF_DEVICE(FLAG, oscillation.away, "oscillation_away"),
    OF_DEVICE(FLAG, oscillation.fast, "oscillation_fast"),
    OF_DEVICE(REAL, oscillation.off, "oscillation_off"),
    OF_DEVICE(REAL, oscillation.east, "oscillation_east"),
    OF_DEVICE(REAL, oscillation.north, "oscillation_north"),
    OF_DEVICE(REAL, oscillation.seconds, "oscillation_seconds"),
    OF_DEVICE(COUNT, oscillation.astray, "oscillation_astray"),
    OF_DEVICE(REAL, oscillation.turns, "oscillation_turns"),
    OF_DEVICE(REAL, oscillation.swings, "oscillation_swings"),
    OF_DEVICE(WHOLE, oscillation.back.ms, "oscillation_back"),
    OF_DEVICE(WHOLE, oscillation.turned.ms, "oscillation_turned"),
    OF_DEVICE(WHOLE, oscillation.swung.ms, "oscillation_swung"),
    OF_DEVICE(FLAG, two_places, "two_places"),
    OF_DEVICE(FLAG, two_alike, "two_alike"),
    OF_DEVICE(FLAG, swapped, "swapped"),
    OF_DEVICE(FLAG, inaccurate, "inaccurate"),
    OF_DEVICE(REAL, habit, "habit"),
    OF_DEVICE(COUNT, habit_pings, "habit_pings"),
    OF_DEVICE(COUNT, worse, "worse"),
    OF_DEVICE(WHOLE, worse_since.ms, "worse_since"),
    OF_DEVICE(COUNT, swaps, "swaps"),
    OF_DEVICE(COUNT, alerts, "alerts"),
    OF_TROUBLE(COUNT, number, "trouble_number"),
    OF_TROUBLE(COUNT, after, "trouble_after"),
    OF_TROUBLE(COUNT, count, "trouble_count"),
    OF_TROUBLE(COUNT, alerted_count, "trouble_told_count"),
    OF_TROUBLE(WHOLE, opened.ms, "trouble_opened"),
    OF_TROUBLE(WHOLE, alerted.ms, "trouble_told"),
    OF_TROUBLE(WHOLE, well.ms, "trouble_well"),
    OF_TROUBLE(FLAG, over, "trouble_over"),
    OF_TROUBLE(FLAG, closed, "trouble_closed"),
    OF_DEVICE(FLAG, unkept, "unkept"),
    OF_DEVICE(WHOLE, health_kept.ms, "health_kept"),
    POSITION(OF_DEVICE, tampered_at, "tampered_"),
    POSITION(OF_DEVICE, battery_low_at, "battery_low_"),
    ALLOWANCE(OF_DEVICE, updates, "updates"),
    ALLOWANCE(OF_DEVICE, past, "past"),
    ALLOWANCE(OF_DEVICE, written, "written"),
    OF_DEVICE(COUNT, held_back, "held_back"),
    OF_DEVICE(WHOLE, refused.ms, "refused"),
    BELOW(REFUSED_FOR_MAX + 1, TEXT, known_device, refused_for, "refused_for"),
    POSITION(OF_TRAIL, at, "trail_"),
    OF_TRAIL(REAL, speed, "trail_speed"),
    BELOW(TRAIL_PLACES, COUNT, known_device, trail_next, "trail_next"),
    OF_DEVICE(REAL, pace, "pace"),
    OF_DEVICE(REAL, error_scale, "error_scale"),
    OF_DEVICE(REAL, rested, "rested"),
    LONLAT(OF_DEVICE, rests_at, "rests_"),
    OF_DEVICE(WHOLE, listened.ms, "listened"),
    OF_DEVICE(WHOLE, talked.ms, "talked"),
    OF_DEVICE(WHOLE, arrived.ms, "arrived"),
    OF_DEVICE(REAL, interval_ms, "interval"),
    OF_DEVICE(REAL, jitter_ms, "jitter"),
    ALLOWANCE(OF_DEVICE, lulls, "lulls"),
    OF_DEVICE(REAL, lull_ms, "lull"),
    OF_DEVICE(COUNT, silent, "silent"),
    OF_DEVICE(WHOLE, talking.ms, "talking"),
    BELOW(SILENCE_TALKS_AGAIN + 1, CHOICE, known_device, silent_cause, "silent_cause"),
    OF_DEVICE(COUNT, carrier, "carrier"),
    OF_DEVICE(WHOLE, carried.ms, "carried"),
    OF_DEVICE(COUNT, corrected, "righted"),
};

/* What is believed of a device: its members too. */
static const struct field estimate_fields[] = {
    LONLAT(OF_ESTIMATE, origin, "belief_"),
    OF_ESTIMATE(WHOLE, heard.ms, "belief_heard"),
    OF_ESTIMATE(WHOLE, belief.when.ms, "belief_time"),
    METRES(OF_ESTIMATE, belief.last, "belief_last_"),
    OF_ESTIMATE(REAL, belief.scale, "belief_scale"),
    OF_ESTIMATE(REAL, belief.deviation, "belief_deviation"),
    OF_ESTIMATE(REAL, belief.rested, "belief_rested"),
    OF_ESTIMATE(REAL, belief.came, "belief_came"),
    BELOW(BELIEF_COMPONENTS + 1, COUNT, estimate, belief.n, "belief_n"),
    OF_ESTIMATE(COUNT, belief.frozen, "belief_frozen"),
    OF_ESTIMATE(REAL, belief.seconds, "belief_seconds"),
    OF_COMPONENT(REAL, weight, "belief_weight"),
    METRES(OF_COMPONENT, at, "belief_"),
    METRES(OF_COMPONENT, velocity, "belief_v"),
    METRES(OF_COMPONENT, slow, "belief_u"),
    OF_COMPONENT(REAL, pp, "belief_pp"),
    OF_COMPONENT(REAL, pv, "belief_pv"),
    OF_COMPONENT(REAL, pu, "belief_pu"),
    OF_COMPONENT(REAL, vv, "belief_vv"),
    OF_COMPONENT(REAL, vu, "belief_vu"),
    OF_COMPONENT(REAL, uu, "belief_uu"),
    OF_COMPONENT(COUNT, mode, "belief_mode"),
    OF_COMPONENT(COUNT, quality, "belief_quality"),
    METRES(OF_ORIGIN, at, "belief_from_"),
    METRES(OF_ORIGIN, velocity, "belief_from_v"),
    OF_ORIGIN(REAL, pp, "belief_from_pp"),
    OF_ORIGIN(REAL, pv, "belief_from_pv"),
    OF_ORIGIN(REAL, vv, "belief_from_vv"),
    OF_ORIGIN(COUNT, mode, "belief_from_mode"),
    OF_ORIGIN(COUNT, born, "belief_from_born"),
};

static const struct field incident_fields[] = {
    BELOW(PHASE_BREACH + 1, CHOICE, incident, phase, "phase"),
    OF_INCIDENT(FLAG, authorised, "authorised"),
    OF_INCIDENT(COUNT, number, "number"),
    OF_INCIDENT(COUNT, numbers, "numbers"),
    OF_INCIDENT(COUNT, alerts, "alerts"),
    OF_INCIDENT(COUNT, pings, "pings"),
    OF_INCIDENT(REAL, inside, "inside"),
    OF_INCIDENT(WHOLE, opened.ms, "opened"),
    OF_INCIDENT(WHOLE, alerted.ms, "told"),
    OF_INCIDENT(WHOLE, ended.ms, "ended"),
    OF_INCIDENT(WHOLE, entered.ms, "entered"),
    OF_INCIDENT(WHOLE, before_from.ms, "before_from"),
    OF_INCIDENT(WHOLE, before_until.ms, "before_until"),
    OF_INCIDENT(WHOLE, late.from.ms, "late_from"),
    OF_INCIDENT(WHOLE, late.until.ms, "late_until"),
    OF_RUN(WHOLE, from.ms, "run_from"),
    OF_RUN(WHOLE, until.ms, "run_until"),
    OF_RUN(COUNT, pings, "run_pings"),
    OF_RUN(FLAG, gathered, "run_gathered"),
    EACH(WHOLE, incident, older, INCIDENT_OLDER, from.ms, "older_from"),
    EACH(WHOLE, incident, older, INCIDENT_OLDER, until.ms, "older_until"),
    BELOW(INCIDENT_OLDER, COUNT, incident, older_next, "older_next"),
    OF_INCIDENT(REAL, eta_alerted, "eta_told"),
    ALLOWANCE(OF_INCIDENT, openings, "openings"),
    OF_INCIDENT(FLAG, closed, "closed"),
    OF_INCIDENT(FLAG, kept, "kept"),
    OF_INCIDENT(WIDE, shape, "shape"),
    OF_INCIDENT(WIDE, place, "place"),
    ALL(COUNT, incident, carriers, TRACK_DEVICES_MAX, "carriers"),
    OF_INCIDENT(COUNT, person, "person"),
    ALL(REAL, incident, scores, TRACK_DEVICES_MAX, "scores"),
    OF_INCIDENT(COUNT, inside_by, "held_by"),
    OF_INCIDENT(WHOLE, run.ms, "run"),
    OF_INCIDENT(REAL, late_score, "late_score"),
    OF_INCIDENT(WHOLE, late_at.ms, "late_at"),
    OF_INCIDENT(COUNT, late.pings, "late_pings"),
    OF_INCIDENT(FLAG, late.gathered, "late_gathered"),
    ALLOWANCE(OF_INCIDENT, pasts, "pasts"),
    OF_INCIDENT(COUNT, gathering.number, "gathering"),
    OF_INCIDENT(COUNT, gathering.alerts, "gathering_alerts"),
    OF_INCIDENT(COUNT, gathering.count, "gathering_count"),
    OF_INCIDENT(COUNT, gathering.alerted_count, "gathering_told_count"),
    OF_INCIDENT(WHOLE, gathering.opened.ms, "gathering_opened"),
    OF_INCIDENT(WHOLE, gathering.alerted.ms, "gathering_told"),
    OF_INCIDENT(COUNT, unbelieved, "unbelieved"),
    OF_INCIDENT(WHOLE, unbelieved_at.ms, "unbelieved_at"),
    OF_INCIDENT(COUNT, elsewhere_by, "elsewhere_by"),
    OF_INCIDENT(WHOLE, elsewhere.ms, "elsewhere"),
    OF_INCIDENT(COUNT, testimony.device, "testimony_device"),
    OF_INCIDENT(COUNT, testimony.sum, "testimony_sum"),
    OF_INCIDENT(WHOLE, testimony.since.ms, "testimony_since"),
    OF_INCIDENT(WHOLE, testimony.until.ms, "testimony_until"),
    OF_INCIDENT(COUNT, testimony.hints, "testimony_hints"),
    OF_INCIDENT(WHOLE, testimony.hinted_since.ms, "testimony_hinted_since"),
    OF_INCIDENT(WHOLE, testimony.hinted_until.ms, "testimony_hinted_until"),
    OF_INCIDENT(COUNT, coming_by, "coming_by"),
    OF_INCIDENT(COUNT, silent_by, "silent_by"),
    OF_INCIDENT(COUNT, corrected, "righted"),
};

static const struct field ping_fields[] = {
    OF_PING(WHOLE, time.ms, "time"),
    OF_PING(FLAG, untimed, "untimed"),
    LONLAT(OF_PING, at, ""),
    OF_PING(REAL, accuracy, "accuracy"),
    OF_PING(REAL, percentile, "percentile"),
    OF_PING(REAL, speed, "speed"),
    OF_PING(REAL, course, "course"),
    OF_PING(REAL, battery, "battery"),
    OF_PING(FLAG, tamper, "tamper"),
    OF_PING(FLAG, no_fix, "untrusted"), // as ledgers have always called it
    OF_PING(FLAG, doubted, "doubted"),
    OF_PING(FLAG, battery_low, "battery_low"),
    BELOW(PING_ALARM_MAX + 1, TEXT, ping, alarm, "alarm"),
};

static const struct field custody_fields[] = {
    OF_CUSTODY(WHOLE, since.ms, "since"),
    OF_CUSTODY(COUNT, reminded, "reminded"),
    OF_CUSTODY(COUNT, alerts, "told"),
    OF_CUSTODY(FLAG, taken, "taken"),
    OF_CUSTODY(FLAG, closed, "closed"),
    BELOW(CUSTODY_BY_MAX, TEXT, custody, by, "by"),
    OF_CUSTODY(FLAG, unseen, "unseen"),
    BELOW(CUSTODY_ENTRY_MAX, TEXT, custody, since_entry, "since_entry"),
    BELOW(CUSTODY_NOTE_MAX, TEXT, custody, note, "note"),
    OF_CUSTODY(WHOLE, shelved.ms, "shelved"),
    OF_CUSTODY(COUNT, shelved_at, "shelved_at"),
    OF_CUSTODY(FLAG, outgrown, "outgrown"),
    BELOW(CUSTODY_BY_MAX, TEXT, custody, shelved_by, "shelved_by"),
    OF_CUSTODY(COUNT, corrected, "righted"),
    OF_CUSTODY(FLAG, lost, "lost"),
    OF_CUSTODY(FLAG, forgotten, "forgotten"),
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
