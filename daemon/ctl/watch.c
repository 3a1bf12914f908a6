/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch.c - alerts as they come, from the record and not from a channel, so that none is missed. It
 * goes on from where it stopped, and gets loud when a number is missing, when the heartbeat is, or
 * when breachd says that it is blind. On a terminal it rings for what is critical and unseen.
 */
#include "adapter/clock.h"
#include "adapter/conf/units.h"
#include "adapter/print.h"
#include "ctl/assignees.h"
#include "ctl/cursor.h"
#include "ctl/incidents.h"
#include "ctl/line.h"
#include "ctl/notes.h"
#include "ctl/shown.h"
#include "ctl/unseen.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_MS = 1000, LOUD_MS = 30 * 1000, PAGE = 500, FIRST_SHOWN = 10 };

struct watching {
    struct link link;
    struct redis *stream, *heartbeats; // one waits for alerts, one asks for the heartbeat
    struct event *second, *interrupt;
    struct cursor mark;
    struct assignees assignees;
    struct unseen unseen;
    struct shown shown;
    json_t *page, *named; // entries not shown yet, [[id, event]]; incidents of them
    const char *area;
    int least; // severity
    bool json, colour;
    bool bell;           // it is rung for what is critical and nobody has
    bool deaf;           // nobody takes what it says: what is shown now is not seen
    struct tick shouted; // when it was last loud; 0: all is well
    const char *loud_of; // of what: one thing more is news of its own
    char alerts[LINK_KEY_MAX], heartbeat[LINK_KEY_MAX], todo[LINK_KEY_MAX];
};

/* Out with it; when nobody takes it any more, the end. */
static void say(struct watching *watching)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return;
    watching->deaf = true;
    event_base_loopbreak(watching->link.base);
}

/* ---- what is wrong ---- */

static void be_loud(struct watching *watching, const char *what, const char *why)
{
    struct tick now = clock_tick();

    if (watching->shouted.ms != 0 && now.ms - watching->shouted.ms < LOUD_MS &&
        strcmp(watching->loud_of, what) == 0)
        return;
    watching->shouted = now;
    watching->loud_of = what;
    line_shout(watching->json ? stderr : stdout, watching->colour, clock_utc(), "%s%s", what, why);
    say(watching);
}

static void be_calm(struct watching *watching)
{
    if (watching->shouted.ms != 0)
        line_shout(watching->json ? stderr : stdout, false, clock_utc(), "breachd is heard again");
    watching->shouted.ms = 0;
}

static void on_heartbeat(const struct redis_reply *reply, void *arg)
{
    struct watching *watching = arg;
    json_t *heartbeat = reply->kind == REDIS_TEXT ? json_loads(reply->text, 0, NULL) : NULL;

    if (heartbeat == NULL)
        be_loud(watching, "NO HEARTBEAT: breachd is not watching, or cannot reach this Redis", "");
    else if (json_is_true(json_object_get(heartbeat, "stopped")))
        be_loud(watching, "STOPPED: somebody has stopped breachd: nobody watches", "");
    else if (json_is_true(json_object_get(heartbeat, "blind")))
        be_loud(watching, "BLIND: breachd refuses pings", "");
    else
        be_calm(watching);
    json_decref(heartbeat);
}

/* Not past what nobody has seen. */
static void save_place(struct watching *watching)
{
    if (!watching->deaf)
        cursor_save(&watching->mark);
}

static void ring(struct watching *watching)
{
    if (!unseen_rings(&watching->unseen, clock_tick()) || !watching->bell)
        return;
    fputs("\a", stdout);
    say(watching);
}

static void on_second(evutil_socket_t fd, short what, void *arg)
{
    struct watching *watching = arg;

    (void)fd;
    (void)what;
    ring(watching);
    save_place(watching);
    if (redis_is_up(watching->heartbeats))
        redis_send(watching->heartbeats, 2, (const char *[]){ "GET", watching->heartbeat }, NULL,
                   on_heartbeat, watching);
}

/* The other connection tells when there is no Redis. */
static void on_heartbeat_up(void *arg)
{
    on_second(-1, 0, arg);
}

static void on_heartbeat_down(const char *why, void *arg)
{
    (void)why;
    (void)arg;
}

static void on_down(const char *why, void *arg)
{
    be_loud(arg, "REDIS DOES NOT ANSWER: ", why);
}

/* ---- alerts ---- */

static bool is_wanted(const struct watching *watching, const json_t *event)
{
    const char *area = line_text(event, "data.area");
    int grade = line_severity(line_text(event, "data.severity"));

    // A severity that is not known here may be a grave one.
    return (grade < 0 || grade >= watching->least) &&
           (watching->area == NULL || strcmp(area, watching->area) == 0);
}

