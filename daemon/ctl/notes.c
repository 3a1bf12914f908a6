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

        if (json_is_object(need))
            json_object_set_new(notes, incident,
                                json_pack("{s:s,s:s}", "by", line_text(need, "by"), "note",
                                          line_text(need, "note")));
        json_decref(need);
    }
    return notes;
}

char *notes_print(const char *by, const char *note, char text[NOTES_HOLDER_MAX])
{
    bool both = by[0] != '\0' && note[0] != '\0';

    snprintf(text, NOTES_HOLDER_MAX, "%s%s%s", by, both ? ": " : "", note);
    return text;
}

char *notes_holder(const json_t *notes, const char *incident, const char *by,
                   char text[NOTES_HOLDER_MAX])
{
    const json_t *need = json_object_get(notes, incident);

    return notes_print(need != NULL ? line_text(need, "by") : by, line_text(need, "note"), text);
}
