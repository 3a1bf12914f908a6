/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/story.h"

#include "core/evidence.h"
#include "ctl/line.h"
#include "ctl/person.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void ignore_difference(uint64_t entry, const char *told, const char *now, void *arg)
{
    (void)entry;
    (void)told;
    (void)now;
    (void)arg;
}

/* Room for one more of `size` bytes in *items; NULL: no memory. */
static void *grow(struct story *story, void *items, size_t n, size_t *room, size_t size)
{
    void *larger;

    if (n < *room)
        return items;
    larger = reallocarray(items, 2 * *room + 64, size);
    if (larger == NULL)
        story->broken = true;
    else
        *room = 2 * *room + 64;
    return larger;
}

/* ---- pings ---- */

static void measure(const struct story *story, struct story_ping *one)
{
    const struct person *person = story->person;
    double accuracy = one->ping.accuracy;
    size_t nth;

    if (!person->known || !rulebook_find_exclusion(person->rules, story->subject, &nth))
        return;
    if (person->asked == one->entry) {
        one->class = arrival_name(person->arrival);
        one->when = person->when;
    }
    if (!ping_has_place(&one->ping))
        return;
    if (isnan(accuracy))
        accuracy = person->settings->settings.detect.unknown_accuracy;
    one->distance =
        zone_distance(rulebook_exclusion(person->rules, nth)->zone, one->ping.at, INFINITY);
    one->probability = evidence_inside(one->distance, accuracy);
}

static void take_ping(struct story *story, const struct read_entry *entry)
{
    struct story_ping one = { .entry = entry->number, .distance = NAN, .probability = NAN };
    struct fault why;
    void *pings;

    if (!input_read(entry->kind, entry->body, story->kept, &why))
        return;
    pings = grow(story, story->pings, story->n_pings, &story->room_pings, sizeof one);
    if (pings == NULL)
        return;
    story->pings = pings;
    one.ping = story->kept->question.ping;
    one.when = one.ping.time;
    if (story->person != NULL)
        measure(story, &one);
    story->pings[story->n_pings++] = one;
}

/* ---- words ---- */

static void take_word(struct story *story, const struct read_entry *entry, bool is_alert)
{
    json_t *json = json_loads(entry->body, 0, NULL);
    const char *incident = line_text(json, is_alert                             ? "data.incident"
                                           : strcmp(entry->kind, "access") == 0 ? "of"
                                                                                : "incident");
    void *words = NULL;

    if (strcmp(incident, story->incident) == 0)
        words = grow(story, story->words, story->n_words, &story->room_words, sizeof *story->words);
    if (words == NULL) {
        json_decref(json);
        return;
    }
    story->words = words;
    story->words[story->n_words++] =
        (struct story_word){ entry->number, entry->at, json, is_alert };
}

/* ---- entries ---- */

static bool is_kind(const struct read_entry *entry, const char *kind)
{
    return strcmp(entry->kind, kind) == 0;
}

/*
 * Words of the control room, and who looked, count whenever that was; refused words and looks are
 * nobody's entries.
 */
static bool concerns(const struct story *story, const struct read_entry *entry)
{
    return is_kind(entry, "ack") || is_kind(entry, "access") ||
           (entry->number >= story->span.from && entry->number <= story->span.until &&
            strcmp(entry->respondent, story->span.respondent) == 0);
}

static bool on_entry(const struct read_entry *entry, void *arg)
{
    struct story *story = arg;
    bool text = is_kind(entry, "settings") || is_kind(entry, "order");

    if (!text && !concerns(story, entry))
        return true;
    rejudge_entry(story->rejudge, entry);
    story->person = rejudge_person(story->rejudge, story->span.respondent);
    if (entry->body == NULL || text)
        return true;
    if (is_kind(entry, "ping"))
        take_ping(story, entry);
    else if (is_kind(entry, "alert") || is_kind(entry, "notice"))
        take_word(story, entry, true);
    else if (is_kind(entry, "ack") || is_kind(entry, "access"))
        take_word(story, entry, false);
    return !story->broken;
}

static bool find_exclusion(struct story *story, struct fault *why)
{
    size_t nth;

    if (story->broken)
        return fault_set(why, "out of memory");
    if (story->person != NULL && story->person->rules != NULL &&
        rulebook_find_exclusion(story->person->rules, story->subject, &nth))
        story->exclusion = rulebook_exclusion(story->person->rules, nth);
    return true;
}

bool story_read(struct ledger_reader *reader, const char *incident, struct story *out,
                struct fault *why)
{
    const char *slash = strrchr(incident, '/');
    size_t length = slash != NULL ? (size_t)(slash - incident) : 0;

    *out = (struct story){ .incident = incident };
    snprintf(out->subject, sizeof out->subject, "%.*s", (int)length, incident);
    out->rejudge = rejudge_create(ignore_difference, NULL);
    out->kept = calloc(1, sizeof *out->kept);
    if (out->rejudge == NULL || out->kept == NULL)
        return fault_set(why, "out of memory");
    return ledger_reader_incident(reader, incident, STORY_AROUND_MS, &out->span, why) &&
           ledger_reader_each(reader, 0, INT64_MAX, on_entry, out, why) && find_exclusion(out, why);
}

void story_fini(struct story *story)
{
    for (size_t i = 0; i < story->n_words; i++)
        json_decref(story->words[i].json);
    free(story->words);
    free(story->pings);
    free(story->kept);
    rejudge_destroy(story->rejudge);
}