/* For people; a program that wants grave alerts is given no others. */
static bool is_shown(struct watching *watching, const json_t *event)
{
    return watching->json ? is_wanted(watching, event)
                          : shown_hear(&watching->shown, event, is_wanted(watching, event));
}

static void show(struct watching *watching, const json_t *event, const json_t *notes)
{
    const char *incident = line_text(event, "data.incident");
    char holder[NOTES_HOLDER_MAX];

    if (line_is(event, ALERT_ESCALATED))
        notes = NULL; // it says that nobody had it then
    if (!watching->json)
        line_print(
            stdout, event,
            notes_holder(notes, incident, assignees_of(&watching->assignees, incident), holder),
            watching->colour, clock_utc());
    else
        line_json(stdout, event);
}

static void show_entry(struct watching *watching, const char *id, const json_t *event,
                       const json_t *notes)
{
    uint64_t sequence = strtoull(line_text(event, "sequence"), NULL, 10);
    uint64_t missing = cursor_move(&watching->mark, id, sequence);
    char count[32];

    if (missing > 0) {
        snprintf(count, sizeof count, "%llu", (unsigned long long)missing);
        watching->shouted.ms = 0; // this is news of its own
        be_loud(watching, "ALERTS ARE MISSING before the next one: ", count);
    }
    if (!json_is_object(event))
        return; // what is no event is passed over
    assignees_hear(&watching->assignees, event);
    unseen_hear(&watching->unseen, event, is_wanted(watching, event));
    if (is_shown(watching, event))
        show(watching, event, notes);
}

static void ask_for_more(struct watching *watching);

static void show_page(struct watching *watching, const json_t *notes)
{
    const json_t *entry;
    size_t i;

    json_array_foreach(watching->page, i, entry) show_entry(
        watching, json_string_value(json_array_get(entry, 0)), json_array_get(entry, 1), notes);
    json_array_clear(watching->page);
    json_object_clear(watching->named);
    say(watching);
    ring(watching);
    ask_for_more(watching);
}

/* Who may not ask for notes sees all else. */
static void on_notes(const struct redis_reply *reply, void *arg)
{
    struct watching *watching = arg;
    json_t *notes = notes_take(reply, watching->named);

    show_page(watching, notes);
    json_decref(notes);
}

static void take_entry(struct watching *watching, const struct redis_reply *entry)
{
    json_t *event = link_event(entry);

    if (line_text(event, "data.incident")[0] != '\0')
        json_object_set_new(watching->named, line_text(event, "data.incident"), json_true());
    json_array_append_new(
        watching->page, json_pack("[s,o]", redis_item(entry, 0).text, event ? event : json_null()));
}

/* In the order of the record, so all of a page waits for the notes of the incidents in it. */
static void show_with_notes(struct watching *watching)
{
    const char *argv[NOTES_ARGS_MAX];

    if (watching->json || json_object_size(watching->named) == 0 ||
        !redis_send(watching->stream, notes_command(watching->todo, watching->named, argv), argv,
                    NULL, on_notes, watching))
        show_page(watching, NULL);
}

/* [[stream, [entry, …]]], nil when none came in time. */
static void on_alerts(const struct redis_reply *reply, void *arg)
{
    struct watching *watching = arg;
    struct redis_reply stream = redis_item(reply, 0), entries = redis_item(&stream, 1);

    if (reply->kind == REDIS_ERROR) {
        be_loud(watching, "REDIS REFUSES: ", reply->text);
        redis_reset(watching->stream, reply->text); // on_up asks again
        return;
    }
    for (size_t i = 0; i < entries.n; i++) {
        struct redis_reply entry = redis_item(&entries, i);

        take_entry(watching, &entry);
    }
    show_with_notes(watching);
}

static void ask_for_more(struct watching *watching)
{
    char block[16], page[16];

    snprintf(block, sizeof block, "%d", BLOCK_MS);
    snprintf(page, sizeof page, "%d", PAGE);
    redis_send(watching->stream, 8,
               (const char *[]){ "XREAD", "BLOCK", block, "COUNT", page, "STREAMS",
                                 watching->alerts, watching->mark.id },
               NULL, on_alerts, watching);
}

/* What was not shown when the connection went is read again. */
static void on_up(void *arg)
{
    struct watching *watching = arg;

    json_array_clear(watching->page);
    json_object_clear(watching->named);
    ask_for_more(watching);
}

/* ---- starting ---- */

