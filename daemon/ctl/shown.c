/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/shown.h"

#include "ctl/line.h"

bool shown_init(struct shown *shown)
{
    *shown = (struct shown){ .incidents = json_object() };
    return shown->incidents != NULL;
}

void shown_fini(struct shown *shown)
{
    json_decref(shown->incidents);
}

bool shown_hear(struct shown *shown, const json_t *event, bool wanted)
{
    const char *incident = line_text(event, "data.incident");
    enum alert_type type;
    bool word = line_type_of(event, &type) && alert_is(type, TRAIT_CONTROL_ROOM);
    bool followed = json_object_get(shown->incidents, incident) != NULL;

    if (wanted && incident[0] != '\0' && !followed) {
        if (json_object_size(shown->incidents) >= SHOWN_MAX)
            json_object_clear(shown->incidents);
        json_object_set_new(shown->incidents, incident, json_true());
    }
    if (word && type == ALERT_CLOSED)
        json_object_del(shown->incidents, incident);
    return wanted || (word && followed);
}
