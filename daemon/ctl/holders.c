/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/holders.h"

#include "ctl/line.h"

#include <stdio.h>
#include <string.h>

bool holders_init(struct holders *holders)
{
    *holders =
        (struct holders){ .by = json_object(), .wanted = json_object(), .told = json_object() };
    return holders->by != NULL && holders->wanted != NULL && holders->told != NULL;
}

void holders_fini(struct holders *holders)
{
    json_decref(holders->by);
    json_decref(holders->wanted);
    json_decref(holders->told);
}

const char *holders_of(const struct holders *holders, const char *incident)
{
    const char *by = json_string_value(json_object_get(holders->by, incident));

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

    return line_type_of(event, &type) && alert_is(type, TRAIT_CONTROL_ROOM) &&
           alert_effect(type) == EFFECT_OPEN;
}

void holders_hear(struct holders *holders, const json_t *event)
{
    const char *incident = line_text(event, "data.incident");

    if (line_is(event, ALERT_ACKED))
        json_object_set_new(holders->by, incident, json_string(line_text(event, "data.by")));
    else if (is_alarm(event))
        json_object_del(holders->by, incident);
}

/* The newest alert that decides it, or the first of the incident, which nobody had. */
static void settle(struct holders *holders, const json_t *event)
{
    const char *incident = line_text(event, "data.incident"), *id = line_text(event, "id");
    size_t length = strlen(incident), whole = strlen(id);
    bool first = whole > length + 2 && strcmp(id + whole - 2, "/1") == 0 &&
                 strncmp(id + whole - 2 - length, incident, length) == 0;

    if (json_object_get(holders->wanted, incident) == NULL)
        return;
    holders_hear(holders, event);
    if (first || line_is(event, ALERT_ACKED) || is_alarm(event))
        json_object_del(holders->wanted, incident);
}

static void find_told(struct holders *holders, json_t *event)
{
    const char *incident = line_text(event, "data.incident");

    if (!json_is_null(json_object_get(holders->told, incident)) || is_word(event))
        return;
    json_object_set(holders->told, incident, event);
    holders->untold--;
}

const json_t *holders_told(const struct holders *holders, const json_t *newest)
{
    const json_t *told = json_object_get(holders->told, line_text(newest, "data.incident"));

    return json_is_object(told) ? told : newest;
}

/* [[id, [field, value, …]], …], newest first */
static void take_page(const struct redis_reply *reply, void *arg)
{
    struct holders *holders = arg;

    holders->n_page = reply->n;
    for (size_t i = 0; i < reply->n; i++) {
        struct redis_reply entry = redis_item(reply, i), id = redis_item(&entry, 0);
        json_t *event = link_event(&entry);

        settle(holders, event);
        find_told(holders, event);
        json_decref(event);
        snprintf(holders->page, sizeof holders->page, "(%.40s", id.text);
    }
}

bool holders_look_back(struct holders *holders, struct link *link, json_t *events, const char *id,
                       struct fault *why)
{
    char key[LINK_KEY_MAX], count[16];
    const char *incident;
    json_t *event;

    json_object_foreach(events, incident, event)
    {
        json_object_set_new(holders->wanted, incident, json_true());
        if (line_is(event, ALERT_ACKED))
            json_object_set_new(holders->told, incident, json_null());
    }
    holders->untold = json_object_size(holders->told);
    link_key(link, "alerts", key);
    snprintf(count, sizeof count, "%d", HOLDERS_PAGE);
    snprintf(holders->page, sizeof holders->page, "%.40s", id);
    holders->n_page = HOLDERS_PAGE;
    for (int i = 0; i < HOLDERS_PAGES_MAX && holders->n_page == HOLDERS_PAGE &&
                    (json_object_size(holders->wanted) > 0 || holders->untold > 0);
         i++) {
        if (!link_ask(link, 6,
                      (const char *[]){ "XREVRANGE", key, holders->page, "-", "COUNT", count },
                      take_page, holders, why))
            return false;
    }
    json_object_clear(holders->wanted);
    return true;
}
