/* SPDX-License-Identifier: Apache-2.0 */
/*
 * open.c - what needs somebody: incidents that go on, and what else stands in `todo`. What nobody
 * has taken comes first, then the worst, of the same severity the oldest; what is shelved, last.
 */
#include "adapter/clock.h"
#include "adapter/print.h"
#include "core/custody.h"
#include "ctl/assignees.h"
#include "ctl/incidents.h"
#include "ctl/line.h"
#include "ctl/notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct item {
    const json_t *newest; // its newest alert
    const json_t *shown;  // the one that says how it stands
    const json_t *waits;  // of which an `escalated` speaks; NULL: it is none, or that is not found
    const json_t *before; // and how it stands but for that
    const char *by, *note;
    const char *until, *shelved_by; // "": it is not shelved
    bool goes_on;
};

static bool is_shelved(const struct item *item)
{
    return item->until[0] != '\0';
}

static int unseen_and_worst_first(const void *a, const void *b)
{
    const struct item *one = a, *other = b;
    bool seen = one->by[0] != '\0', others = other->by[0] != '\0';
    int grade = line_severity(line_text(other->shown, "data.severity")) -
                line_severity(line_text(one->shown, "data.severity"));

    return is_shelved(one) != is_shelved(other) ? is_shelved(one) - is_shelved(other)
           : seen != others                     ? seen - others
           : grade != 0                         ? grade
                        : strcmp(line_text(one->shown, "time"), line_text(other->shown, "time"));
}

/* ---- both hashes ---- */

struct lists {
    json_t *open, *todo; // by incident; todo NULL: this user may not ask
    json_t *events;      // the alerts of both
    struct assignees assignees;
    size_t unreadable; // entries
};

static void lists_fini(struct lists *lists)
{
    json_decref(lists->open);
    json_decref(lists->todo);
    json_decref(lists->events);
    assignees_fini(&lists->assignees);
}

/* Of what is in both, as after an update, the alert of `open` is the newer one. */
static bool join(struct lists *lists)
{
    const char *incident;
    json_t *need;

    lists->events = json_copy(lists->open);
    json_object_foreach(lists->todo, incident, need)
    {
        if (json_object_get(lists->events, incident) == NULL)
            json_object_set(lists->events, incident, json_object_get(need, "alert"));
    }
    return lists->events != NULL && assignees_init(&lists->assignees);
}

/* A Redis of before knows users who may not read `todo`: the incidents that go on are shown. */
static bool ask(struct link *link, const char *area, struct lists *lists, struct fault *why)
{
    struct fault unheard;

    lists->open = incidents_open(link, area, &lists->unreadable, why);
    if (lists->open == NULL)
        return false;
    lists->todo = incidents_todo(link, area, &lists->unreadable, &unheard);
    if (lists->todo == NULL)
        print_line(stderr, "breachctl: only what goes on is shown, without notes: %s",
                   unheard.text);
    return (join(lists) || fault_set(why, FAULT_MEMORY)) &&
           assignees_read_back(&lists->assignees, link, lists->events, "+", why);
}

/* ---- what is shown ---- */

static struct item item_of(const struct lists *lists, const char *incident, const json_t *event)
{
    const json_t *need = json_object_get(lists->todo, incident);
    const char *by = need ? line_text(need, "by") : assignees_of(&lists->assignees, incident);
    bool waits = line_is(event, ALERT_ESCALATED) && by[0] == '\0';

    return (struct item){
        .newest = event,
        .shown = waits ? event : assignees_newest(&lists->assignees, event),
        .waits = assignees_waits(&lists->assignees, event),
        .before = assignees_newest(&lists->assignees, event),
        .by = by,
        .note = line_text(need, "note"),
        .until = line_text(need, "shelved.until"),
        .shelved_by = line_text(need, "shelved.by"),
        .goes_on = json_object_get(lists->open, incident) != NULL,
    };
}

/* "nobody has taken it for 5 min 0 s; breach: inside by 42 m": else only that it waits is told. */
static json_t *escalated_event(const struct item *item)
{
    json_t *event = json_copy((json_t *)(uintptr_t)item->shown);
    json_t *data = json_copy(json_object_get(item->shown, "data"));

    json_object_set_new(data, "reason",
                        json_sprintf("%s; %s%s: %s", line_text(item->shown, "data.reason"),
                                     line_type(item->waits),
                                     line_is(item->before, ALERT_CLEARED) ? ", cleared" : "",
                                     line_text(item->before, "data.reason")));
    json_object_set_new(event, "data", data);
    return event;
}

static void print_shelved(const struct item *item, bool colour)
{
    char holder[NOTES_HOLDER_MAX], shelved[NOTES_HOLDER_MAX + 256], until[LINE_TIME_MAX];

    notes_print(item->by, item->note, holder);
    snprintf(shelved, sizeof shelved, "%s%sshelved until %s by %.*s", holder,
             holder[0] != '\0' ? "; " : "", line_time(item->until, clock_utc(), until),
             CUSTODY_BY_MAX, item->shelved_by);
    line_print(stdout, item->shown, shelved, colour, clock_utc());
}

