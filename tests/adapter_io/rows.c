/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

struct known_device some_device(void)
{
    struct lag_pace pace = { .group = { { 1592943245011 }, { 1592943245012 } },
                             .before = { { 1592943245013 }, { 1592943245014 } },
                             .first = { { 1592943245015 }, { 1592943245016 } },
                             .run = 2,
                             .opened = { 1592943245017 },
                             .last = { 1592943245018 },
                             .disorder = true };
    struct lag_mix mix = { { 1592943245031 },
                           { 1592943245032 },
                           { 1592943245033 },
                           { .group = { { 1592943245041 }, { 1592943245042 } },
                             .before = { { 1592943245043 }, { 1592943245044 } },
                             .first = { { 1592943245045 }, { 1592943245046 } },
                             .run = 3,
                             .opened = { 1592943245047 },
                             .last = { 1592943245048 } },
                           { { 1592943245034 }, { 1592943245035 } },
                           { { 1592943245036 }, { 1592943245037 } },
                           8,
                           { { 1592943245051 }, { 1592943245052 }, { 1592943245053 }, 3 },
                           { 1592943245040 },
                           { 1592943245038 },
                           2,
                           1200001,
                           { 1592943245039 } };
    struct known_device device = { .heard = true,
                                   .near = true,
                                   .tampered = true,
                                   .battery_low = true,
                                   .clock_wrong = true,
                                   .lag = { .fault = LAG_STEADY,
                                            .offset_ms = 3600001,
                                            .pace = pace,
                                            .since = { 1592943245019 },
                                            .quiet_ms = 59999,
                                            .pauses = 3,
                                            .stalled = 1,
                                            .best = { { 1592943245020 }, { 1592943245021 } },
                                            .mix = mix },
                                   .newest_came = { 1592943245022 },
                                   .newest_guessed = true,
                                   .doubted = { { 1592943245002 }, { -0.25, 51.75 }, 9.5 },
                                   .doubts = 2,
                                   .trail_next = 3,
                                   .pace = 13.4,
                                   .listened = { 1592943240000 },
                                   .arrived = { 1592943245003 },
                                   .talked = { 1592943245010 },
                                   .silent_cause = SILENCE_TALKS_AGAIN,
                                   .talking = { 1592943245009 },
                                   .remarks_next = 4,
                                   .interval_ms = 15000.5,
                                   .jitter_ms = 0.25,
                                   .silent = 2,
                                   .newest = { { 1592943245001 }, { 0.45782, 51.56844 }, 8.25 },
                                   .recent_next = 5,
                                   .alerts = 4000000000u,
                                   .unkept = true,
                                   .health_kept = { 1592943245004 },
                                   .updates = { 12.5, { 1592943245005 } },
                                   .written = { 4096.25, { 1592943245006 } },
                                   .held_back = 3,
                                   .carrier = 4000000001u,
                                   .carried = { 1592943230000 } };

    for (int i = 0; i < TROUBLES; i++)
        device.troubles[i] = (struct trouble_course){ .number = 4000000000u + (unsigned)i,
                                                      .count = 7,
                                                      .alerted_count = 6,
                                                      .opened = { 1592943245007 },
                                                      .alerted = { 1592943245008 },
                                                      .well = { i },
                                                      .over = i % 2 == 0,
                                                      .closed = i % 3 == 0 };

    for (int i = 0; i < DEVICE_REMARKS; i++) {
        device.remarks[i].time.ms = 1592943245001 - i;
        device.remarks[i].said = (unsigned)i;
    }
    for (int i = 0; i < DEVICE_RECENT; i++)
        device.recent[i] =
            (struct sighting){ { 1592943245001 - i }, { 0.1 + i / 3.0, 51.0 + i / 7.0 } };
    for (int i = 0; i < TRAIL_PLACES; i++)
        device.trail[i] = (struct step){
            { { 1592943245001 - i }, { 0.1 + i / 3.0, 51.0 + i / 7.0 }, 1 + i / 9.0, i % 3 * 31.7 },
            i / 11.0
        };
    return device;
}

struct incident some_incident(void)
{
    return (struct incident){ .phase = PHASE_BREACH,
                              .authorised = true,
                              .number = 4000000001u,
                              .numbers = 4000000002u,
                              .alerts = 4000000003u,
                              .pings = 4000000004u,
                              .opened = { 11 },
                              .alerted = { 12 },
                              .ended = { 13 },
                              .entered = UTC_NEVER,
                              .late.from = { 15 },
                              .late.until = { 16 },
                              .eta_alerted = 61.5,
                              .kept = true,
                              .shape = INT64_MIN + 7,
                              .place = INT64_MIN + 8,
                              .carriers = { 1, [TRACK_DEVICES_MAX - 1] = UINT32_MAX },
                              .person = UINT32_MAX,
                              .scores = { 0.1, -3.9, 7, [TRACK_DEVICES_MAX - 1] = 1.0 / 3 },
                              .inside_by = 5,
                              .run = { 17 },
                              .late_score = 2.0 / 3,
                              .late_at = { 18 },
                              .coming_by = 0xff,
                              .silent_by = 6 };
}

