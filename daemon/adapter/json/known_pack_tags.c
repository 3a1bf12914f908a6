/* SPDX-License-Identifier: Apache-2.0 */
/* known_pack_tags.c - which members are packed, and under which tags. */
#include "adapter/json/known_pack_parts.h"

#include <pthread.h>
#include <string.h>

/* What people ask a row for; others are read by breachd alone. */
static const char *const shown_names[] = { "heard",       "near",       "tampered",  "battery_low",
                                           "clock_wrong", "came",       "time",      "lon",
                                           "lat",         "accuracy",   "carrier",   "silent",
                                           "phase",       "authorised", "number",    "numbers",
                                           "alerts",      "opened",     "told",      "ended",
                                           "entered",     "late_from",  "late_until" };

static struct pack_plan plans[PACK_TABLES];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool is_shown(const struct field *field)
{
    bool shown = field->kind == TEXT;

    for (size_t i = 0; !shown && i < sizeof shown_names / sizeof *shown_names; i++)
        shown = strcmp(field->name, shown_names[i]) == 0;
    return shown;
}

/* FNV-1a, folded; that no two are alike, known_pack_test says. */
uint16_t pack_tag(const char *name)
{
    uint32_t hash = 2166136261U;

    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619U;
    return (uint16_t)(hash >> 15 ^ hash);
}

static void make_plans(void)
{
    static const struct known_table *const tables[PACK_TABLES] = { &known_devices, &known_estimates,
                                                                   &known_incidents };

    for (size_t t = 0; t < PACK_TABLES; t++) {
        plans[t].table = tables[t];
        for (size_t i = 0; i < tables[t]->n && i < PACK_FIELDS; i++) {
            plans[t].shown[i] = is_shown(&tables[t]->fields[i]);
            plans[t].tags[i] = pack_tag(tables[t]->fields[i].name);
        }
    }
}

const struct pack_plan *pack_plan(const struct known_table *table)
{
    size_t t = 0;

    pthread_once(&once, make_plans);
    while (t < PACK_TABLES - 1 && plans[t].table != table)
        t++;
    return &plans[t];
}

enum form pack_form(enum kind kind)
{
    static const enum form forms[] = {
        [FLAG] = FORM_FLAG,  [COUNT] = FORM_COUNT, [CHOICE] = FORM_COUNT, [WHOLE] = FORM_WHOLE,
        [WIDE] = FORM_WHOLE, [REAL] = FORM_REAL,   [TEXT] = FORMS
    };

    return forms[kind];
}
