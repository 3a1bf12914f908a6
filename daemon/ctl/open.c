/* SPDX-License-Identifier: Apache-2.0 */
/* open.c - the incidents that go on now, worst first, of the same severity the oldest first. */
#include "adapter/clock.h"
#include "adapter/print.h"
#include "ctl/assignees.h"
#include "ctl/incidents.h"
#include "ctl/line.h"
#include "ctl/notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int worst_first(const void *a, const void *b)
{
    const json_t *const *one = a, *const *other = b;
    int grade = line_severity(line_text(*other, "data.severity")) -
                line_severity(line_text(*one, "data.severity"));

    return grade != 0 ? grade : strcmp(line_text(*one, "time"), line_text(*other, "time"));
}

static void print_one(const json_t *event, const struct assignees *assignees, const json_t *notes,
                      bool colour)
{
    const char *incident = line_text(event, "data.incident");
    char holder[NOTES_HOLDER_MAX];

    line_print(stdout, event,
               notes_holder(notes, incident, assignees_of(assignees, incident), holder), colour,
               clock_utc());
}

static bool print_all(json_t *events, const struct assignees *assignees, const json_t *notes,
                      bool json)
{
    size_t n = 0, all = json_object_size(events);
    const json_t **sorted = calloc(all + 1, sizeof *sorted);
    bool colour = isatty(STDOUT_FILENO);
    const char *incident;
    json_t *event;

    json_object_foreach(events, incident, event)
    {
        if (sorted != NULL)
            sorted[n++] = json ? event : assignees_told(assignees, event);
    }
    if (sorted != NULL)
        qsort(sorted, n, sizeof *sorted, worst_first);
    for (size_t i = 0; i < n; i++) {
        if (!json)
            print_one(sorted[i], assignees, notes, colour);
        else
            line_json(stdout, sorted[i]);
    }
    if (n == 0 && !json)
        puts("nothing is open");
    free(sorted);
    return sorted != NULL;
}

static void take_beat(const struct redis_reply *reply, void *arg)
{
    json_t *beat = reply->kind == REDIS_TEXT ? json_loads(reply->text, 0, NULL) : NULL;

    // The last beat of one that was stopped says so.
    *(bool *)arg = reply->kind == REDIS_TEXT && !json_is_true(json_object_get(beat, "stopped"));
    json_decref(beat);
}

/* The list is as old as the last one who wrote it. */
static void warn_of_no_heartbeat(struct link *link)
{
    char key[LINK_KEY_MAX];
    bool beats = false;
    struct fault why;

    if (link_ask(link, 2, (const char *[]){ "GET", link_key(link, "heartbeat", key) }, take_beat,
                 &beats, &why) &&
        !beats)
        print_line(stderr, "breachctl: NO HEARTBEAT: breachd is not watching, or cannot reach this "
                           "Redis: what is shown may be old");
}

/* Who may not ask for notes sees all else, and is told so. */
static bool print_with_notes(struct link *link, json_t *events, const struct assignees *assignees,
                             bool json, struct fault *why)
{
    struct fault unheard = { .text = "" };
    json_t *notes = json ? NULL : notes_ask(link, events, &unheard);
    bool ok = print_all(events, assignees, notes, json);

    if (unheard.text[0] != '\0')
        print_line(stderr, "breachctl: notes are not shown: %s", unheard.text);
    json_decref(notes);
    return ok || fault_set(why, "out of memory");
}

int ctl_open(int argc, char **argv)
{
    struct assignees assignees = { 0 };
    struct ctl_options options;
    struct link link = { 0 };
    json_t *events = NULL;
    struct fault why;
    int rest;
    bool ok;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_no_more(argc, argv, rest))
        return ctl_misused("open");
    ok = link_init(&link, &options, &why) &&
         (events = incidents_open(&link, options.area, &why)) != NULL &&
         (assignees_init(&assignees) || fault_set(&why, "out of memory")) &&
         assignees_look_back(&assignees, &link, events, "+", &why) &&
         print_with_notes(&link, events, &assignees, options.json, &why);
    if (ok)
        warn_of_no_heartbeat(&link);
    link_fini(&link);
    assignees_fini(&assignees);
    json_decref(events);
    return ok ? CTL_DONE : ctl_refuse("%s", why.text);
}
