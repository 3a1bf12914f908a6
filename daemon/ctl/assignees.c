/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/assignees.h"

#include "ctl/line.h"

#include <stdio.h>
#include <string.h>

bool assignees_init(struct assignees *assignees)
{
    *assignees = (struct assignees){ .by = json_object(),
                                     .wanted = json_object(),
                                     .newest = json_object(),
                                     .waits = json_object() };
    return assignees->by != NULL && assignees->wanted != NULL && assignees->newest != NULL &&
           assignees->waits != NULL;
}

void assignees_fini(struct assignees *assignees)
{
    json_decref(assignees->by);
    json_decref(assignees->wanted);
    json_decref(assignees->newest);
    json_decref(assignees->waits);
}

const char *assignees_of(const struct assignees *assignees, const char *incident)
{
    const char *by = json_string_value(json_object_get(assignees->by, incident));

    return by ? by : "";
}

/* Whoever had its incident must look again: nobody has it now. */
static bool is_alarm(const json_t *event)
{
    enum alert_type type;

    return line_type_of(event, &type) && alert_is(type, TRAIT_ALARM);
}

/* A word about who has its incident, which goes on as it was. */
static bool is_word(const json_t *event)
{
    enum alert_type type;

    return line_type_of(event, &type) && alert_is(type, TRAIT_CONTROL_ROOM) && type != ALERT_CLOSED;
}

void assignees_hear(struct assignees *assignees, const json_t *event)
{
    const char *incident = line_text(event, "data.incident");

    if (line_is(event, ALERT_ACKED) || line_is(event, ALERT_HANDED))
        json_object_set_new(
            assignees->by, incident,
            json_string(line_text(event, line_is(event, ALERT_ACKED) ? "data.by" : "data.to")));
    else if (is_alarm(event))
        json_object_del(assignees->by, incident);
}

/* The newest alert that decides it, or the first of the incident, which nobody had. */
static void settle(struct assignees *assignees, const json_t *event)
{
    const char *incident = line_text(event, "data.incident"), *id = line_text(event, "id");
    size_t length = strlen(incident), whole = strlen(id);
    bool first = whole > length + 2 && strcmp(id + whole - 2, "/1") == 0 &&
                 strncmp(id + whole - 2 - length, incident, length) == 0;

    if (json_object_get(assignees->wanted, incident) == NULL)
        return;
    assignees_hear(assignees, event);
    if (first || line_is(event, ALERT_ACKED) || line_is(event, ALERT_HANDED) || is_alarm(event))
        json_object_del(assignees->wanted, incident);
}

/* What is escalated while nobody takes it. */
static bool is_chased(const json_t *event)
{
    enum alert_type type;

    return line_type_of(event, &type) && alert_is(type, TRAIT_ALARM | TRAIT_GRAVE);
}

/* In its place, where one is still looked for. */
static void put(struct assignees *assignees, json_t *found, json_t *event)
{
    const char *incident = line_text(event, "data.incident");

    if (!json_is_null(json_object_get(found, incident)))
        return;
    json_object_set(found, incident, event);
    assignees->unread--;
}

static void find_newest(struct assignees *assignees, json_t *event)
{
    if (is_word(event))
        return;
    put(assignees, assignees->newest, event);
    if (is_chased(event))
        put(assignees, assignees->waits, event);
}

const json_t *assignees_waits(const struct assignees *assignees, const json_t *newest)
{
    const json_t *found = json_object_get(assignees->waits, line_text(newest, "data.incident"));

    return json_is_object(found) ? found : NULL;
}

const json_t *assignees_newest(const struct assignees *assignees, const json_t *newest)
{
    const json_t *found = json_object_get(assignees->newest, line_text(newest, "data.incident"));

    return json_is_object(found) ? found : newest;
}

/* [[id, [field, value, …]], …], newest first */
static void take_page(const struct redis_reply *reply, void *arg)
{
    struct assignees *assignees = arg;

    assignees->n_page = reply->n;
    for (size_t i = 0; i < reply->n; i++) {
        struct redis_reply entry = redis_item(reply, i), id = redis_item(&entry, 0);
        json_t *event = link_event(&entry);

        settle(assignees, event);
        find_newest(assignees, event);
        json_decref(event);
        snprintf(assignees->page, sizeof assignees->page, "(%.40s", id.text);
    }
}

bool assignees_read_back(struct assignees *assignees, struct link *link, json_t *events,
                         const char *id, struct fault *why)
{
    char key[LINK_KEY_MAX], count[16];
    const char *incident;
    json_t *event;

    json_object_foreach(events, incident, event)
    {
        json_object_set_new(assignees->wanted, incident, json_true());
        if (is_word(event))
            json_object_set_new(assignees->newest, incident, json_null());
        if (line_is(event, ALERT_ESCALATED))
            json_object_set_new(assignees->waits, incident, json_null());
    }
    assignees->unread = json_object_size(assignees->newest) + json_object_size(assignees->waits);
    link_key(link, "alerts", key);
    snprintf(count, sizeof count, "%d", ASSIGNEES_PAGE);
    snprintf(assignees->page, sizeof assignees->page, "%.40s", id);
    assignees->n_page = ASSIGNEES_PAGE;
    for (int i = 0; i < ASSIGNEES_PAGES_MAX && assignees->n_page == ASSIGNEES_PAGE &&
                    (json_object_size(assignees->wanted) > 0 || assignees->unread > 0);
         i++) {
        if (!link_ask(link, 6,
                      (const char *[]){ "XREVRANGE", key, assignees->page, "-", "COUNT", count },
                      take_page, assignees, why))
            return false;
    }
    json_object_clear(assignees->wanted);
    return true;
}