enum { PLACES = 8192 };

/* Kept as long as the program: there are few, and a row borrows them. */
struct kept_alert some_alert(int nth)
{
    static char ids[PLACES][32], incidents[PLACES][32], events[PLACES][96];
    int place = nth % PLACES;

    snprintf(ids[place], sizeof ids[place], "essex/A/home/%d/1", nth);
    snprintf(incidents[place], sizeof incidents[place], "A/home/%d", nth);
    snprintf(events[place], sizeof events[place], "{\"id\":\"%s\",\"why\":\"it's \\\"so\\\"\"}",
             ids[place]);
    return (struct kept_alert){ .received = { 1592943245001 + nth },
                                .respondent = "R-1",
                                .judged = true,
                                .id = ids[place],
                                .type = "breachd.breach",
                                .area = nth % 2 == 0 ? "Basildon" : "",
                                .severity = "critical",
                                .incident = incidents[place],
                                .effect = (enum alert_effect)(nth % 3),
                                .todo = (enum alert_effect)((nth + 1) % 3),
                                .event = events[place],
                                .by = nth % 2 == 0 ? "Sgt 1234" : "",
                                .note = nth % 4 == 0 ? "rang him" : "" };
}

static void assert_same_position(const struct position *a, const struct position *b)
{
    assert_int_equal(a->time.ms, b->time.ms);
    assert_true(a->at.lon == b->at.lon && a->at.lat == b->at.lat);
    assert_true(a->accuracy == b->accuracy ||
                (a->accuracy != a->accuracy && b->accuracy != b->accuracy)); // NaN: unknown
}

static void assert_same_pace(const struct lag_pace *a, const struct lag_pace *b)
{
    assert_memory_equal(&a->group, &b->group, sizeof a->group);
    assert_memory_equal(&a->before, &b->before, sizeof a->before);
    assert_memory_equal(&a->first, &b->first, sizeof a->first);
    assert_int_equal(a->run, b->run);
    assert_int_equal(a->opened.ms, b->opened.ms);
    assert_int_equal(a->last.ms, b->last.ms);
    assert_int_equal(a->disorder, b->disorder);
    assert_int_equal(a->backs, b->backs);
    assert_memory_equal(&a->earlier, &b->earlier, sizeof a->earlier);
    assert_int_equal(a->sames, b->sames);
    assert_int_equal(a->ages, b->ages);
    assert_int_equal(a->forth, b->forth);
}

void assert_same_device(const struct known_device *a, const struct known_device *b)
{
    assert_int_equal(a->heard, b->heard);
    assert_int_equal(a->near, b->near);
    assert_int_equal(a->tampered, b->tampered);
    assert_int_equal(a->battery_low, b->battery_low);
    assert_int_equal(a->clock_wrong, b->clock_wrong);
    assert_int_equal(a->lag.fault, b->lag.fault);
    assert_int_equal(a->lag.offset_ms, b->lag.offset_ms);
    assert_same_pace(&a->lag.pace, &b->lag.pace);
    assert_int_equal(a->lag.since.ms, b->lag.since.ms);
    assert_int_equal(a->lag.quiet_ms, b->lag.quiet_ms);
    assert_int_equal(a->lag.pauses, b->lag.pauses);
    assert_int_equal(a->lag.stalled, b->lag.stalled);
    assert_memory_equal(&a->lag.best, &b->lag.best, sizeof a->lag.best);
    assert_int_equal(a->lag.mix.fresh.ms, b->lag.mix.fresh.ms);
    assert_int_equal(a->lag.mix.breath.ms, b->lag.mix.breath.ms);
    assert_int_equal(a->lag.mix.heard.ms, b->lag.mix.heard.ms);
    assert_same_pace(&a->lag.mix.pace, &b->lag.mix.pace);
    assert_memory_equal(&a->lag.mix.front, &b->lag.mix.front, sizeof a->lag.mix.front);
    assert_memory_equal(&a->lag.mix.anchor, &b->lag.mix.anchor, sizeof a->lag.mix.anchor);
    assert_int_equal(a->lag.mix.fronts, b->lag.mix.fronts);
    assert_int_equal(a->lag.mix.band.least.ms, b->lag.mix.band.least.ms);
    assert_int_equal(a->lag.mix.band.most.ms, b->lag.mix.band.most.ms);
    assert_int_equal(a->lag.mix.band.since.ms, b->lag.mix.band.since.ms);
    assert_int_equal(a->lag.mix.band.pings, b->lag.mix.band.pings);
    assert_int_equal(a->lag.mix.begun.ms, b->lag.mix.begun.ms);
    assert_int_equal(a->lag.mix.since.ms, b->lag.mix.since.ms);
    assert_int_equal(a->lag.mix.lulls, b->lag.mix.lulls);
    assert_int_equal(a->lag.mix.lulled_ms, b->lag.mix.lulled_ms);
    assert_int_equal(a->lag.mix.found.ms, b->lag.mix.found.ms);
    assert_int_equal(a->newest_came.ms, b->newest_came.ms);
    assert_int_equal(a->newest_guessed, b->newest_guessed);
    assert_same_position(&a->newest, &b->newest);
    assert_memory_equal(a->recent, b->recent, sizeof a->recent);
    assert_int_equal(a->recent_next, b->recent_next);
    assert_int_equal(a->alerts, b->alerts);
    for (int i = 0; i < TROUBLES; i++) {
        assert_int_equal(a->troubles[i].number, b->troubles[i].number);
        assert_int_equal(a->troubles[i].count, b->troubles[i].count);
        assert_int_equal(a->troubles[i].well.ms, b->troubles[i].well.ms);
        assert_int_equal(a->troubles[i].closed, b->troubles[i].closed);
    }
    assert_true(a->written.spent == b->written.spent);
    assert_int_equal(a->written.since.ms, b->written.since.ms);
    assert_int_equal(a->held_back, b->held_back);
    assert_same_position(&a->doubted, &b->doubted);
    assert_int_equal(a->doubts, b->doubts);
    assert_memory_equal(a->trail, b->trail, sizeof a->trail);
    assert_int_equal(a->trail_next, b->trail_next);
    assert_true(a->pace == b->pace);
    assert_int_equal(a->listened.ms, b->listened.ms);
    assert_int_equal(a->arrived.ms, b->arrived.ms);
    assert_int_equal(a->talked.ms, b->talked.ms);
    assert_int_equal(a->talking.ms, b->talking.ms);
    assert_int_equal(a->silent_cause, b->silent_cause);
    for (int i = 0; i < DEVICE_REMARKS; i++) {
        assert_int_equal(a->remarks[i].time.ms, b->remarks[i].time.ms);
        assert_int_equal(a->remarks[i].said, b->remarks[i].said);
    }
    assert_int_equal(a->remarks_next, b->remarks_next);
    assert_true(a->interval_ms == b->interval_ms && a->jitter_ms == b->jitter_ms);
    assert_int_equal(a->silent, b->silent);
    assert_int_equal(a->carrier, b->carrier);
    assert_int_equal(a->carried.ms, b->carried.ms);
}

