/* SPDX-License-Identifier: Apache-2.0 */
/* status.c - whether breachd watches: its heartbeat, and how much is open. */
#include "adapter/clock.h"
#include "ctl/line.h"
#include "ctl/link.h"

#include <stdlib.h>
#include <string.h>

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

    if (rules == NULL)
        return; // a breachd of before
    printf("orders         %lld, loaded ", json_integer_value(json_object_get(rules, "orders")));
    line_put(stdout, line_text(rules, "loaded"));
    printf("\nby a reload    %lld added, %lld ended, %lld changed, %lld zones moved",
           json_integer_value(json_object_get(changed, "added")),
           json_integer_value(json_object_get(changed, "ended")),
           json_integer_value(json_object_get(changed, "texts")),
           json_integer_value(json_object_get(changed, "zones_moved")));
    if (farthest > 0)
        printf(", by %.1f m at most", farthest);
    putchar('\n');
}

/* What somebody should see to, though it watches. */
static void print_troubles(const json_t *troubles)
{
    for (size_t i = 0; i < json_array_size(troubles); i++) {
        fputs(i == 0 ? "see to         " : ", ", stdout);
        line_put(stdout, json_string_value(json_array_get(troubles, i)));
    }
    if (json_array_size(troubles) > 0)
        putchar('\n');
}

static void print_beat(const json_t *beat)
{
    char age[DURATION_TEXT_MAX];
    struct utc at;

    fputs("site ", stdout);
    line_put(stdout, line_text(beat, "site"));
    printf(": %s%s\n",
           json_is_true(json_object_get(beat, "blind")) ? "BLIND: pings are refused" : "watching",
           json_is_true(json_object_get(beat, "exercise")) ? ", an exercise" : "");
    if (utc_parse(line_text(beat, "time"), &at))
        printf("heartbeat      %s ago\n", duration_print(clock_utc().ms - at.ms, age));
    printf("open incidents %lld\n", json_integer_value(json_object_get(beat, "open")));
    printf("newest alert   %lld\n", json_integer_value(json_object_get(beat, "sequence")));
    printf("lag            %.1f s\n", json_number_value(json_object_get(beat, "lag")));
    print_troubles(json_object_get(beat, "troubles"));
    print_rules(json_object_get(beat, "rules"));
}

int ctl_status(int argc, char **argv)
{
    struct ctl_options options;
    struct link link = { 0 };
    char key[LINK_KEY_MAX], *text = NULL;
    struct fault why;
    json_t *beat;
    int rest;
    bool ok, well;

    if (!ctl_options(argc, argv, &options, &rest) || rest != argc)
        return ctl_misused("status");
    ok = link_init(&link, &options, &why) &&
         link_ask(&link, 2, (const char *[]){ "GET", link_key(&link, "heartbeat", key) }, keep_text,
                  &text, &why);
    beat = text ? json_loads(text, 0, NULL) : NULL;
    well = beat != NULL && !json_is_true(json_object_get(beat, "blind"));
    if (ok && beat == NULL)
        fault_set(&why, "no heartbeat: breachd is not watching, or cannot reach this Redis");
    else if (ok && options.json)
        puts(text);
    else if (ok)
        print_beat(beat);
    link_fini(&link);
    free(text);
    json_decref(beat);
    return well ? CTL_DONE : beat != NULL ? CTL_FAILED : ctl_refuse("%s", why.text);
}
