/* SPDX-License-Identifier: Apache-2.0 */
#include "app/roster_parts.h"

#include "core/silence.h"

#include <stdlib.h>
#include <string.h>

struct roster *roster_create(void)
{
    struct roster *roster = calloc(1, sizeof *roster);

    if (roster == NULL)
        return NULL;
    roster->devices.size = sizeof(struct seat);
    for (size_t i = 0; i < RESPONDENT_DEVICES_MAX; i++)
        roster->views[i] = &roster->opened[i].device;
    roster_incidents_init(roster);
    roster->slots = calloc(1, sizeof *roster->slots); // nobody's
    if (roster->slots == NULL || !roster_estimates_init(roster)) {
        free(roster->slots);
        free(roster);
        return NULL;
    }
    return roster;
}

void roster_destroy(struct roster *roster)
{
    if (roster == NULL)
        return;
    roster_estimates_fini(roster);
    roster_seats_blank(roster);
    roster_incidents_fini(roster);
    table_fini(&roster->devices);
    slots_destroy(roster->slots);
    free(roster);
}

/* Room for one respondent's track. */
static bool slot_make(struct arena *views, const struct respondent *who, struct slot *slot)
{
    size_t n = who->n_exclusions;

    slot->n_devices = (unsigned char)who->n_devices; // RESPONDENT_DEVICES_MAX
    slot->seats = arena_take(views, who->n_devices * sizeof(struct seat *));
    if (n > VICINITY_ALL) {
        slot->wide = arena_take(views, sizeof *slot->wide + n * sizeof(struct incident *));
        return slot->seats != NULL && slot->wide != NULL;
    }
    slot->n_resting = (unsigned char)n;
    slot->resting = arena_take(views, n * sizeof(struct resting *));
    slot->safety = arena_take(views, safety_size(who->n_devices));
    return slot->seats != NULL && slot->resting != NULL && slot->safety != NULL;
}

struct slots *slots_create(const struct rulebook *rules)
{
    size_t n = rulebook_counts(rules).respondents;
    struct slots *slots = calloc(1, sizeof *slots + n * sizeof *slots->each);
    bool ok = slots != NULL && agenda_reserve(&slots->due, n);

    for (size_t i = 0; ok && i < n; i++)
        ok = slot_make(&slots->views, rulebook_respondent(rules, i), &slots->each[i]);
    if (!ok) {
        slots_destroy(slots);
        return NULL;
    }
    slots->n = n;
    return slots;
}

void slots_destroy(struct slots *slots)
{
    if (slots == NULL)
        return;
    arena_fini(&slots->views);
    agenda_fini(&slots->due);
    free(slots);
}

struct slots *roster_swap(struct roster *roster, struct slots *fresh)
{
    struct slots *old = roster->slots;

    roster_close_devices(roster);
    roster->slots = fresh;
    return old;
}

static bool load_incidents(struct roster *roster, struct slot *slot, const struct respondent *who)
{
    bool ok = true;

    for (size_t i = 0; ok && i < who->n_exclusions; i++) {
        const char *subject = who->exclusions[i]->subject;

        ok = slot->resting != NULL
                 ? roster_hold(roster, subject, &slot->resting[i])
                 : roster_hold_whole(roster, subject, false, &slot->wide->incidents[i]);
    }
    return ok;
}

bool roster_load(struct roster *roster, size_t respondent, const struct respondent *who,
                 uint64_t unsaved)
{
    struct slot *slot = &roster->slots->each[respondent];

    if (slot->taken)
        return true;
    for (size_t i = 0; i < who->n_devices; i++) {
        slot->seats[i] = table_take(&roster->devices, who->devices[i]);
        if (slot->seats[i] == NULL)
            return false;
    }
    if (!load_incidents(roster, slot, who))
        return false;
    slot->unsaved = unsaved;
    slot->corrected = roster->corrections.newest;
    slot->taken = true;
    roster_open_devices(roster, slot);
    for (size_t i = 0; i < who->n_devices; i++) {
        roster_raise_device(roster, roster->views[i]);
        corrections_device(&roster->corrections, roster->views[i]);
    }
    return true;
}

/* NULL: he has no more than VICINITY_ALL zones. */
static struct surroundings *surroundings_of(struct slot *slot)
{
    return slot->wide != NULL ? &slot->wide->around : NULL;
}

bool roster_choose(struct roster *roster, size_t respondent, const struct watch *watch,
                   const struct respondent *who, const struct question *question,
                   struct vicinity *out)
{
    struct slot *slot = &roster->slots->each[respondent];
    struct track *track = roster_track(roster, respondent);

    vicinity_choose(watch, who, track, question, surroundings_of(slot), out);
    for (size_t i = 0; i < out->n; i++) { // QUESTION_ZONES_MAX
        const char *subject = who->exclusions[out->zones[i]]->subject;

        if (slot->resting == NULL && track->incidents[out->zones[i]] == NULL &&
            !roster_hold_whole(roster, subject, true, &track->incidents[out->zones[i]]))
            return false;
    }
    vicinity_show(watch, who, track, question, out);
    return true;
}

void roster_note(struct roster *roster, size_t respondent, const struct vicinity *vicinity,
                 struct utc now)
{
    vicinity_note(vicinity, now, surroundings_of(&roster->slots->each[respondent]));
}

