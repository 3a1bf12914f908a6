/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ack.c - takes an incident, closes it, hands it on, keeps it quiet for a while, or notes
 * something: a word in the stream of acknowledgements, and then what breachd says to it.
 */
#include "adapter/clock.h"
#include "adapter/conf/units.h"
#include "adapter/entry_id.h"
#include "adapter/print.h"
#include "core/custody.h"
#include "ctl/line.h"
#include "ctl/link.h"
#include "ctl/moment.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WAIT_S = 10 };

/* A row a thing to say: by which alert breachd answers, and how that is told. */
static const struct act {
    const char *action;
    enum alert_type answer; // ALERT_TYPES: none, but what stands in `todo`
    const char *done;
} acts[] = {
    { "ack", ALERT_ACKED, "taken by " },    { "close", ALERT_CLOSED, "closed by " },
    { "hand", ALERT_HANDED, "handed by " }, { "shelve", ALERT_SHELVED, "shelved by " },
    { "note", ALERT_TYPES, "noted by " },
};
_Static_assert(sizeof acts / sizeof *acts == CUSTODY_ACTS, "a row for each act");

struct asked {
    const struct act *act;
    const char *incident, *by;
    const char *note;                                 // NULL: nothing is waited for in `todo`
    char until[UTC_TEXT_MAX];                         // of the answer; "": it has none
    bool listed;                                      // it stands in `todo`
    char id[ENTRY_ID_MAX];                            // of our word
    char alerts[ENTRY_ID_MAX], refused[ENTRY_ID_MAX]; // ids up to which both streams are read
    char refusal[REDIS_WHY_MAX];
    bool done;
};

static void take_id(const struct redis_reply *reply, void *arg)
{
    snprintf(arg, ENTRY_ID_MAX, "%s", reply->kind == REDIS_TEXT ? reply->text : "0");
}

/* The newest id of a stream, "0" when it is empty: [[id, fields]]. */
static void take_newest(const struct redis_reply *reply, void *arg)
{
    struct redis_reply entry = redis_item(reply, 0), id = redis_item(&entry, 0);

    snprintf(arg, ENTRY_ID_MAX, "%s", id.kind == REDIS_TEXT ? id.text : "0");
}

static const char *field(const struct redis_reply *fields, const char *name)
{
    for (size_t i = 0; i + 1 < fields->n; i += 2) {
        if (strcmp(redis_item(fields, i).text, name) == 0)
            return redis_item(fields, i + 1).text;
    }
    return "";
}

static void take_alert(struct asked *asked, const struct redis_reply *fields)
{
    json_t *event = json_loads(field(fields, "event"), 0, NULL);

    if (asked->act->answer != ALERT_TYPES &&
        strcmp(field(fields, "type"), alert_type_name(asked->act->answer)) == 0 &&
        strcmp(line_text(event, "data.incident"), asked->incident) == 0 &&
        strcmp(line_text(event, "data.by"), asked->by) == 0) {
        asked->done = true;
        snprintf(asked->until, sizeof asked->until, "%s", line_text(event, "data.until"));
    }
    json_decref(event);
}

/* [[stream, [[id, fields], …]], …], or nil when nothing came. */
static void take_news(const struct redis_reply *reply, void *arg)
{
    struct asked *asked = arg;

    for (size_t i = 0; i < reply->n; i++) {
        struct redis_reply stream = redis_item(reply, i), name = redis_item(&stream, 0);
        struct redis_reply entries = redis_item(&stream, 1);
        bool refusals = strstr(name.text, ":acks:refused") != NULL;

        for (size_t k = 0; k < entries.n; k++) {
            struct redis_reply entry = redis_item(&entries, k), fields = redis_item(&entry, 1);

            snprintf(refusals ? asked->refused : asked->alerts, ENTRY_ID_MAX, "%s",
                     redis_item(&entry, 0).text);
            if (!refusals)
                take_alert(asked, &fields);
            else if (strcmp(field(&fields, "ack"), asked->id) == 0)
                snprintf(asked->refusal, sizeof asked->refusal, "%s", field(&fields, "why"));
        }
    }
}

static const char *or_none(const char *text)
{
    return text != NULL ? text : "";
}

