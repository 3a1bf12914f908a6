/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/json/incident_page.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

struct incident_page {
    json_t *items;
    bool before;
};

struct incident_page *incident_page_create(void)
{
    struct incident_page *page = calloc(1, sizeof *page);

    if (page != NULL && (page->items = json_array()) != NULL)
        return page;
    free(page);
    return NULL;
}

void incident_page_destroy(struct incident_page *page)
{
    if (page == NULL)
        return;
    json_decref(page->items);
    free(page);
}

static json_t *text(const char *value)
{
    return value != NULL && value[0] != '\0' ? json_string(value) : json_null();
}

static json_t *shelf(const struct event_holder *holder)
{
    char until[UTC_TEXT_MAX];

    if (holder->shelved.ms == 0)
        return json_null();
    return json_pack("{s:o,s:s}", "by", text(holder->shelved_by), "until",
                     utc_print(holder->shelved, until));
}

/* What stands beside its alerts. */
static json_t *standing(const struct incident_now *now)
{
    return json_pack("{s:s,s:s,s:o,s:o,s:o}", "incident", now->incident, "state", now->state, "by",
                     text(now->holder.by), "note", text(now->holder.note), "shelved",
                     shelf(&now->holder));
}

/* The event with its sequence, and without the place of its ping. NULL: it is none. */
static json_t *without_place(const char *event, uint64_t sequence)
{
    json_t *json = json_loads(event, 0, NULL);
    json_t *ping = json_object_get(json_object_get(json, "data"), "ping");
    char number[24];

    snprintf(number, sizeof number, "%" PRIu64, sequence);
    if (!json_is_object(json) || json_object_set_new(json, "sequence", json_string(number)) != 0) {
        json_decref(json);
        return NULL;
    }
    json_object_del(ping, "lat");
    json_object_del(ping, "lon");
    return json;
}

static bool is_before(const json_t *event, struct utc since)
{
    const char *received =
        json_string_value(json_object_get(json_object_get(event, "data"), "received"));
    struct utc at;

    return received != NULL && utc_parse(received, &at) && at.ms < since.ms;
}

bool incident_page_add(struct incident_page *page, const struct incident_now *now,
                       const char *event, uint64_t sequence, struct utc since)
{
    json_t *alert = without_place(event, sequence), *item = alert;

    page->before = is_before(alert, since);
    if (alert == NULL || page->before) {
        json_decref(alert);
        return true;
    }
    if (now != NULL) {
        item = standing(now);
        if (json_object_set_new(item, "alert", alert) != 0) {
            json_decref(item);
            return false;
        }
    }
    return json_array_append_new(page->items, item) == 0;
}

bool incident_page_is_before(const struct incident_page *page)
{
    return page->before;
}

static char *print(json_t *json)
{
    char *printed = json != NULL ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(10)) : NULL;

    json_decref(json);
    return printed;
}

char *incident_page_print(const struct incident_page *page, const char *next)
{
    return print(json_pack("{s:O,s:s?}", "incidents", page->items, "next", next));
}

char *incident_page_print_one(const struct incident_page *page, const struct incident_now *now,
                              const char *next)
{
    json_t *json = standing(now);

    if (json_object_set(json, "alerts", page->items) != 0 ||
        json_object_set_new(json, "next", next != NULL ? json_string(next) : json_null()) != 0) {
        json_decref(json);
        return NULL;
    }
    return print(json);
}
