/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/incidents.h"

#include "ctl/line.h"

#include <stdio.h>
#include <string.h>

struct listing {
    json_t *events; // by incident: a scan may hand one over twice
    char cursor[32];
    const char *area;
};

/* [cursor, [field, value, …]] */
static void take_page(const struct redis_reply *reply, void *arg)
{
    struct listing *listing = arg;
    struct redis_reply cursor = redis_item(reply, 0), pairs = redis_item(reply, 1);

    snprintf(listing->cursor, sizeof listing->cursor, "%s",
             cursor.kind == REDIS_TEXT ? cursor.text : "0");
    for (size_t i = 1; i < pairs.n; i += 2) {
        const char *incident = redis_item(&pairs, i - 1).text;
        json_t *event = json_loads(redis_item(&pairs, i).text, 0, NULL);

        if (event != NULL &&
            (listing->area == NULL || strcmp(listing->area, line_text(event, "data.area")) == 0))
            json_object_set(listing->events, incident, event);
        json_decref(event);
    }
}

json_t *incidents_open(struct link *link, const char *area, struct fault *why)
{
    struct listing listing = { .events = json_object(), .cursor = "0", .area = area };
    char key[LINK_KEY_MAX];
    bool ok;

    do {
        ok = link_ask(link, 5,
                      (const char *[]){ "HSCAN", link_key(link, "open", key), listing.cursor,
                                        "COUNT", "500" },
                      take_page, &listing, why);
    } while (ok && strcmp(listing.cursor, "0") != 0);
    if (ok)
        return listing.events;
    json_decref(listing.events);
    return NULL;
}
