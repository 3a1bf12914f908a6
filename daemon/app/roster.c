/* SPDX-License-Identifier: Apache-2.0 */
#include "app/roster.h"

#include "app/book.h"
#include "core/silence.h"

#include <stdlib.h>
#include <string.h>

struct seat {
    struct track track;
    struct utc due, saved;
    uint64_t unsaved;
    struct record record;
    bool taken;     // the track's pointers are set
    uint32_t round; // the newest in which he was judged
};

/* For one rulebook. */
struct seats {
    struct arena views; // the tracks' pointers
    size_t n;
    struct seat each[];
};

struct roster {
    struct book devices, incidents; // for ever
    struct seats *seats;
    uint32_t round;
};

struct roster *roster_create(void)
{
    struct roster *roster = calloc(1, sizeof *roster);

    if (roster == NULL)
        return NULL;
    roster->devices.size = sizeof(struct known_device);
    roster->incidents.size = sizeof(struct incident);
    roster->seats = calloc(1, sizeof *roster->seats); // nobody's
    if (roster->seats == NULL) {
        free(roster);
        return NULL;
    }
    return roster;
}

void roster_destroy(struct roster *roster)
{
    if (roster == NULL)
        return;
    book_fini(&roster->devices);
    book_fini(&roster->incidents);
    seats_destroy(roster->seats);
    free(roster);
}

/* Room for one respondent's track. */
static bool seat_make(struct arena *views, const struct respondent *who, struct seat *seat)
{
    struct track *track = &seat->track;

    seat->due = UTC_NEVER;
    track->devices = arena_take(views, (who->n_devices + 1) * sizeof(struct known_device *));
    track->incidents = arena_take(views, (who->n_exclusions + 1) * sizeof(struct incident *));
    return track->devices != NULL && track->incidents != NULL;
}

struct seats *seats_create(const struct rulebook *rules)
{
    size_t n = rulebook_counts(rules).respondents;
    struct seats *seats = calloc(1, sizeof *seats + n * sizeof *seats->each);
    bool ok = seats != NULL;

    for (size_t i = 0; ok && i < n; i++)
        ok = seat_make(&seats->views, rulebook_respondent(rules, i), &seats->each[i]);
    if (!ok) {
        seats_destroy(seats);
        return NULL;
    }
    seats->n = n;
    return seats;
}

void seats_destroy(struct seats *seats)
{
    if (seats == NULL)
        return;
    arena_fini(&seats->views);
    free(seats);
}

struct seats *roster_swap(struct roster *roster, struct seats *fresh)
{
    struct seats *old = roster->seats;

    roster->seats = fresh;
    return old;
}

bool roster_seat(struct roster *roster, size_t respondent, const struct respondent *who,
                 uint64_t unsaved)
{
    struct seat *seat = &roster->seats->each[respondent];
    struct track *track = &seat->track;

    if (seat->taken)
        return true;
    for (size_t i = 0; i < who->n_devices; i++) {
        track->devices[i] = book_take(&roster->devices, who->devices[i]);
        if (track->devices[i] == NULL)
            return false;
    }
    for (size_t i = 0; i < who->n_exclusions; i++) {
        track->incidents[i] = roster_incident(roster, who->exclusions[i]->subject);
        if (track->incidents[i] == NULL)
            return false;
    }
    seat->unsaved = unsaved;
    seat->taken = true;
    return true;
}

bool roster_seated(const struct roster *roster, size_t respondent)
{
    return roster->seats->each[respondent].taken;
}

void roster_begin_round(struct roster *roster)
{
    roster->round++;
}

bool roster_judged(const struct roster *roster, size_t respondent)
{
    return roster->seats->each[respondent].round == roster->round;
}

void roster_set_judged(struct roster *roster, size_t respondent)
{
    roster->seats->each[respondent].round = roster->round;
}

struct track *roster_track(struct roster *roster, size_t respondent)
{
    return &roster->seats->each[respondent].track;
}

const struct incident *roster_find_incident(const struct roster *roster, const char *subject)
{
    return book_find(&roster->incidents, subject);
}

struct incident *roster_incident(struct roster *roster, const char *subject)
{
    return book_take(&roster->incidents, subject);
}

bool roster_nth_incident(const struct roster *roster, size_t nth, const char **out_subject,
                         struct incident **out_incident)
{
    *out_incident = book_nth(&roster->incidents, nth, out_subject);
    return *out_incident != NULL;
}

size_t roster_open(const struct roster *roster)
{
    struct incident *incident;
    const char *subject;
    size_t open = 0;

    for (size_t i = 0; roster_nth_incident(roster, i, &subject, &incident); i++)
        open += incident->phase != PHASE_NONE;
    return open;
}

void roster_forget(struct roster *roster)
{
    book_blank(&roster->devices);
    book_blank(&roster->incidents);
    for (size_t i = 0; i < roster->seats->n; i++) {
        roster->seats->each[i].unsaved = 0;
        roster->seats->each[i].saved = (struct utc){ 0 };
        roster->seats->each[i].record = (struct record){ 0 };
    }
}

void roster_recall_row(const struct row *row, void *arg)
{
    struct roster *roster = arg;
    struct known_device *device =
        row->kind == ROW_DEVICE ? book_take(&roster->devices, row->name) : NULL;
    struct incident *incident =
        row->kind == ROW_INCIDENT ? book_take(&roster->incidents, row->name) : NULL;

    if (device != NULL) {
        *device = row->device;
        silence_recall(device);
    }
    if (incident != NULL)
        *incident = row->incident;
}

struct utc roster_due(const struct roster *roster, size_t respondent)
{
    return roster->seats->each[respondent].due;
}

void roster_set_due(struct roster *roster, size_t respondent, struct utc due)
{
    roster->seats->each[respondent].due = due;
}

struct utc roster_first_due(const struct roster *roster)
{
    struct utc first = UTC_NEVER;

    for (size_t i = 0; i < roster->seats->n; i++)
        first = utc_earlier(first, roster->seats->each[i].due);
    return first;
}

struct record *roster_record(struct roster *roster, size_t respondent)
{
    return &roster->seats->each[respondent].record;
}

struct utc roster_saved(const struct roster *roster, size_t respondent)
{
    return roster->seats->each[respondent].saved;
}

void roster_set_saved(struct roster *roster, size_t respondent, struct utc now)
{
    roster->seats->each[respondent].saved = now;
}

uint64_t roster_unsaved(const struct roster *roster, size_t respondent)
{
    return roster->seats->each[respondent].unsaved;
}

void roster_set_unsaved(struct roster *roster, size_t respondent, uint64_t commit)
{
    roster->seats->each[respondent].unsaved = commit;
}