/* Without the fields that its action has no use for, which a breachd of before does not know. */
static bool send_ack(struct link *link, struct asked *asked, const struct ctl_options *options,
                     const char *until, struct fault *why)
{
    const char *argv[17] = { "XADD",   NULL,   "*",  "incident",  asked->incident,
                             "action", NULL,   "by", options->by, "reason",
                             NULL,     "note", NULL };
    char acks[LINK_KEY_MAX];
    size_t n = 13;

    argv[1] = link_key(link, "acks", acks);
    argv[6] = asked->act->action;
    argv[10] = or_none(options->reason);
    argv[12] = or_none(options->note);
    if (options->to != NULL) {
        argv[n++] = "to";
        argv[n++] = options->to;
    }
    if (until[0] != '\0') {
        argv[n++] = "until";
        argv[n++] = until;
    }
    return link_ask(link, n, argv, take_id, asked->id, why);
}

/* ---- a note, which no alert tells ---- */

/* [value]: the incident's in `todo`, nil when it is not there. */
static void take_listed(const struct redis_reply *reply, void *arg)
{
    struct asked *asked = arg;
    struct redis_reply item = redis_item(reply, 0);
    json_t *need = item.kind == REDIS_TEXT ? json_loads(item.text, 0, NULL) : NULL;
    const char *note = line_text(need, "note");

    asked->listed = need != NULL;
    // A long one is cut where it stands there.
    if (asked->note != NULL && note[0] != '\0' && strncmp(note, asked->note, strlen(note)) == 0 &&
        (strlen(note) == strlen(asked->note) || strlen(note) > CUSTODY_NOTE_MAX - 5))
        asked->done = true;
    json_decref(need);
}

static bool check_list(struct link *link, struct asked *asked, struct fault *why)
{
    char todo[LINK_KEY_MAX];

    return link_ask(link, 3,
                    (const char *[]){ "HMGET", link_key(link, "todo", todo), asked->incident },
                    take_listed, asked, why);
}

/* Where no list has it, a note would be seen by nobody, and never be answered. */
static bool check_listed(struct link *link, struct asked *asked, struct fault *why)
{
    return check_list(link, asked, why) &&
           (asked->listed ||
            fault_set(why, "%s: it needs nobody (any more), so it stands in no list",
                      asked->incident));
}

