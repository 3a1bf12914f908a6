/* SPDX-License-Identifier: Apache-2.0 */
/* roster_incidents.c - incidents at rest, awake in the track that is open, by name, or whole. */
#include "app/roster_parts.h"

#include <stdlib.h>
#include <string.h>

static const struct incident none;

_Static_assert(sizeof none % PRESSED_WORD == 0 && sizeof none <= PRESSED_MAX, "it can be pressed");

/* What is not kept by now there is no room for: it stays as it was kept last. */
static bool put(struct resting *resting, const struct incident *incident)
{
    return press(&resting->pressed, incident, &none, sizeof none);
}

static void put_named_back(struct roster *roster)
{
    if (roster->named != NULL)
        put(roster->named, &roster->named_incident);
    roster->named = NULL;
}

static void wake(void *arg)
{
    struct roster *roster = arg;

    put_named_back(roster);                                // it may be one of his
    for (size_t i = 0; i < roster->open->n_resting; i++) { // VICINITY_ALL
        struct resting *resting = roster->open->resting[i];

        if (resting->whole == NULL)
            unpress(&resting->pressed, &roster->woken[i], &none, sizeof none);
        roster->shown[i] = resting->whole != NULL ? resting->whole : &roster->woken[i];
    }
    roster->rest.asleep = false;
}

bool roster_incidents_keep(struct roster *roster)
{
    bool ok = roster->named == NULL || put(roster->named, &roster->named_incident);

    for (size_t i = 0; !roster->rest.asleep && i < roster->open->n_resting; i++) {
        if (roster->open->resting[i]->whole == NULL)
            ok = put(roster->open->resting[i], &roster->woken[i]) && ok;
    }
    return ok;
}

void roster_incidents_sleep(struct roster *roster)
{
    roster_incidents_keep(roster);
    roster->named = NULL;
    if (!roster->rest.asleep)
        memset(roster->shown, 0, sizeof roster->shown);
    roster->rest.asleep = true;
}

void roster_incidents_init(struct roster *roster)
{
    roster->incidents.size = sizeof(struct resting);
    roster->rest = (struct rest){ .asleep = true, .wake = wake, .arg = roster };
}

bool roster_is_of_zone(const char *subject)
{
    return strchr(subject, '/') != NULL;
}

/* NULL when memory is out. */
static struct incident *make_whole(struct roster *roster, struct resting *resting)
{
    if (resting->whole != NULL)
        return resting->whole;
    put_named_back(roster);
    resting->whole = malloc(sizeof *resting->whole);
    if (resting->whole != NULL) {
        unpress(&resting->pressed, resting->whole, &none, sizeof none);
        pressed_free(&resting->pressed);
    }
    return resting->whole;
}

/* Where it is shown in the track that is open; NULL: there it is not. */
static struct incident *find_shown(struct roster *roster, const struct resting *resting)
{
    for (size_t i = 0; roster->open != NULL && i < roster->open->n_resting; i++) {
        if (roster->open->resting[i] != resting)
            continue;
        if (roster->rest.asleep)
            wake(roster);
        return roster->shown[i];
    }
    return NULL;
}

static struct incident *show(struct roster *roster, const char *subject, struct resting *resting)
{
    struct incident *shown = resting->whole;

    if (shown == NULL && !roster_is_of_zone(subject))
        shown = make_whole(roster, resting); // else as a zone's, for now
    if (shown == NULL)
        shown = find_shown(roster, resting);
    if (shown != NULL)
        return shown;
    if (roster->named != resting) {
        put_named_back(roster);
        unpress(&resting->pressed, &roster->named_incident, &none, sizeof none);
        roster->named = resting;
    }
    return &roster->named_incident;
}

struct incident *roster_find_incident(struct roster *roster, const char *subject)
{
    struct resting *resting = table_find(&roster->incidents, subject);
    struct incident *incident = resting != NULL ? show(roster, subject, resting) : NULL;

    if (incident != NULL)
        corrections_incident(&roster->corrections, incident);
    return incident;
}

static void bring_up_to_date(struct roster *roster, const char *subject, struct incident *incident)
{
    roster_raise_incident(roster, subject, incident);
    corrections_incident(&roster->corrections, incident);
}

struct incident *roster_incident(struct roster *roster, const char *subject)
{
    struct resting *resting = table_take(&roster->incidents, subject);
    struct incident *incident = resting != NULL ? show(roster, subject, resting) : NULL;

    if (incident != NULL)
        bring_up_to_date(roster, subject, incident);
    return incident;
}

bool roster_hold(struct roster *roster, const char *subject, struct resting **out)
{
    *out = table_take(&roster->incidents, subject);
    if (*out == NULL)
        return false;
    bring_up_to_date(roster, subject, show(roster, subject, *out));
    return roster_incidents_keep(roster);
}

bool roster_hold_whole(struct roster *roster, const char *subject, bool make, struct incident **out)
{
    struct resting *resting =
        make ? table_take(&roster->incidents, subject) : table_find(&roster->incidents, subject);

    *out = resting != NULL ? make_whole(roster, resting) : NULL;
    if (*out != NULL)
        bring_up_to_date(roster, subject, *out);
    return *out != NULL || (resting == NULL && !make);
}

bool roster_nth_incident(struct roster *roster, size_t nth, const char **out_subject,
                         struct incident **out_incident)
{
    struct resting *resting = table_nth(&roster->incidents, nth, out_subject);

    *out_incident = resting != NULL ? show(roster, *out_subject, resting) : NULL;
    return resting != NULL;
}

void roster_incidents_blank(struct roster *roster)
{
    struct resting *resting;
    const char *subject;

    roster_incidents_sleep(roster);
    // An incident each turn, at a start or at the end.
    for (size_t i = 0; (resting = table_nth(&roster->incidents, i, &subject)) != NULL; i++) {
        if (resting->whole != NULL)
            *resting->whole = none;
        pressed_free(&resting->pressed);
    }
}

void roster_incidents_fini(struct roster *roster)
{
    struct resting *resting;
    const char *subject;

    roster_incidents_blank(roster);
    // An incident each turn.
    for (size_t i = 0; (resting = table_nth(&roster->incidents, i, &subject)) != NULL; i++)
        free(resting->whole);
    table_fini(&roster->incidents);
}
