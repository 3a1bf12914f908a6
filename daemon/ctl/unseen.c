/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/unseen.h"

#include "ctl/line.h"

bool unseen_init(struct unseen *unseen)
{
    *unseen = (struct unseen){ .incidents = json_object() };
    return unseen->incidents != NULL;
}

void unseen_fini(struct unseen *unseen)
{
    json_decref(unseen->incidents);
}

/* Somebody has it, or nobody is needed any more. */
static bool is_end(enum alert_type type)
{
    return type == ALERT_ACKED || type == ALERT_HANDED || alert_spec(type)->todo == TODO_CLOSE;
}

/* An update of what somebody has is critical too: what waits is told by its beginning. */
static bool is_call(const json_t *event, enum alert_type type)
{
    return line_severity(line_text(event, "data.severity")) == SEVERITY_CRITICAL &&
           (alert_is(type, TRAIT_ALARM) || type == ALERT_ESCALATED);
}

void unseen_hear(struct unseen *unseen, const json_t *event, bool shown)
{
    const char *incident = line_text(event, "data.incident");
    enum alert_type type;

    if (incident[0] == '\0' || !line_type_of(event, &type))
        return;
    if (is_end(type)) {
        json_object_del(unseen->incidents, incident);
    } else if (shown && is_call(event, type)) {
        json_object_set_new(unseen->incidents, incident, json_true());
        unseen->fresh = true;
    }
}

bool unseen_rings(struct unseen *unseen, struct tick now)
{
    bool waits = json_object_size(unseen->incidents) > 0;
    bool rings = waits && (unseen->fresh || now.ms - unseen->rung.ms >= UNSEEN_AGAIN_MS);

    unseen->fresh = false;
    if (rings)
        unseen->rung = now;
    return rings;
}
