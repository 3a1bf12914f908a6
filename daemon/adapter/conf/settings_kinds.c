/* SPDX-License-Identifier: Apache-2.0 */
/* settings_kinds.c - which kinds of devices are otherwise than before, in words. */
#include "adapter/conf/settings.h"
#include "adapter/conf/units.h"

#include <stdio.h>
#include <string.h>

enum { GLOBS_TEXT_MAX = DEVICE_GLOBS_MAX * (NAME_MAX_CHARS + 2) };

static const char from_ping[] = "from the next ping of each on", from_now[] = "from now on";

/* Who is told. */
struct telling {
    void (*on_one)(const char *line, void *arg);
    void *arg;
    char line[2 * GLOBS_TEXT_MAX + 512];
    size_t n;
};

static const struct device_kind *find(const struct device_kinds *kinds, const char *name)
{
    for (size_t i = 0; i < kinds->n; i++) {
        if (strcmp(kinds->of[i].name, name) == 0)
            return &kinds->of[i];
    }
    return NULL;
}

static const char *print_globs(const struct device_kind *kind, char text[GLOBS_TEXT_MAX + 1])
{
    size_t n = 0;

    text[0] = '\0';
    for (size_t i = 0; i < kind->n_match; i++)
        n += (size_t)snprintf(text + n, GLOBS_TEXT_MAX + 1 - n, "%s%s", i > 0 ? ", " : "",
                              kind->match[i]);
    return text;
}

/* ---- each key but match: its value in words; false when it is not given ---- */

static bool print_percentile(const struct device_kind *kind, char text[UNIT_TEXT_MAX])
{
    snprintf(text, UNIT_TEXT_MAX, "%.10g", kind->percentile);
    return true;
}

static bool print_unknown(const struct device_kind *kind, char text[UNIT_TEXT_MAX])
{
    unit_print(UNIT_DISTANCE, kind->unknown_accuracy, text);
    return kind->unknown_accuracy != 0;
}

static bool print_interval(const struct device_kind *kind, char text[UNIT_TEXT_MAX])
{
    unit_print(UNIT_DURATION, (double)kind->ping_interval_ms, text);
    return kind->ping_interval_ms != 0;
}

static bool print_silent(const struct device_kind *kind, char text[UNIT_TEXT_MAX])
{
    unit_print(UNIT_DURATION, (double)kind->silent_ms, text);
    return kind->silent_ms != 0;
}

static bool print_no_fix(const struct device_kind *kind, char text[UNIT_TEXT_MAX])
{
    unit_print(UNIT_DURATION, (double)kind->no_fix_ms, text);
    return kind->has_no_fix;
}

static bool print_clock(const struct device_kind *kind, char text[UNIT_TEXT_MAX])
{
    snprintf(text, UNIT_TEXT_MAX, "%s", kind->clock == CLOCK_TRUSTED ? "trusted" : "untrusted");
    return kind->clock != CLOCK_JUDGED;
}

static const struct {
    const char *key;
    bool (*print)(const struct device_kind *kind, char text[UNIT_TEXT_MAX]);
    const char *from; // when it holds
} keys[] = {
    { "accuracy-percentile", print_percentile, from_ping },
    { "unknown-accuracy", print_unknown, from_now },
    { "ping-interval", print_interval, "for what is warned of" },
    { "silent-after", print_silent, from_now },
    { "no-fix-after", print_no_fix, from_now },
    { "clock", print_clock, from_ping },
};

enum { KEYS = sizeof keys / sizeof *keys };

/* ---- lines ---- */

static void tell(struct telling *telling)
{
    telling->n++;
    telling->on_one(telling->line, telling->arg);
}

/* From when on it holds which devices are of the kind. */
static const char *from_of(const struct device_kind *kind)
{
    return kind->unknown_accuracy != 0 || kind->silent_ms != 0 || kind->has_no_fix ? from_now
                                                                                   : from_ping;
}

static void tell_whole(struct telling *telling, const struct device_kind *kind, const char *what)
{
    size_t room = sizeof telling->line, n;
    char globs[GLOBS_TEXT_MAX + 1], value[UNIT_TEXT_MAX];

    n = (size_t)snprintf(telling->line, room, "[devices %s]: %s: match %s", kind->name, what,
                         print_globs(kind, globs));
    for (size_t i = 0; i < KEYS; i++) {
        if (keys[i].print(kind, value))
            n += (size_t)snprintf(telling->line + n, room - n, ", %s %s", keys[i].key, value);
    }
    snprintf(telling->line + n, room - n, "; %s", from_of(kind));
    tell(telling);
}

static void tell_changed(struct telling *telling, const struct device_kind *was,
                         const struct device_kind *is)
{
    char before[GLOBS_TEXT_MAX + 1], now[GLOBS_TEXT_MAX + 1];

    print_globs(was, before);
    print_globs(is, now);
    if (strcmp(before, now) != 0) {
        snprintf(telling->line, sizeof telling->line, "[devices %s]: match %s, was %s; %s",
                 is->name, now, before, from_of(from_of(was) == from_now ? was : is));
        tell(telling);
    }
    for (size_t i = 0; i < KEYS; i++) {
        char old[UNIT_TEXT_MAX], fresh[UNIT_TEXT_MAX];
        const char *had = keys[i].print(was, old) ? old : "not given";
        const char *has = keys[i].print(is, fresh) ? fresh : "not given";

        if (strcmp(had, has) == 0)
            continue;
        snprintf(telling->line, sizeof telling->line, "[devices %s]: %s %s, was %s; %s", is->name,
                 keys[i].key, has, had, keys[i].from);
        tell(telling);
    }
}

/* Whether those in both stand in the same order: the first that matches counts. */
static bool same_order(const struct device_kinds *old, const struct device_kinds *fresh)
{
    const struct device_kind *last = NULL;

    for (size_t i = 0; i < fresh->n; i++) {
        const struct device_kind *was = find(old, fresh->of[i].name);

        if (was != NULL && last != NULL && was < last)
            return false;
        last = was != NULL ? was : last;
    }
    return true;
}

static const char *from_of_any(const struct device_kinds *kinds)
{
    for (size_t i = 0; i < kinds->n; i++) {
        if (from_of(&kinds->of[i]) == from_now)
            return from_now;
    }
    return from_ping;
}

size_t settings_kinds_compare(const struct device_kinds *old, const struct device_kinds *fresh,
                              void (*on_one)(const char *line, void *arg), void *arg)
{
    struct telling telling = { .on_one = on_one, .arg = arg };

    for (size_t i = 0; i < fresh->n; i++) {
        const struct device_kind *is = &fresh->of[i], *was = find(old, is->name);

        if (was == NULL)
            tell_whole(&telling, is, "added");
        else
            tell_changed(&telling, was, is);
    }
    for (size_t i = 0; i < old->n; i++) {
        if (find(fresh, old->of[i].name) == NULL)
            tell_whole(&telling, &old->of[i], "ended");
    }
    if (!same_order(old, fresh)) {
        snprintf(telling.line, sizeof telling.line,
                 "[devices]: in another order, of which the first that matches counts; %s",
                 from_of_any(fresh));
        tell(&telling);
    }
    return telling.n;
}
