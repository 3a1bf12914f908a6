/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/incident_history.h"

#include "core/evidence.h"
#include "core/motion.h"
#include "core/radius.h"
#include "ctl/line.h"
#include "ctl/respondent_replay.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void ignore_difference(uint64_t entry, const char *recorded, const char *now, void *arg)
{
    (void)entry;
    (void)recorded;
    (void)now;
    (void)arg;
}

/* Room for one more of `size` bytes in *items; NULL: no memory. */
static void *grow(struct incident_history *history, void *items, size_t n, size_t *room,
                  size_t size)
{
    void *larger;

    if (n < *room)
        return items;
    larger = reallocarray(items, 2 * *room + 64, size);
    if (larger == NULL)
        history->broken = true;
    else
        *room = 2 * *room + 64;
    return larger;
}

/* ---- pings ---- */

/* As the engine had it by all pings when it judged this one; else by this one alone. */
static double probability_of(const struct incident_history *history, const struct history_ping *one)
{
    const struct respondent_replay *replay = history->replay;
    const struct detect *detect = &replay->settings->settings.detect;
    struct detect room;
    bool now = replay->asked == one->entry &&
               (replay->arrival == ARRIVED_NEW || replay->arrival == ARRIVED_FUTURE);

    for (size_t i = 0; now && i < replay->who.n_exclusions; i++) {
        if (strcmp(replay->who.exclusions[i]->subject, history->subject) == 0)
            return replay->memory.incidents[i].inside;
    }
    return evidence_inside(one->distance,
                           motion_accuracy(device_detect(&replay->settings->settings.kinds,
                                                         one->ping.device, detect, &room),
                                           one->accuracy));
}

static void take_percentile(struct history_ping *one, double percentile)
{
    one->percentile = percentile == 0 ? RADIUS_PERCENTILE : percentile;
    one->accuracy = radius_usual(one->ping.accuracy, percentile);
}

static void measure(const struct incident_history *history, struct history_ping *one)
{
    const struct respondent_replay *replay = history->replay;
    size_t nth;

    if (!replay->known || !rulebook_find_exclusion(replay->rules, history->subject, &nth))
        return;
    take_percentile(one, device_percentile(&replay->settings->settings.kinds, one->ping.device));
    one->clock = device_clock(&replay->settings->settings.kinds, one->ping.device);
    if (replay->asked == one->entry) {
        one->class = arrival_name(replay->arrival);
        one->when = replay->when;
    }
    if (!ping_has_place(&one->ping))
        return;
    one->distance =
        zone_distance(rulebook_exclusion(replay->rules, nth)->zone, one->ping.at, INFINITY);
    one->probability = probability_of(history, one);
}

static void take_ping(struct incident_history *history, const struct read_entry *entry)
{
    struct history_ping one = { .entry = entry->number, .distance = NAN, .probability = NAN };
    struct fault why;
    void *pings;

    if (!input_read(entry->kind, entry->body, history->kept, &why))
        return;
    pings = grow(history, history->pings, history->n_pings, &history->room_pings, sizeof one);
    if (pings == NULL)
        return;
    history->pings = pings;
    one.ping = history->kept->question.ping;
    one.when = one.ping.time;
    take_percentile(&one, 0); // where nobody knows by which settings it was judged
    if (history->replay != NULL)
        measure(history, &one);
    history->pings[history->n_pings++] = one;
}

/* ---- words ---- */

static void take_word(struct incident_history *history, const struct read_entry *entry,
                      bool is_alert)
{
    json_t *json = json_loads(entry->body, 0, NULL);
    const char *incident = line_text(json, is_alert                             ? "data.incident"
                                           : strcmp(entry->kind, "access") == 0 ? "of"
                                                                                : "incident");
    void *acks = NULL;

    if (strcmp(incident, history->incident) == 0)
        acks = grow(history, history->acks, history->n_acks, &history->room_acks,
                    sizeof *history->acks);
    if (acks == NULL) {
        json_decref(json);
        return;
    }
    history->acks = acks;
    history->acks[history->n_acks++] =
        (struct history_ack){ entry->number, entry->at, json, is_alert };
}

/* ---- entries ---- */

static bool is_kind(const struct read_entry *entry, const char *kind)
{
    return strcmp(entry->kind, kind) == 0;
}

/*
 * Words of the control room, and who looked, count whenever that was; looks, and words about what
 * was in no rules then, are nobody's entries.
 */
static bool concerns(const struct incident_history *history, const struct read_entry *entry)
{
    return is_kind(entry, "ack") || is_kind(entry, "access") ||
           (entry->number >= history->span.from && entry->number <= history->span.until &&
            strcmp(entry->respondent, history->span.respondent) == 0);
}

static bool on_entry(const struct read_entry *entry, void *arg)
{
    struct incident_history *history = arg;
    bool text = is_kind(entry, "settings") || is_kind(entry, "order");

    if (!text && !concerns(history, entry))
        return true;
    rejudge_entry(history->rejudge, entry);
    history->replay = rejudge_replay(history->rejudge, history->span.respondent);
    if (entry->body == NULL || text)
        return true;
    if (is_kind(entry, "ping"))
        take_ping(history, entry);
    else if (is_kind(entry, "alert") || is_kind(entry, "notice"))
        take_word(history, entry, true);
    else if (is_kind(entry, "ack") || is_kind(entry, "access"))
        take_word(history, entry, false);
    return !history->broken;
}

static bool find_exclusion(struct incident_history *history, struct fault *why)
{
    size_t nth;

    if (history->broken)
        return fault_set(why, "out of memory");
    if (history->replay != NULL && history->replay->rules != NULL &&
        rulebook_find_exclusion(history->replay->rules, history->subject, &nth))
        history->exclusion = rulebook_exclusion(history->replay->rules, nth);
    return true;
}

bool incident_history_read(struct ledger_reader *reader, const char *incident,
                           struct incident_history *out, struct fault *why)
{
    const char *slash = strrchr(incident, '/');
    size_t length = slash != NULL ? (size_t)(slash - incident) : 0;

    *out = (struct incident_history){ .incident = incident };
    snprintf(out->subject, sizeof out->subject, "%.*s", (int)length, incident);
    out->rejudge = rejudge_create(ignore_difference, NULL);
    out->kept = calloc(1, sizeof *out->kept);
    if (out->rejudge == NULL || out->kept == NULL)
        return fault_set(why, "out of memory");
    return ledger_reader_incident(reader, incident, STORY_AROUND_MS, &out->span, why) &&
           ledger_reader_each(reader, 0, INT64_MAX, on_entry, out, why) && find_exclusion(out, why);
}

void incident_history_fini(struct incident_history *history)
{
    for (size_t i = 0; i < history->n_acks; i++)
        json_decref(history->acks[i].json);
    free(history->acks);
    free(history->pings);
    free(history->kept);
    rejudge_destroy(history->rejudge);
}