bool roster_is_loaded(const struct roster *roster, size_t respondent)
{
    return roster->slots->each[respondent].taken;
}

void roster_begin_round(struct roster *roster)
{
    roster->round++;
}

bool roster_judged(const struct roster *roster, size_t respondent)
{
    return roster->slots->each[respondent].round == roster->round;
}

void roster_set_judged(struct roster *roster, size_t respondent)
{
    roster->slots->each[respondent].round = roster->round;
}

struct track *roster_track(struct roster *roster, size_t respondent)
{
    struct slot *slot = &roster->slots->each[respondent];

    if (slot->taken)
        roster_open_devices(roster, slot);
    else
        roster_close_devices(roster);
    return &roster->track;
}

size_t roster_open(struct roster *roster)
{
    struct incident *incident;
    const char *subject;
    size_t open = 0;

    // An incident each turn, when nobody is judged yet.
    for (size_t i = 0; roster_nth_incident(roster, i, &subject, &incident); i++)
        open += incident->phase != PHASE_NONE && roster_is_of_zone(subject);
    return open;
}

void roster_forget(struct roster *roster)
{
    roster_estimates_drop(roster);
    roster_seats_blank(roster);
    roster_incidents_blank(roster);
    roster->corrections = (struct corrections){ 0 };
    for (size_t i = 0; i < roster->slots->n; i++) {
        roster->slots->each[i].unsaved = 0;
        roster->slots->each[i].saved = (struct utc){ 0 };
        roster->slots->each[i].record = (struct record){ 0 };
        if (roster->slots->each[i].safety != NULL)
            roster->slots->each[i].safety->quiet = false;
    }
}

bool roster_recall_row(struct roster *roster, const struct row *row)
{
    bool of_clock = row->kind == ROW_INCIDENT &&
                    corrections_recall(&roster->corrections, row->name, &row->incident);
    struct seat *seat = row->kind == ROW_DEVICE ? table_take(&roster->devices, row->name) : NULL;
    struct known_device *device = seat != NULL ? roster_open_device(roster, seat) : NULL;
    struct incident *incident =
        row->kind == ROW_INCIDENT && !of_clock ? roster_incident(roster, row->name) : NULL;
    bool whole = (row->kind != ROW_DEVICE || device != NULL) &&
                 (row->kind != ROW_INCIDENT || of_clock || incident != NULL);

    if (device != NULL) {
        *device = row->device;
        silence_recall(device);
        whole = roster_keep(roster) && roster_believe(roster, device, &row->estimate);
    }
    if (incident != NULL) {
        *incident = row->incident;
        whole = roster_keep(roster);
    }
    if (incident != NULL && strcmp(row->name, "birth") == 0) {
        roster->numbered_after = row->incident.numbers;
        roster->has_numbering = true;
    }
    if (incident != NULL && strcmp(row->name, "epoch") == 0)
        roster->epoch = row->incident.numbers;
    return whole;
}

struct corrections *roster_corrections(struct roster *roster)
{
    return &roster->corrections;
}

bool roster_is_corrected(const struct roster *roster, size_t respondent)
{
    return roster->slots->each[respondent].corrected == roster->corrections.newest;
}

void roster_set_corrected(struct roster *roster, size_t respondent)
{
    roster->slots->each[respondent].corrected = roster->corrections.newest;
}

void roster_correct_recalled(struct roster *roster, const struct correction *correction)
{
    struct known_device *device;
    struct incident *incident;
    const char *name;

    // A device each turn, when nobody is judged yet.
    for (size_t i = 0; roster_nth_device(roster, i, &name, &device); i++) {
        corrections_device(&roster->corrections, device);
        correction_device(correction, device);
    }
    // An incident each turn, when nobody is judged yet.
    for (size_t i = 0; roster_nth_incident(roster, i, &name, &incident); i++) {
        corrections_incident(&roster->corrections, incident);
        correction_incident(correction, incident);
    }
    for (size_t i = 0; i < roster->slots->n; i++)
        roster_set_corrected(roster, i);
}

struct utc roster_due(const struct roster *roster, size_t respondent)
{
    return agenda_due(&roster->slots->due, respondent);
}

void roster_set_due(struct roster *roster, size_t respondent, struct utc due)
{
    agenda_set(&roster->slots->due, respondent, due);
}

bool roster_first_due(const struct roster *roster, size_t *out_respondent, struct utc *out_due)
{
    return agenda_first(&roster->slots->due, out_respondent, out_due);
}

struct record *roster_record(struct roster *roster, size_t respondent)
{
    return &roster->slots->each[respondent].record;
}

struct unjudged *roster_unjudged(struct roster *roster, size_t respondent)
{
    return &roster->slots->each[respondent].unjudged;
}

struct utc roster_saved(const struct roster *roster, size_t respondent)
{
    return roster->slots->each[respondent].saved;
}

void roster_set_saved(struct roster *roster, size_t respondent, struct utc now)
{
    roster->slots->each[respondent].saved = now;
}

uint64_t roster_unsaved(const struct roster *roster, size_t respondent)
{
    return roster->slots->each[respondent].unsaved;
}

void roster_set_unsaved(struct roster *roster, size_t respondent, uint64_t commit)
{
    roster->slots->each[respondent].unsaved = commit;
}