static void on_interrupt(evutil_socket_t fd, short what, void *arg)
{
    struct watching *watching = arg;

    (void)fd;
    (void)what;
    event_base_loopbreak(watching->link.base);
}

/* The oldest of the newest few, of which the first is passed over: to begin with. */
static void take_place(const struct redis_reply *reply, void *arg)
{
    struct watching *watching = arg;
    struct redis_reply last = redis_item(reply, reply->n > 0 ? reply->n - 1 : 0);
    struct redis_reply id = redis_item(&last, 0);

    snprintf(watching->mark.id, sizeof watching->mark.id, "%.40s",
             reply->n > FIRST_SHOWN ? id.text : "0");
}

/* Where to begin, and who has what by then. */
static bool find_place(struct watching *watching, struct fault *why)
{
    struct link *link = &watching->link;
    size_t unreadable = 0;
    const char *incident;
    json_t *open, *event;
    char few[16];
    bool ok;

    snprintf(few, sizeof few, "%d", FIRST_SHOWN + 1);
    if (watching->mark.id[0] == '\0' &&
        !link_ask(link, 6,
                  (const char *[]){ "XREVRANGE", watching->alerts, "+", "-", "COUNT", few },
                  take_place, watching, why))
        return false;
    open = incidents_open(link, NULL, &unreadable, why);
    if (open != NULL && unreadable > 0)
        print_line(stderr, "breachctl: %zu of what goes on cannot be read: see breachctl open",
                   unreadable);
    ok = open != NULL &&
         ((assignees_init(&watching->assignees) && unseen_init(&watching->unseen) &&
           shown_init(&watching->shown)) ||
          fault_set(why, "out of memory")) &&
         assignees_read_back(&watching->assignees, link, open, watching->mark.id, why);
    // What goes on was shown by a watch before this one, or would have been.
    json_object_foreach(ok ? open : NULL, incident, event) is_shown(watching, event);
    json_decref(open);
    link_hang_up(link); // its end is none of the loop's business
    return ok;
}

static bool start(struct watching *watching, const struct ctl_options *options, struct fault *why)
{
    struct redis_callbacks alerts = { on_up, on_down, watching };
    struct redis_callbacks callbacks = { on_heartbeat_up, on_heartbeat_down, watching };
    struct timeval second = { 1, 0 };

    if (!link_init(&watching->link, options, why))
        return false;
    link_key(&watching->link, "alerts", watching->alerts);
    link_key(&watching->link, "heartbeat", watching->heartbeat);
    link_key(&watching->link, "todo", watching->todo);
    watching->page = json_array();
    watching->named = json_object();
    if (!cursor_open(&watching->mark, watching->link.prefix, options->since, clock_utc(), why) ||
        !find_place(watching, why))
        return false;
    watching->stream = link_redis(&watching->link, &alerts, BLOCK_MS + LINK_PATIENCE_MS);
    watching->heartbeats = link_redis(&watching->link, &callbacks, 0);
    watching->second = event_new(watching->link.base, -1, EV_PERSIST, on_second, watching);
    watching->interrupt = evsignal_new(watching->link.base, SIGINT, on_interrupt, watching);
    return (watching->page != NULL && watching->named != NULL && watching->stream != NULL &&
            watching->heartbeats != NULL && watching->second != NULL &&
            watching->interrupt != NULL && event_add(watching->second, &second) == 0 &&
            event_add(watching->interrupt, NULL) == 0) ||
           fault_set(why, "out of memory");
}

static void stop(struct watching *watching)
{
    redis_destroy(watching->stream);
    redis_destroy(watching->heartbeats);
    if (watching->second != NULL)
        event_free(watching->second);
    if (watching->interrupt != NULL)
        event_free(watching->interrupt);
    link_fini(&watching->link);
    json_decref(watching->page);
    json_decref(watching->named);
    assignees_fini(&watching->assignees);
    unseen_fini(&watching->unseen);
    shown_fini(&watching->shown);
}

int ctl_watch(int argc, char **argv)
{
    struct watching watching = { .colour = isatty(STDOUT_FILENO) };
    struct ctl_options options;
    struct fault why;
    int rest;
    bool ok;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_no_more(argc, argv, rest))
        return ctl_misused("watch");
    watching.area = options.area;
    watching.json = options.json;
    watching.bell = watching.colour && !options.json && !options.quiet;
    watching.least = options.severity != NULL ? line_severity(options.severity) : 0;
    ok = start(&watching, &options, &why);
    if (ok) {
        event_base_dispatch(watching.link.base);
        save_place(&watching);
    }
    stop(&watching);
    return ok ? CTL_DONE : ctl_refuse("%s", why.text);
}
