/* SPDX-License-Identifier: Apache-2.0 */
#include "app/roster.h"

#include <stdlib.h>
#include <string.h>

struct slot {
    const char *name;
    union {
        struct known_device device;
        struct incident incident;
    };
};

/* Slots by name. An index cannot grow, so a larger one is made when it is full. */
struct book {
    struct index index;
    struct slot **slots;
    size_t n, room;
};

struct seat {
    struct track track;
    struct utc due;
    uint64_t unsaved;
    struct record record;
};

struct roster {
    struct arena names; // slots and their names: for ever
    struct book devices, incidents;
    struct arena views; // the tracks' pointers: for one rulebook
    struct seat *seats;
    size_t n;
};

static bool book_grow(struct book *book, size_t room)
{
    struct index index;
    struct slot **slots = reallocarray(book->slots, room, sizeof(struct slot *));

    if (slots == NULL)
        return false;
    book->slots = slots;
    if (!index_init(&index, room))
        return false;
    for (size_t i = 0; i < book->n; i++)
        index_put(&index, slots[i]->name, i);
    index_fini(&book->index);
    book->index = index;
    book->room = room;
    return true;
}

static struct slot *book_take(struct roster *roster, struct book *book, const char *name)
{
    struct slot *slot;
    size_t nth;

    if (index_find(&book->index, name, &nth))
        return book->slots[nth];
    if (book->n == book->room && !book_grow(book, 2 * book->room + 64))
        return NULL;
    slot = arena_take(&roster->names, sizeof *slot);
    if (slot == NULL || (slot->name = arena_text(&roster->names, name)) == NULL)
        return NULL;
    index_put(&book->index, slot->name, book->n);
    book->slots[book->n++] = slot;
    return slot;
}

static void book_fini(struct book *book)
{
    index_fini(&book->index);
    free(book->slots);
}

struct roster *roster_create(void)
{
    return calloc(1, sizeof(struct roster));
}

void roster_destroy(struct roster *roster)
{
    if (roster == NULL)
        return;
    book_fini(&roster->devices);
    book_fini(&roster->incidents);
    arena_fini(&roster->names);
    arena_fini(&roster->views);
    free(roster->seats);
    free(roster);
}

/* One respondent's track: pointers to the slots of its names. */
static bool seat_fit(struct roster *roster, struct arena *views, const struct respondent *who,
                     struct seat *seat)
{
    struct track *track = &seat->track;

    seat->due = UTC_NEVER;
    track->devices = arena_take(views, (who->n_devices + 1) * sizeof(struct known_device *));
    track->incidents = arena_take(views, (who->n_exclusions + 1) * sizeof(struct incident *));
    if (track->devices == NULL || track->incidents == NULL)
        return false;
    for (size_t i = 0; i < who->n_devices; i++) {
        struct slot *slot = book_take(roster, &roster->devices, who->devices[i]);

        if (slot == NULL)
            return false;
        track->devices[i] = &slot->device;
    }
    for (size_t i = 0; i < who->n_exclusions; i++) {
        track->incidents[i] = roster_incident(roster, who->exclusions[i]->subject);
        if (track->incidents[i] == NULL)
            return false;
    }
    return true;
}

bool roster_fit(struct roster *roster, const struct rulebook *rules)
{
    size_t n = rulebook_counts(rules).respondents;
    struct seat *seats = calloc(n + 1, sizeof *seats);
    struct arena views = { 0 };
    bool ok = seats != NULL;

    for (size_t i = 0; ok && i < n; i++)
        ok = seat_fit(roster, &views, rulebook_respondent(rules, i), &seats[i]);
    if (!ok) {
        arena_fini(&views);
        free(seats);
        return false;
    }
    arena_fini(&roster->views);
    free(roster->seats);
    roster->views = views;
    roster->seats = seats;
    roster->n = n;
    return true;
}

struct track *roster_track(struct roster *roster, size_t respondent)
{
    return &roster->seats[respondent].track;
}

struct incident *roster_incident(struct roster *roster, const char *subject)
{
    struct slot *slot = book_take(roster, &roster->incidents, subject);

    return slot ? &slot->incident : NULL;
}

bool roster_nth_incident(const struct roster *roster, size_t nth, const char **out_subject,
                         struct incident **out_incident)
{
    if (nth >= roster->incidents.n)
        return false;
    *out_subject = roster->incidents.slots[nth]->name;
    *out_incident = &roster->incidents.slots[nth]->incident;
    return true;
}

size_t roster_open(const struct roster *roster)
{
    size_t open = 0;

    for (size_t i = 0; i < roster->incidents.n; i++)
        open += roster->incidents.slots[i]->incident.phase != PHASE_NONE;
    return open;
}

void roster_forget(struct roster *roster)
{
    for (size_t i = 0; i < roster->devices.n; i++)
        memset(&roster->devices.slots[i]->device, 0, sizeof(struct known_device));
    for (size_t i = 0; i < roster->incidents.n; i++)
        memset(&roster->incidents.slots[i]->incident, 0, sizeof(struct incident));
    for (size_t i = 0; i < roster->n; i++) {
        roster->seats[i].unsaved = 0;
        roster->seats[i].record = (struct record){ 0 };
    }
}

void roster_recall_row(const struct row *row, void *arg)
{
    struct roster *roster = arg;
    bool device = row->kind == ROW_DEVICE;
    struct slot *slot =
        book_take(roster, device ? &roster->devices : &roster->incidents, row->name);

    if (slot != NULL && device)
        slot->device = row->device;
    else if (slot != NULL)
        slot->incident = row->incident;
}

struct utc roster_due(const struct roster *roster, size_t respondent)
{
    return roster->seats[respondent].due;
}

void roster_set_due(struct roster *roster, size_t respondent, struct utc due)
{
    roster->seats[respondent].due = due;
}

struct utc roster_first_due(const struct roster *roster)
{
    struct utc first = UTC_NEVER;

    for (size_t i = 0; i < roster->n; i++)
        first = utc_earlier(first, roster->seats[i].due);
    return first;
}

struct record *roster_record(struct roster *roster, size_t respondent)
{
    return &roster->seats[respondent].record;
}

uint64_t roster_unsaved(const struct roster *roster, size_t respondent)
{
    return roster->seats[respondent].unsaved;
}

void roster_set_unsaved(struct roster *roster, size_t respondent, uint64_t commit)
{
    roster->seats[respondent].unsaved = commit;
}
