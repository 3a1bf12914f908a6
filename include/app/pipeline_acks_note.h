/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_acks_note.h - who has an incident, how it stands, and what of that changes without an
 * alert.
 */
#ifndef APP_PIPELINE_ACKS_NOTE_H
#define APP_PIPELINE_ACKS_NOTE_H

#include "adapter/json/event.h"

#include <stdbool.h>

struct pipeline;

/* An alert of it stands in the stream: an ack after this id may be about it; the first is kept. */
void pipeline_note_first_entry(struct pipeline *pipeline, const char *incident, const char *since);

/*
 * `on_noted` is called when who has the incident, or what was noted of it, has changed on disk and
 * no alert says so. And what that is: untouched where nothing is known of it.
 */
void pipeline_call_when_noted(struct pipeline *pipeline,
                              void (*on_noted)(const char *incident, void *arg), void *arg);
void pipeline_holder(const struct pipeline *pipeline, const char *incident,
                     struct event_holder *out);

/* Whether there is such an incident, or ever was. */
bool pipeline_has_incident(struct pipeline *pipeline, const char *incident);

/* "open", "ended" or "closed": how an incident stands that there was; a constant. */
const char *pipeline_incident_state(struct pipeline *pipeline, const char *incident);

/* Who has it has changed and no alert says so: `on_noted` is called when that is on disk. */
void pipeline_acks_noted(struct pipeline *pipeline, const char *incident);

#endif