static void print_item(const struct item *item, bool colour)
{
    char holder[NOTES_HOLDER_MAX];
    bool missed = item->by[0] == '\0' && line_is(item->shown, ALERT_CLEARED);
    json_t *escalated =
        line_is(item->shown, ALERT_ESCALATED) && item->waits != NULL ? escalated_event(item) : NULL;

    line_print(stdout, escalated != NULL ? escalated : item->shown,
               notes_print(missed ? "taken by nobody" : item->by, item->note, holder), colour,
               clock_utc());
    json_decref(escalated);
}

/* The alert as Redis has it, and beside its members who has it. */
static void print_json(const struct item *item)
{
    json_t *json = json_copy((json_t *)(uintptr_t)item->newest);

    json_object_set_new(json, "by", item->by[0] != '\0' ? json_string(item->by) : json_null());
    json_object_set_new(json, "note",
                        item->note[0] != '\0' ? json_string(item->note) : json_null());
    json_object_set_new(json, "shelved",
                        is_shelved(item)
                            ? json_pack("{s:s,s:s}", "by", item->shelved_by, "until", item->until)
                            : json_null());
    json_object_set_new(json, "open", json_boolean(item->goes_on));
    json_object_set_new(json, "waits",
                        item->waits != NULL ? json_string(line_type(item->waits)) : json_null());
    line_json(stdout, json);
    json_decref(json);
}

static bool print_all(const struct lists *lists, bool json)
{
    size_t n = 0;
    struct item *items = calloc(json_object_size(lists->events) + 1, sizeof *items);
    bool colour = isatty(STDOUT_FILENO);
    const char *incident;
    json_t *event;

    if (items == NULL)
        return false;
    json_object_foreach(lists->events, incident, event) items[n++] =
        item_of(lists, incident, event);
    qsort(items, n, sizeof *items, unseen_and_worst_first);
    for (size_t i = 0; i < n; i++) {
        if (!json && is_shelved(&items[i]) && (i == 0 || !is_shelved(&items[i - 1])))
            puts("shelved:");
        if (json)
            print_json(&items[i]);
        else if (is_shelved(&items[i]))
            print_shelved(&items[i], colour);
        else
            print_item(&items[i], colour);
    }
    if (n == 0 && lists->unreadable == 0 && !json)
        puts("nothing is open");
    free(items);
    return true;
}

enum watching { WATCHING, STOPPED, NOT_HEARD };

static void take_heartbeat(const struct redis_reply *reply, void *arg)
{
    json_t *heartbeat = reply->kind == REDIS_TEXT ? json_loads(reply->text, 0, NULL) : NULL;

    // The last heartbeat of one that was stopped says so.
    *(enum watching *)arg = reply->kind != REDIS_TEXT                             ? NOT_HEARD
                            : json_is_true(json_object_get(heartbeat, "stopped")) ? STOPPED
                                                                                  : WATCHING;
    json_decref(heartbeat);
}

/* The list is as old as the last one who wrote it. */
static void warn_of_no_heartbeat(struct link *link)
{
    char key[LINK_KEY_MAX];
    enum watching is = NOT_HEARD;
    struct fault why;

    if (!link_ask(link, 2, (const char *[]){ "GET", link_key(link, "heartbeat", key) },
                  take_heartbeat, &is, &why))
        return; // it was heard before
    if (is == STOPPED)
        print_line(stderr, "breachctl: STOPPED: nobody watches: what is shown may be old");
    else if (is == NOT_HEARD)
        print_line(stderr, "breachctl: NO HEARTBEAT: breachd is not watching, or cannot reach this "
                           "Redis: what is shown may be old");
}

int ctl_open(int argc, char **argv)
{
    struct lists lists = { 0 };
    struct ctl_options options;
    struct link link = { 0 };
    struct fault why;
    int rest;
    bool ok;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_no_more(argc, argv, rest))
        return ctl_misused("open");
    ok = link_init(&link, &options, &why) && ask(&link, options.area, &lists, &why) &&
         (print_all(&lists, options.json) || fault_set(&why, FAULT_MEMORY));
    if (ok)
        warn_of_no_heartbeat(&link);
    // Somebody may be inside by it.
    if (ok && lists.unreadable > 0)
        ok =
            fault_set(&why,
                      "%zu entr%s of {%s}:open and {%s}:todo cannot be read, and %s not shown: who "
                      "else may write there?",
                      lists.unreadable, lists.unreadable == 1 ? "y" : "ies", link.prefix,
                      link.prefix, lists.unreadable == 1 ? "is" : "are");
    link_fini(&link);
    lists_fini(&lists);
    return ok ? CTL_DONE : ctl_refuse("%s", why.text);
}
