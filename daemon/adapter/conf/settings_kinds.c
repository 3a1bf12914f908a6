/* SPDX-License-Identifier: Apache-2.0 */
/* settings_kinds.c - which kinds of devices are otherwise than before, in words. */
#include "adapter/conf/settings.h"

#include <stdio.h>
#include <string.h>

enum { GLOBS_TEXT_MAX = DEVICE_GLOBS_MAX * (NAME_MAX_CHARS + 2) };

/* Who is told. */
struct telling {
    void (*on_one)(const char *line, void *arg);
    void *arg;
    char line[2 * GLOBS_TEXT_MAX + 256];
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

static void tell(struct telling *telling)
{
    telling->n++;
    telling->on_one(telling->line, telling->arg);
}

static void tell_whole(struct telling *telling, const struct device_kind *kind, const char *what)
{
    char globs[GLOBS_TEXT_MAX + 1];

    snprintf(telling->line, sizeof telling->line,
             "[devices %s]: %s: match %s, accuracy-percentile %.6g; from the next ping of each on",
             kind->name, what, print_globs(kind, globs), kind->percentile);
    tell(telling);
}

static void tell_changed(struct telling *telling, const struct device_kind *was,
                         const struct device_kind *is)
{
    char before[GLOBS_TEXT_MAX + 1], now[GLOBS_TEXT_MAX + 1];

    print_globs(was, before);
    print_globs(is, now);
    if (strcmp(before, now) != 0) {
        snprintf(telling->line, sizeof telling->line,
                 "[devices %s]: match %s, was %s; from the next ping of each on", is->name, now,
                 before);
        tell(telling);
    }
    if (is->percentile != was->percentile) {
        snprintf(telling->line, sizeof telling->line,
                 "[devices %s]: accuracy-percentile %.6g, was %.6g; from the next ping of each on",
                 is->name, is->percentile, was->percentile);
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
                 "[devices]: in another order, of which the first that matches counts; from the "
                 "next ping of each on");
        tell(&telling);
    }
    return telling.n;
}
