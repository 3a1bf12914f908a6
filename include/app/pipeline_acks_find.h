/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_acks_find.h - which incident an ack is about, and an alert about that incident. */
#ifndef APP_PIPELINE_ACKS_FIND_H
#define APP_PIPELINE_ACKS_FIND_H

#include "adapter/json/input.h"
#include "app/pipeline_parts.h"
#include "core/alert.h"

/*
 * An incident by its id: of which zone (NULL: of breachd's own blindness)
 * or device, which of its incidents.
 */
struct named {
    char subject[INPUT_SUBJECT_MAX];
    uint32_t number;
    struct stub stub;
    const struct exclusion *exclusion;
    const struct incident *newest;   /* of the zone */
    bool current, open;              /* it is that one; and goes on */
    bool of_senders;                 /* under no order: see strangers.h */
    bool lost;                       /* known by what Redis showed alone: see custody.h */
    char device[NAME_MAX_CHARS + 1]; /* "": of no device */
    enum trouble_kind trouble;
    struct known_device *known;
    const char *respondent, *area;
};

/* "SUBJECT/NUMBER" into *out, zeroed before; false when there never was such an incident. */
bool pipeline_acks_find(struct pipeline *pipeline, const char *incident, struct named *out);

/*
 * About whom an ack is that names no incident there ever was, or one of before: by the order or the
 * device that it begins with. NULL: neither is in the rules.
 */
const char *pipeline_acks_whose(const struct pipeline *pipeline, const char *incident);

/* Counts its alerts on from where nobody has counted yet: see roster_begin_epoch. */
void pipeline_acks_number(const struct pipeline *pipeline, const struct named *named,
                          struct custody *custody);

/* An alert about that incident: acked or closed by the control room, or escalated. */
struct alert pipeline_acks_make_alert(enum alert_type type, const struct named *named,
                                      const struct custody *custody, struct utc now);

#endif
