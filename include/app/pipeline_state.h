/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_state.h - what everything else of the pipeline stands on: what time it is, whether
 * anything is taken at all, and what is known of breachd itself and of a device.
 */
#ifndef APP_PIPELINE_STATE_H
#define APP_PIPELINE_STATE_H

#include "core/instant.h"

#include <stdbool.h>
#include <stddef.h>

struct event_source;
struct exclusion;
struct incident;
struct known_device;
struct pipeline;
struct rulebook;
struct stub;

/* Our clock: the wall's, or in a rehearsal the newest ping's; there 0 before the first. */
struct utc pipeline_now(const struct pipeline *pipeline);

/* Why nothing would be taken now: closed or full; NULL: it would. */
const char *pipeline_shut(const struct pipeline *pipeline);

/* Takes nothing any more, for this reason; NULL opens again. The text is borrowed for as long. */
void pipeline_close(struct pipeline *pipeline, const char *why);
const char *pipeline_closed(const struct pipeline *pipeline); /* NULL while open */

size_t pipeline_open_incidents(const struct pipeline *pipeline);

/*
 * Incidents of breachd's own: of its blindness, of its clock, whose alerts it counts, and of what
 * else ails it, by its subject. NULL when memory is out.
 */
struct incident *pipeline_site_incident(struct pipeline *pipeline);
struct incident *pipeline_clock_incident(struct pipeline *pipeline);
struct incident *pipeline_own_incident(struct pipeline *pipeline, const char *subject);

/* What every alert says of this breachd: its site, and what is left out of it. */
const struct event_source *pipeline_source(const struct pipeline *pipeline);

/* What is known of a device, by whichever rules; NULL: it was never heard. Until the next turn. */
const struct known_device *pipeline_device(const struct pipeline *pipeline, const char *device);

/* By subject, of these rules or else a stub of it. */
const struct exclusion *pipeline_exclusion(const struct rulebook *rules, const char *subject,
                                           struct stub *stub);

#endif
