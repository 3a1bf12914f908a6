/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/json/revision.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lists {
    json_t *added, *ended, *changed, *zones;
};

static json_t *order_json(const struct revision *one)
{
    return json_pack("{s:s,s:s*,s:s*}", "order", one->order->id, "digest",
                     one->kind == REVISION_ENDED ? NULL : one->order->digest, "was", one->was);
}

static const char *zone_change(enum revision_kind kind)
{
    switch (kind) {
    case REVISION_ZONE_ADDED:
        return "added";
    case REVISION_ZONE_ENDED:
        return "ended";
    case REVISION_ZONE_MOVED:
        return "moved";
    case REVISION_ADDED:
    case REVISION_ENDED:
    case REVISION_CHANGED:
        break; // of an order
    }
    return NULL;
}

static json_t *zone_json(const struct revision *one)
{
    json_t *zone = json_pack("{s:s,s:s}", "zone", one->zone, "what", zone_change(one->kind));

    if (one->kind == REVISION_ZONE_MOVED)
        json_object_set_new(zone, "metres",
                            isnan(one->metres) ? json_null()
                                               : json_real(round(one->metres * 10) / 10));
    return zone;
}

static void add(const struct revision *one, void *arg)
{
    struct lists *lists = arg;

    switch (one->kind) {
    case REVISION_ADDED:
        json_array_append_new(lists->added, order_json(one));
        break;
    case REVISION_ENDED:
        json_array_append_new(lists->ended, order_json(one));
        break;
    case REVISION_CHANGED:
        json_array_append_new(lists->changed, order_json(one));
        break;
    case REVISION_ZONE_ADDED:
    case REVISION_ZONE_ENDED:
    case REVISION_ZONE_MOVED:
        json_array_append_new(lists->zones, zone_json(one));
        break;
    }
}

/* Takes `json`. */
static char *print(json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(10)) : NULL;

    json_decref(json);
    return text;
}

/* Of open_memstream(): the text that was written; NULL when memory is out. */
static char *close_text(FILE *out, char **text)
{
    bool ok = ferror(out) == 0;

    if (fclose(out) == 0 && ok)
        return *text;
    free(*text);
    return NULL;
}

/* Ids and digests hold nothing that JSON would escape; a million of them as values take 200 MiB. */
char *revision_print_list(const struct rulebook *rules)
{
    size_t n = rulebook_counts(rules).orders, length;
    char *text = NULL;
    FILE *out = open_memstream(&text, &length);

    if (out == NULL)
        return NULL;
    fputs("{\"orders\":{", out);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s\"%s\":\"%s\"", i > 0 ? "," : "", rulebook_order(rules, i)->id,
                rulebook_order(rules, i)->digest);
    fputs("}}", out);
    return close_text(out, &text);
}

char *revision_print_zones(const struct rulebook *rules)
{
    size_t n = rulebook_counts(rules).exclusions, length;
    char *text = NULL;
    FILE *out = open_memstream(&text, &length);

    if (out == NULL)
        return NULL;
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s %" PRId64 "\n", rulebook_exclusion(rules, i)->subject,
                rulebook_exclusion(rules, i)->place);
    return close_text(out, &text);
}

/* NULL when memory is out. */
static json_t *head(const struct rulebook *rules, const struct revision_list *list)
{
    json_t *json = json_pack("{s:s,s:I}", "texts", list->digest, "orders",
                             (json_int_t)rulebook_counts(rules).orders);
    json_t *ids = list->n_behind > 0 ? json_array() : NULL;

    for (size_t i = 0; i < list->n_behind; i++)
        json_array_append_new(ids, json_string(list->behind[i]));
    if (json_array_size(ids) == list->n_behind &&
        (ids == NULL || json_object_set(json, "behind", ids) == 0)) {
        json_decref(ids);
        return json;
    }
    json_decref(ids);
    json_decref(json);
    return NULL;
}

char *revision_print_start(const struct rulebook *rules, const struct revision_list *list)
{
    return print(head(rules, list));
}

/* ---- read back ---- */

bool revision_read_start(const char *body, char list[CHAIN_HEX], revision_order *on_order,
                         void *arg)
{
    json_t *json = json_loads(body, 0, NULL), *behind = json_object_get(json, "behind"), *id;
    const char *texts = json_string_value(json_object_get(json, "texts"));
    bool ok = texts != NULL && strlen(texts) < CHAIN_HEX;
    size_t i;

    if (ok)
        strcpy(list, texts);
    // Orders of one text that breachd wrote.
    json_array_foreach(behind, i, id)
    {
        if (ok && json_is_string(id))
            on_order(json_string_value(id), NULL, arg);
    }
    json_decref(json);
    return ok;
}

bool revision_read_list(const char *body, revision_order *on_order, void *arg)
{
    json_t *json = json_loads(body, 0, NULL), *orders = json_object_get(json, "orders"), *digest;
    bool ok = json_is_object(orders);
    const char *id;

    // Orders of one text that breachd wrote.
    json_object_foreach(orders, id, digest)
    {
        ok &= json_is_string(digest);
        if (ok)
            on_order(id, json_string_value(digest), arg);
    }
    json_decref(json);
    return ok;
}

/* ---- a reload ---- */

char *revision_print(const struct rulebook *old, const struct rulebook *fresh,
                     const struct revision_list *list)
{
    struct lists lists = { json_array(), json_array(), json_array(), json_array() };
    json_t *changes, *json = head(fresh, list);
    struct revision_counts counts;
    bool ok;

    revision_compare(old, fresh, add, &lists, &counts);
    changes = json_pack("{s:o,s:o,s:o,s:o}", "added", lists.added, "ended", lists.ended, "changed",
                        lists.changed, "zones", lists.zones);
    ok = json != NULL && changes != NULL && json_object_update(json, changes) == 0;
    json_decref(changes);
    if (ok)
        return print(json);
    json_decref(json);
    return NULL;
}
