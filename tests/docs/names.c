/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.c - what manual.sh holds the manual against, a line each: of a type of alert, `alert`, its
 * name, severity, whether it has a zone, a device, a ping, what it does to `open` and to `todo`; of
 * a class of pings, `class` and its name.
 */
#include "core/alert.h"

#include <stdio.h>

static const char *has_name(enum alert_has has)
{
    switch (has) {
    case HAS_NEVER:
        return "never";
    case HAS_SOMETIMES:
        return "sometimes";
    case HAS_ALWAYS:
        return "always";
    }
    return NULL;
}

static const char *effect_name(enum alert_effect effect)
{
    switch (effect) {
    case EFFECT_NONE:
        return "-";
    case EFFECT_OPEN:
        return "in";
    case EFFECT_CLOSE:
        return "out";
    }
    return NULL;
}

static const char *rule_name(enum todo_rule rule)
{
    switch (rule) {
    case TODO_NONE:
        return "-";
    case TODO_OPEN:
        return "in";
    case TODO_CLOSE:
        return "out";
    case TODO_UNTIL_TAKEN:
        return "until-taken";
    case TODO_WHILE_OPEN:
        return "while-open";
    case TODO_HELD:
        return "held";
    }
    return NULL;
}

int main(void)
{
    for (int i = 0; i < ALERT_TYPES; i++) {
        enum alert_type type = (enum alert_type)i;
        const struct alert_spec *spec = alert_spec(type);

        printf("alert %s %s %s %s %s %s %s\n", spec->name,
               alert_is(type, TRAIT_AS_INCIDENT) ? "incident" : severity_name(spec->severity),
               has_name(spec->zone), has_name(spec->device), has_name(spec->ping),
               effect_name(spec->open), rule_name(spec->todo));
    }
    for (int i = 0; i < ARRIVALS; i++)
        printf("class %s\n", arrival_name((enum arrival)i));
    return 0;
}
