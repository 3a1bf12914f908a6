/* SPDX-License-Identifier: Apache-2.0 */
/* status.c - whether breachd watches: its heartbeat, and how much is open. */
#include "adapter/clock.h"
#include "adapter/print.h"
#include "ctl/line.h"
#include "ctl/link.h"

#include <stdlib.h>
#include <string.h>

enum { MIB = 1024 * 1024 };

static void keep_text(const struct redis_reply *reply, void *arg)
{
    char **text = arg;

    *text = reply->kind == REDIS_TEXT ? strdup(reply->text) : NULL;
}

/* What is in force, and what the newest reload changed. */
static void print_rules(const json_t *rules)
{
    const json_t *changed = json_object_get(rules, "changed");
    double farthest = json_number_value(json_object_get(changed, "farthest"));
    char lost[REVISION_LOST_MAX], settings[REVISION_SETTINGS_MAX];

    if (rules == NULL)
        return; // a breachd of before
    print_line(stdout, "orders         %lld, loaded %s",
               json_integer_value(json_object_get(rules, "orders")), line_text(rules, "loaded"));
    print_part(stdout, "by a reload    %lld added, %lld ended, %lld changed, %lld zones moved",
               json_integer_value(json_object_get(changed, "added")),
               json_integer_value(json_object_get(changed, "ended")),
               json_integer_value(json_object_get(changed, "texts")),
               json_integer_value(json_object_get(changed, "zones_moved")));
    if (farthest > 0)
        print_part(stdout, ", by %.1f m at most", farthest);
    print_line(stdout, "%s%s", line_lost(changed, lost), line_settings(changed, settings));
    if (line_text(rules, "text.digest")[0] != '\0')
        print_line(stdout, "their text     %s, of %s, from %s", line_text(rules, "text.digest"),
                   line_text(rules, "text.read"), line_text(rules, "text.from"));
}

/* What files say and is not in force. */
static void print_refused(const json_t *refused)
{
    long long n = json_integer_value(json_object_get(refused, "complaints"));

    if (!json_is_object(refused))
        return;
    print_line(stdout, "reload REFUSED %s: %lld complaint%s, %s; first: %s",
               line_text(refused, "at"), n, n == 1 ? "" : "s", line_text(refused, "stays"),
               line_text(refused, "first"));
}

/* Whether those are in force that somebody wants to be: good files, and orders in them. */
static bool are_rules_well(const json_t *heartbeat)
{
    const json_t *troubles = json_object_get(heartbeat, "troubles");
    bool none = false;

    for (size_t i = 0; i < json_array_size(troubles); i++) {
        const char *trouble = json_string_value(json_array_get(troubles, i));

        none |= trouble != NULL && strcmp(trouble, "no-orders") == 0;
    }
    return !none &&
           !json_is_object(json_object_get(json_object_get(heartbeat, "rules"), "refused"));
}

static void print_ledger(const json_t *ledger)
{
    const json_t *a_day = json_object_get(ledger, "bytes_a_day");

    if (ledger == NULL)
        return; // a breachd of before
    print_part(stdout, "ledger         %.1f MiB",
               json_number_value(json_object_get(ledger, "bytes")) / MIB);
    if (json_is_number(a_day))
        print_part(stdout, ", %+.1f MiB a day", json_number_value(a_day) / MIB);
    putchar('\n');
}

/* What somebody should see to, though it watches. */
static void print_troubles(const json_t *troubles)
{
    for (size_t i = 0; i < json_array_size(troubles); i++) {
        const char *trouble = json_string_value(json_array_get(troubles, i));

        print_part(stdout, "%s%s", i == 0 ? "see to         " : ", ", trouble ? trouble : "");
    }
    if (json_array_size(troubles) > 0)
        print_line(stdout, "%s", "");
}

static void print_heartbeat(const json_t *heartbeat)
{
    char age[DURATION_TEXT_MAX];
    struct utc at;

    print_line(stdout, "site %s: %s%s", line_text(heartbeat, "site"),
               json_is_true(json_object_get(heartbeat, "stopped")) ? "STOPPED: nobody watches"
               : json_is_true(json_object_get(heartbeat, "blind")) ? "BLIND: pings are refused"
                                                                   : "watching",
               json_is_true(json_object_get(heartbeat, "exercise")) ? ", an exercise" : "");
    if (utc_parse(line_text(heartbeat, "time"), &at))
        print_line(stdout, "heartbeat      %s ago", duration_print(clock_utc().ms - at.ms, age));
    print_line(stdout, "open incidents %lld",
               json_integer_value(json_object_get(heartbeat, "open")));
    print_line(stdout, "newest alert   %lld",
               json_integer_value(json_object_get(heartbeat, "sequence")));
    print_line(stdout, "lag            %.1f s",
               json_number_value(json_object_get(heartbeat, "lag")));
    print_ledger(json_object_get(heartbeat, "ledger"));
    print_troubles(json_object_get(heartbeat, "troubles"));
    print_rules(json_object_get(heartbeat, "rules"));
    print_refused(json_object_get(json_object_get(heartbeat, "rules"), "refused"));
}

int ctl_status(int argc, char **argv)
{
    struct ctl_options options;
    struct link link = { 0 };
    char key[LINK_KEY_MAX], *text = NULL;
    struct fault why;
    json_t *heartbeat;
    int rest;
    bool ok, well;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_no_more(argc, argv, rest))
        return ctl_misused("status");
    ok = link_init(&link, &options, &why) &&
         link_ask(&link, 2, (const char *[]){ "GET", link_key(&link, "heartbeat", key) }, keep_text,
                  &text, &why);
    heartbeat = text ? json_loads(text, 0, NULL) : NULL;
    well = heartbeat != NULL && !json_is_true(json_object_get(heartbeat, "blind")) &&
           !json_is_true(json_object_get(heartbeat, "stopped")) && are_rules_well(heartbeat);
    if (ok && heartbeat == NULL)
        fault_set(&why, "no heartbeat: breachd is not watching, or cannot reach this Redis");
    else if (ok && options.json)
        line_json(stdout, heartbeat);
    else if (ok)
        print_heartbeat(heartbeat);
    link_fini(&link);
    free(text);
    json_decref(heartbeat);
    return well ? CTL_DONE : heartbeat != NULL ? CTL_FAILED : ctl_refuse("%s", why.text);
}
