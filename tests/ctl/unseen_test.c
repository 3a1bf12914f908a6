/* SPDX-License-Identifier: Apache-2.0 */
/* For what the bell of `watch` is rung: what is critical and nobody has, at once and again. */
#include "ctl/unseen.h"

#include <stdio.h>

#include "support/rows.h"

enum { STEPS_MAX = 4 };

/* Alerts, one after the other: "TYPE SEVERITY"; a dash before it: it was not shown. */
static const struct row {
    const char *says;
    const char *alerts[STEPS_MAX];
    bool rings, again; // at once, and half a minute later
} rows[] = {
    { "a breach", { "breach critical" }, true, true },
    { "what nobody had taken in time", { "escalated critical" }, true, true },
    { "our own blindness", { "blind critical" }, true, true },
    { "less is not rung for",
      { "possible high", "silent high", "approach warning" },
      false,
      false },
    { "nor is an update alone, which tells on", { "update critical" }, false, false },
    { "nor a permitted stay", { "breach info" }, false, false },
    { "nor what was not shown", { "-breach critical" }, false, false },
    { "taken before anybody heard it", { "breach critical", "acked info" }, false, false },
    { "taken where it was not shown", { "breach critical", "-acked info" }, false, false },
    { "handed", { "breach critical", "handed info" }, false, false },
    { "closed", { "breach critical", "closed info" }, false, false },
    { "over, and nobody has seen it", { "breach critical", "cleared info" }, true, true },
    { "we see again", { "blind critical", "sighted info" }, false, false },
    { "breached anew", { "breach critical", "acked info", "breach critical" }, true, true },
};

static void hear(struct unseen *unseen, const char *alert)
{
    char type[32], severity[16], name[48];
    bool shown = alert[0] != '-';
    json_t *event;

    assert_int_equal(sscanf(alert + !shown, "%31s %15s", type, severity), 2);
    snprintf(name, sizeof name, "breachd.%s", type);
    event = json_pack("{s:s,s:{s:s,s:s}}", "type", name, "data", "incident", "A/home/1", "severity",
                      severity);
    unseen_hear(unseen, event, shown);
    json_decref(event);
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct unseen unseen;

    assert_true(unseen_init(&unseen));
    for (size_t i = 0; i < STEPS_MAX && row->alerts[i] != NULL; i++)
        hear(&unseen, row->alerts[i]);
    assert_int_equal(unseen_rings(&unseen, (struct tick){ 100000 }), row->rings);
    assert_false(unseen_rings(&unseen, (struct tick){ 100000 + UNSEEN_AGAIN_MS - 1 }));
    assert_int_equal(unseen_rings(&unseen, (struct tick){ 100000 + UNSEEN_AGAIN_MS }), row->again);
    unseen_fini(&unseen);
}

int main(void)
{
    return rows_hold("unseen", rows, row_holds);
}