void assert_same_incident(const struct incident *a, const struct incident *b)
{
    assert_int_equal(a->phase, b->phase);
    assert_int_equal(a->authorised, b->authorised);
    assert_int_equal(a->number, b->number);
    assert_int_equal(a->numbers, b->numbers);
    assert_int_equal(a->alerts, b->alerts);
    assert_int_equal(a->pings, b->pings);
    assert_int_equal(a->opened.ms, b->opened.ms);
    assert_int_equal(a->alerted.ms, b->alerted.ms);
    assert_int_equal(a->ended.ms, b->ended.ms);
    assert_int_equal(a->entered.ms, b->entered.ms);
    assert_int_equal(a->late.from.ms, b->late.from.ms);
    assert_int_equal(a->late.until.ms, b->late.until.ms);
    for (int i = 0; i < INCIDENT_RUNS; i++) {
        assert_int_equal(a->runs[i].from.ms, b->runs[i].from.ms);
        assert_int_equal(a->runs[i].until.ms, b->runs[i].until.ms);
        assert_int_equal(a->runs[i].pings, b->runs[i].pings);
        assert_int_equal(a->runs[i].gathered, b->runs[i].gathered);
    }
    assert_true(a->eta_alerted == b->eta_alerted && a->late_score == b->late_score);
    assert_int_equal(a->kept, b->kept);
    assert_int_equal(a->shape, b->shape);
    assert_int_equal(a->place, b->place);
    assert_memory_equal(a->carriers, b->carriers, sizeof a->carriers);
    assert_int_equal(a->person, b->person);
    assert_memory_equal(a->scores, b->scores, sizeof a->scores);
    assert_int_equal(a->inside_by, b->inside_by);
    assert_int_equal(a->run.ms, b->run.ms);
    assert_int_equal(a->late_at.ms, b->late_at.ms);
    assert_int_equal(a->coming_by, b->coming_by);
}

void assert_same_alert(const struct kept_alert *a, const struct kept_alert *b)
{
    assert_string_equal(a->id, b->id);
    assert_string_equal(a->type, b->type);
    assert_string_equal(a->area, b->area);
    assert_string_equal(a->severity, b->severity);
    assert_string_equal(a->incident, b->incident);
    assert_int_equal(a->effect, b->effect);
    assert_int_equal(a->todo, b->todo);
    assert_string_equal(a->event, b->event);
    assert_string_equal(a->by, b->by);
    assert_string_equal(a->note, b->note);
}

void add_alerts(struct changes *changes, int first, int last)
{
    for (int nth = first; nth <= last; nth++) {
        struct kept_alert alert = some_alert(nth);

        assert_true(changes_add_alert(changes, &alert));
    }
}
