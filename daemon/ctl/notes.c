/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/notes.h"

#include "ctl/line.h"

#include <stdio.h>

size_t notes_command(const char *key, const json_t *incidents, const char *argv[NOTES_ARGS_MAX])
{
    const char *incident;
    json_t *value;
    size_t n = 2;

    argv[0] = "HMGET";
    argv[1] = key;
    json_object_foreach((json_t *)incidents, incident, value)
    {
        if (n < NOTES_ARGS_MAX)
            argv[n++] = incident;
    }
    return n;
}

json_t *notes_take(const struct redis_reply *reply, const json_t *incidents)
{
    json_t *notes = json_object(), *value;
    const char *incident;
    size_t nth = 0;

    json_object_foreach((json_t *)incidents, incident, value)
    {
        struct redis_reply item = redis_item(reply, nth++);
        json_t *need = item.kind == REDIS_TEXT ? json_loads(item.text, 0, NULL) : NULL;
        const char *note = line_text(need, "note");

        if (note[0] != '\0')
            json_object_set_new(notes, incident, json_string(note));
        json_decref(need);
    }
    return notes;
}

struct asked {
    json_t *some, *notes;
};

static void on_reply(const struct redis_reply *reply, void *arg)
{
    struct asked *asked = arg;
    json_t *more = notes_take(reply, asked->some);

    json_object_update(asked->notes, more);
    json_decref(more);
}

static bool ask(struct link *link, struct asked *asked, struct fault *why)
{
    const char *argv[NOTES_ARGS_MAX];
    char key[LINK_KEY_MAX];
    size_t n = notes_command(link_key(link, "todo", key), asked->some, argv);
    bool ok = n == 2 || link_ask(link, n, argv, on_reply, asked, why);

    json_object_clear(asked->some);
    return ok;
}

json_t *notes_ask(struct link *link, const json_t *incidents, struct fault *why)
{
    struct asked asked = { .some = json_object(), .notes = json_object() };
    const char *incident;
    json_t *value;
    bool ok = true;

    json_object_foreach((json_t *)incidents, incident, value)
    {
        if (ok && json_object_size(asked.some) == NOTES_ASKED_MAX)
            ok = ask(link, &asked, why);
        json_object_set(asked.some, incident, value);
    }
    if (ok)
        ask(link, &asked, why);
    json_decref(asked.some);
    return asked.notes;
}

char *notes_holder(const json_t *notes, const char *incident, const char *by,
                   char text[NOTES_HOLDER_MAX])
{
    const char *note = json_string_value(json_object_get(notes, incident));

    snprintf(text, NOTES_HOLDER_MAX, "%s%s%s", by, by[0] != '\0' && note != NULL ? ": " : "",
             by[0] != '\0' && note != NULL ? note : "");
    return text;
}
