/* SPDX-License-Identifier: Apache-2.0 */
/* roster_incidents.c - incidents at rest, awake in the track that is open, by name, or whole. */
#include "app/roster_parts.h"

#include <stdlib.h>
#include <string.h>

static const struct incident none;

_Static_assert(sizeof none % PRESSED_WORD == 0 && sizeof none <= PRESSED_MAX, "it can be pressed");

/* What is not kept by now there is no room for: it stays as it was kept last. */
static bool put(struct held *held, const struct incident *incident)
{
    return press(&held->pressed, incident, &none, sizeof none);
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

    put_named_back(roster);                             // it may be one of his
    for (size_t i = 0; i < roster->open->n_held; i++) { // VICINITY_ALL
        struct held *held = roster->open->held[i];

        if (held->whole == NULL)
            unpress(&held->pressed, &roster->woken[i], &none, sizeof none);
        roster->shown[i] = held->whole != NULL ? held->whole : &roster->woken[i];
    }
    roster->rest.asleep = false;
}

bool roster_incidents_keep(struct roster *roster)
{
    bool ok = roster->named == NULL || put(roster->named, &roster->named_incident);

    for (size_t i = 0; !roster->rest.asleep && i < roster->open->n_held; i++) {
        if (roster->open->held[i]->whole == NULL)
            ok = put(roster->open->held[i], &roster->woken[i]) && ok;
    }
    return ok;
}

void roster_incidents_sleep(struct roster *roster)
{
    roster_incidents_keep(roster);
    roster->named = NULL;
    roster->rest.asleep = true;
    memset(roster->shown, 0, sizeof roster->shown);
}

void roster_incidents_init(struct roster *roster)
{
    roster->incidents.size = sizeof(struct held);
    roster->rest = (struct rest){ .asleep = true, .wake = wake, .arg = roster };
}

/* A name of breachd's own has no slash. */
static bool is_of_zone(const char *subject)
{
    return strchr(subject, '/') != NULL;
}

/* NULL when memory is out. */
static struct incident *make_whole(struct roster *roster, struct held *held)
{
    if (held->whole != NULL)
        return held->whole;
    put_named_back(roster);
    held->whole = malloc(sizeof *held->whole);
    if (held->whole != NULL) {
        unpress(&held->pressed, held->whole, &none, sizeof none);
        pressed_free(&held->pressed);
    }
    return held->whole;
}

/* Where it is shown in the track that is open; NULL: there it is not. */
static struct incident *find_shown(struct roster *roster, const struct held *held)
{
    for (size_t i = 0; roster->open != NULL && i < roster->open->n_held; i++) {
        if (roster->open->held[i] != held)
            continue;
        if (roster->rest.asleep)
            wake(roster);
        return roster->shown[i];
    }
    return NULL;
}

static struct incident *show(struct roster *roster, const char *subject, struct held *held)
{
    struct incident *shown = held->whole;

    if (shown == NULL && !is_of_zone(subject))
        shown = make_whole(roster, held); // else as a zone's, for now
    if (shown == NULL)
        shown = find_shown(roster, held);
    if (shown != NULL)
        return shown;
    if (roster->named != held) {
        put_named_back(roster);
        unpress(&held->pressed, &roster->named_incident, &none, sizeof none);
        roster->named = held;
    }
    return &roster->named_incident;
}

struct incident *roster_find_incident(struct roster *roster, const char *subject)
{
    struct held *held = table_find(&roster->incidents, subject);
    struct incident *incident = held != NULL ? show(roster, subject, held) : NULL;

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
    struct held *held = table_take(&roster->incidents, subject);
    struct incident *incident = held != NULL ? show(roster, subject, held) : NULL;

    if (incident != NULL)
        bring_up_to_date(roster, subject, incident);
    return incident;
}

bool roster_hold(struct roster *roster, const char *subject, struct held **out)
{
    *out = table_take(&roster->incidents, subject);
    if (*out == NULL)
        return false;
    bring_up_to_date(roster, subject, show(roster, subject, *out));
    return roster_incidents_keep(roster);
}

bool roster_hold_whole(struct roster *roster, const char *subject, bool make, struct incident **out)
{
    struct held *held =
        make ? table_take(&roster->incidents, subject) : table_find(&roster->incidents, subject);

    *out = held != NULL ? make_whole(roster, held) : NULL;
    if (*out != NULL)
        bring_up_to_date(roster, subject, *out);
    return *out != NULL || (held == NULL && !make);
}

bool roster_nth_incident(struct roster *roster, size_t nth, const char **out_subject,
                         struct incident **out_incident)
{
    struct held *held = table_nth(&roster->incidents, nth, out_subject);

    *out_incident = held != NULL ? show(roster, *out_subject, held) : NULL;
    return held != NULL;
}

void roster_incidents_blank(struct roster *roster)
{
    struct held *held;
    const char *subject;

    roster_incidents_sleep(roster);
    // An incident each turn, at a start or at the end.
    for (size_t i = 0; (held = table_nth(&roster->incidents, i, &subject)) != NULL; i++) {
        if (held->whole != NULL)
            *held->whole = none;
        pressed_free(&held->pressed);
    }
}

void roster_incidents_fini(struct roster *roster)
{
    struct held *held;
    const char *subject;

    roster_incidents_blank(roster);
    // An incident each turn.
    for (size_t i = 0; (held = table_nth(&roster->incidents, i, &subject)) != NULL; i++)
        free(held->whole);
    table_fini(&roster->incidents);
}