static time_t second(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* What breachd makes of it: done, refused with a reason, or nothing within WAIT_S. */
static bool await_answer(struct link *link, struct asked *asked, struct fault *why)
{
    char alerts[LINK_KEY_MAX], refused[LINK_KEY_MAX];

    link_key(link, "alerts", alerts);
    link_key(link, "acks:refused", refused);
    // However much news of others comes meanwhile.
    for (time_t until = second() + WAIT_S;
         second() < until && !asked->done && asked->refusal[0] == '\0';) {
        if (!link_ask(link, 10,
                      (const char *[]){ "XREAD", "BLOCK", "500", "COUNT", "1000", "STREAMS", alerts,
                                        refused, asked->alerts, asked->refused },
                      take_news, asked, why) ||
            (asked->note != NULL && !check_list(link, asked, why)))
            return false;
    }
    if (asked->refusal[0] != '\0')
        return fault_set(why, "%s: refused: %s", asked->incident, asked->refusal);
    return asked->done || fault_set(why,
                                    "%s: the word is sent, but breachd has not answered: does it "
                                    "watch? (breachctl status)",
                                    asked->incident);
}

static bool find_ends(struct link *link, struct asked *asked, struct fault *why)
{
    char key[LINK_KEY_MAX];

    return link_ask(link, 6,
                    (const char *[]){ "XREVRANGE", link_key(link, "alerts", key), "+", "-", "COUNT",
                                      "1" },
                    take_newest, asked->alerts, why) &&
           link_ask(link, 6,
                    (const char *[]){ "XREVRANGE", link_key(link, "acks:refused", key), "+", "-",
                                      "COUNT", "1" },
                    take_newest, asked->refused, why);
}

static void take_whether(const struct redis_reply *reply, void *arg)
{
    *(bool *)arg = reply->kind == REDIS_NUMBER && reply->number == 0;
}

/*
 * Also what is over can be taken and closed; who meant what goes on now must hear of it. Taken, it
 * is out of `todo` just then; what is breachd's own, or lost, goes on there alone.
 */
static bool is_over(struct link *link, const char *incident)
{
    char key[LINK_KEY_MAX];
    bool over = false;
    struct fault unheard;

    return link_ask(link, 3, (const char *[]){ "HEXISTS", link_key(link, "todo", key), incident },
                    take_whether, &over, &unheard) &&
           over;
}

static const struct act *act_of(const char *action)
{
    size_t i = 0;

    while (strcmp(acts[i].action, action) != 0)
        i++;
    return &acts[i];
}

static bool is_given(const char *action, const struct ctl_options *options)
{
    return ctl_given(options->by, "--by NAME") &&
           (strcmp(action, "close") != 0 || ctl_given(options->reason, "--reason REASON")) &&
           (strcmp(action, "hand") != 0 || ctl_given(options->to, "--to NAME")) &&
           (strcmp(action, "shelve") != 0 || ctl_given(options->until, "--until TIME|DURATION")) &&
           (strcmp(action, "note") != 0 || ctl_given(options->note, "--note TEXT"));
}

/* Until when, as breachd is told: how long it is reckoned by its own clock. */
static bool read_until(const struct ctl_options *options, char out[UTC_TEXT_MAX], struct fault *why)
{
    struct fault cause;
    struct utc at;
    double ms;

    out[0] = '\0';
    if (options->until == NULL)
        return true;
    if (moment_is_duration(options->until)) {
        if (!unit_parse(UNIT_DURATION, options->until, 0, CUSTODY_SHELF_MS, &ms, &cause))
            return fault_set(why, "--until: %s", cause.text);
        snprintf(out, UTC_TEXT_MAX, "%.30s", options->until);
        return true;
    }
    if (!moment_parse(options->until, clock_utc(), MOMENT_AFTER, &at, why))
        return false;
    utc_print(at, out);
    return true;
}

/* "A/home/1: handed by PC 42 to PC 43" */
static void tell(const struct asked *asked, const struct ctl_options *options, bool over)
{
    print_part(stdout, "%s: %s%s", asked->incident, asked->act->done, options->by);
    if (options->to != NULL)
        print_part(stdout, " to %s", options->to);
    if (asked->until[0] != '\0') {
        print_part(stdout, " until ");
        line_put_time(stdout, asked->until, clock_utc());
    }
    print_line(stdout, "%s", over ? "; it is over: `breachctl open` shows what goes on" : "");
}

static int say(const char *action, int argc, char **argv)
{
    struct ctl_options options;
    struct link link = { 0 };
    struct asked asked = { .act = act_of(action) };
    struct fault why;
    static const char device[] = "device/"; // whose incidents are never in `open`
    bool ok, over, note = strcmp(action, "note") == 0;
    char until[UTC_TEXT_MAX];
    int rest;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_one(argc, argv, rest, "INCIDENT") ||
        !is_given(action, &options))
        return ctl_misused(action);
    if ((options.reason != NULL && !custody_reason_check(options.reason, &why)) ||
        !read_until(&options, until, &why))
        return ctl_wrong("%s", why.text);
    asked.incident = argv[rest];
    asked.by = options.by;
    ok = link_init(&link, &options, &why) && (!note || check_listed(&link, &asked, &why));
    asked.note = note ? options.note : NULL;
    ok = ok && find_ends(&link, &asked, &why) && send_ack(&link, &asked, &options, until, &why) &&
         await_answer(&link, &asked, &why);
    over = ok && strcmp(action, "ack") == 0 &&
           strncmp(asked.incident, device, sizeof device - 1) != 0 &&
           is_over(&link, asked.incident);
    link_fini(&link);
    if (!ok)
        return ctl_refuse("%s", why.text);
    tell(&asked, &options, over);
    return CTL_DONE;
}

int ctl_ack(int argc, char **argv)
{
    return say("ack", argc, argv);
}

int ctl_close(int argc, char **argv)
{
    return say("close", argc, argv);
}

int ctl_hand(int argc, char **argv)
{
    return say("hand", argc, argv);
}

int ctl_shelve(int argc, char **argv)
{
    return say("shelve", argc, argv);
}

int ctl_note(int argc, char **argv)
{
    return say("note", argc, argv);
}
