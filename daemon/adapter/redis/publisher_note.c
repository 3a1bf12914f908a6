/* SPDX-License-Identifier: Apache-2.0 */
/* publisher_note.c - who has an incident, and what was noted of it, as `todo` has it. */
#include "adapter/redis/publisher_parts.h"
#include "adapter/redis/publisher_script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *publisher_need(const struct publisher *publisher, const struct kept_alert *alert,
                     const char *event)
{
    struct event_holder holder = { .by = alert->by, .note = alert->note };

    if (publisher->callbacks.holder != NULL)
        publisher->callbacks.holder(alert->incident, &holder, publisher->callbacks.arg);
    return event_need(event, &holder);
}

static void on_noted(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;

    if (reply->kind != REDIS_ERROR)
        return;
    if (strncmp(reply->text, "GAP ", 4) != 0)
        redis_reset(publisher->redis, reply->text);
    else if (publisher->stage == STAGE_SENDING)
        publisher_resume_after(publisher, reply->text); // which makes `todo` anew
}

/* False when memory is out, or Redis has gone: then it is tried again, or `todo` is made anew. */
static bool note(struct publisher *publisher, const char *incident)
{
    const struct kept_alert none = { .incident = incident };
    char *need = publisher_need(publisher, &none, NULL);
    const char *argv[] = {
        "EVAL",          script_note,      "2",      publisher->last, publisher->todo.key,
        publisher->site, publisher->epoch, incident, need ? need : ""
    };
    bool ok = need != NULL && redis_send(publisher->redis, sizeof argv / sizeof *argv, argv, NULL,
                                         on_noted, publisher);

    free(need);
    return ok;
}

void publisher_note(struct publisher *publisher)
{
    if (publisher->noted_more) {
        publisher->noted_more = false;
        publisher->n_noted = 0;
        publisher_resume(publisher);
        return;
    }
    // As many as were noted.
    while (publisher->n_noted > 0 && note(publisher, publisher->noted[publisher->n_noted - 1]))
        publisher->n_noted--;
}

void publisher_annotate(struct publisher *publisher, const char *incident)
{
    for (size_t i = 0; i < publisher->n_noted; i++) {
        if (strcmp(publisher->noted[i], incident) == 0)
            return; // it is told as it is by then
    }
    if (publisher->n_noted < PUBLISHER_NOTED_MAX)
        snprintf(publisher->noted[publisher->n_noted++], EVENT_ID_MAX, "%s", incident);
    else
        publisher->noted_more = true;
    publisher_pump(publisher);
}
