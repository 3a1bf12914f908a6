/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/incidents.h"

#include "ctl/line.h"

#include <stdio.h>
#include <string.h>

struct listing {
    json_t *found; // by incident: a scan may hand one over twice
    char cursor[32];
    json_t *unreadable;         // likewise: those that are no alerts
    const char *area, *area_at; // NULL: all; where a value has it
    bool wrapped;               // the alert is a member of a value
};

/* Has what is shown of an alert, and what it is known by. */
static bool is_alert(const json_t *event)
{
    return line_text(event, "type")[0] != '\0' && line_text(event, "time")[0] != '\0' &&
           line_text(event, "data.severity")[0] != '\0';
}

/* What is of none, as that breachd is blind, concerns every desk. */
static bool is_of_area(const struct listing *listing, const json_t *value)
{
    const char *area = line_text(value, listing->area_at);

    return listing->area == NULL || area[0] == '\0' || strcmp(listing->area, area) == 0;
}

/* [cursor, [field, value, …]] */
static void take_page(const struct redis_reply *reply, void *arg)
{
    struct listing *listing = arg;
    struct redis_reply cursor = redis_item(reply, 0), pairs = redis_item(reply, 1);

    snprintf(listing->cursor, sizeof listing->cursor, "%s",
             cursor.kind == REDIS_TEXT ? cursor.text : "0");
    for (size_t i = 1; i < pairs.n; i += 2) {
        const char *incident = redis_item(&pairs, i - 1).text;
        json_t *value = json_loads(redis_item(&pairs, i).text, 0, NULL);

        if (!is_alert(listing->wrapped ? json_object_get(value, "alert") : value))
            json_object_set_new(listing->unreadable, incident, json_true());
        else if (is_of_area(listing, value))
            json_object_set(listing->found, incident, value);
        json_decref(value);
    }
}

/* All fields of a hash; NULL and why. */
static json_t *list(struct link *link, const char *name, struct listing *listing,
                    size_t *unreadable, struct fault *why)
{
    char key[LINK_KEY_MAX];
    bool ok;

    listing->found = json_object();
    listing->unreadable = json_object();
    strcpy(listing->cursor, "0");
    do {
        ok = link_ask(
            link, 5,
            (const char *[]){ "HSCAN", link_key(link, name, key), listing->cursor, "COUNT", "500" },
            take_page, listing, why);
    } while (ok && strcmp(listing->cursor, "0") != 0);
    *unreadable += json_object_size(listing->unreadable);
    json_decref(listing->unreadable);
    if (ok)
        return listing->found;
    json_decref(listing->found);
    return NULL;
}

json_t *incidents_open(struct link *link, const char *area, size_t *unreadable, struct fault *why)
{
    struct listing listing = { .area = area, .area_at = "data.area" };

    return list(link, "open", &listing, unreadable, why);
}

json_t *incidents_todo(struct link *link, const char *area, size_t *unreadable, struct fault *why)
{
    struct listing listing = { .area = area, .area_at = "alert.data.area", .wrapped = true };

    return list(link, "todo", &listing, unreadable, why);
}
