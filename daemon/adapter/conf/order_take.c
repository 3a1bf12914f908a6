/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/conf/order_take.h"

#include "adapter/text.h"

#include <stdio.h>
#include <string.h>

enum { WORD_LIST_MAX = 512, COMMENT_READ = 128 };

static const char a_name[] = "1..64 letters, digits, - _ .";

bool order_take_refuse(const struct order_take *take, const struct pair *pair, const char *why)
{
    complain(take->complaints, take->draft->file, pair->line, "%s: %s", pair->key, why);
    return false;
}

/* Reports that "VALUE" is not what the key wants. */
static bool refuse_value(const struct order_take *take, const struct pair *pair, const char *value,
                         const char *wanted)
{
    struct fault why;

    fault_set(&why, "\"%.80s\" is not %s", value, wanted);
    return order_take_refuse(take, pair, why.text);
}

bool order_take_needs(const struct order_take *take, const char *key)
{
    const struct order_draft *draft = take->draft;

    complain(take->complaints, draft->file, draft->line, "%s%s%s: %s must be given", draft->order,
             draft->name ? "/" : "", draft->name ? draft->name : "", key);
    return false;
}

static bool choice_among(const char *word, const char *list)
{
    size_t length = strlen(word);

    for (const char *at = list; *at != '\0'; at += strspn(at, " ")) {
        size_t n = strcspn(at, " ");

        if (n == length && memcmp(at, word, n) == 0)
            return true;
        at += n;
    }
    return false;
}

bool order_take_keys(const struct order_take *take)
{
    bool ok = true;

    // The keys of one section.
    for (const struct pair *pair = take->draft->pairs; pair != NULL; pair = pair->next) {
        if (order_draft_key(take->draft->kind, pair->key) == NULL)
            ok = order_take_refuse(take, pair, "no such key here");
        else if (order_draft_find(take->draft, pair->key) != pair)
            ok = order_take_refuse(take, pair, "given twice");
    }
    return ok;
}

bool order_take_time(const struct order_take *take, const char *key, bool needed, struct utc absent,
                     struct utc *out)
{
    const struct pair *pair = order_draft_find(take->draft, key);
    struct fault flaw, why;

    *out = absent;
    if (pair == NULL)
        return !needed || order_take_needs(take, key);
    if (civil_parse(take->civil, pair->value, out, &flaw))
        return true;
    fault_set(&why, "\"%.80s\" %.200s", pair->value, flaw.text);
    return order_take_refuse(take, pair, why.text);
}

bool order_take_text(const struct order_take *take, const char *key, size_t max, const char **out)
{
    const struct pair *pair = order_draft_find(take->draft, key);
    size_t length = pair ? strlen(pair->value) : 0;
    struct fault why;

    *out = pair ? pair->value : NULL;
    if (pair == NULL)
        return true;
    if (length < 1 || length > max) {
        fault_set(&why, "has %zu characters, not 1..%zu", length, max);
        return order_take_refuse(take, pair, why.text);
    }
    return text_is_clean(pair->value, &why) || order_take_refuse(take, pair, why.text);
}

bool order_take_choice(const struct order_take *take, const char *key, const char *list,
                       bool needed, const char **out)
{
    const struct pair *pair = order_draft_find(take->draft, key);
    char why[WORD_LIST_MAX];

    *out = pair ? pair->value : NULL;
    if (pair == NULL)
        return !needed || order_take_needs(take, key);
    if (choice_among(pair->value, list))
        return true;
    snprintf(why, sizeof why, "\"%.40s\" is none of: %s", pair->value, list);
    return order_take_refuse(take, pair, why);
}

bool order_take_id(const struct order_take *take, const char *key, const char **out)
{
    const struct pair *pair = order_draft_find(take->draft, key);

    *out = pair ? pair->value : NULL;
    if (pair == NULL)
        return order_take_needs(take, key);
    return name_valid(pair->value) || refuse_value(take, pair, pair->value, a_name);
}

bool order_take_devices(const struct order_take *take, struct arena *room, struct order_values *out)
{
    const struct pair *pair = order_draft_find(take->draft, "devices");
    char *rest = pair ? arena_text(room, pair->value) : NULL, *one;
    bool ok = true;

    out->n_devices = 0;
    if (pair == NULL)
        return order_take_needs(take, "devices");
    while ((one = strsep(&rest, ", \t")) != NULL) { // words of one line
        if (*one == '\0')
            continue;
        if (!name_valid(one))
            ok = refuse_value(take, pair, one, a_name);
        else if (out->n_devices == RESPONDENT_DEVICES_MAX)
            return order_take_refuse(take, pair, "more than 8 devices");
        else
            out->devices[out->n_devices++] = one;
    }
    return ok && (out->n_devices > 0 || order_take_refuse(take, pair, "names no device"));
}

bool order_take_quantity(const struct order_take *take, const char *key, enum unit_kind unit,
                         double low, double high, double absent, double *out)
{
    const struct pair *pair = order_draft_find(take->draft, key);
    struct fault why;

    *out = absent;
    return pair == NULL || unit_parse(unit, pair->value, low, high, out, &why) ||
           order_take_refuse(take, pair, why.text);
}

/* `…16:30 ; Sat 09:00-12:00`: the blank makes a comment of Saturday, and nobody would know. */
static bool comment_is_windows(const char *comment)
{
    const char *at = comment + strspn(comment, ";# \t");
    struct schedule unused;
    struct fault why;
    char text[COMMENT_READ];

    snprintf(text, sizeof text, "%.*s", (int)strcspn(at, ";#\r\n"), at);
    return schedule_parse(text, &unused, &why);
}

bool order_take_windows(const struct order_take *take, const char *key, struct schedule *room,
                        const struct schedule **out_given)
{
    const struct pair *pair = order_draft_find(take->draft, key);
    struct fault why;

    *out_given = NULL;
    if (pair == NULL)
        return true;
    if (!schedule_parse(pair->value, room, &why))
        return order_take_refuse(take, pair, why.text);
    *out_given = room;
    // More is watched by a day of a zone; by a day of a permit less, and nobody may have meant it.
    if (schedule_has_day(room) && strcmp(key, "every") == 0)
        return order_take_refuse(take, pair,
                                 "opens and shuts at the same time: 24 hours, or none?");
    if (schedule_has_day(room))
        complain_softly(take->complaints, take->draft->file, pair->line,
                        "%s: opens and shuts at the same time: 24 hours", key);
    return !comment_is_windows(pair_comment(pair)) ||
           order_take_refuse(take, pair,
                             "a blank before ; makes a comment of the next window: leave it out");
}
