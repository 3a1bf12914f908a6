/* SPDX-License-Identifier: Apache-2.0 */
/* incidents.h - what goes on now, as the hash `open` has it. */
#ifndef CTL_INCIDENTS_H
#define CTL_INCIDENTS_H

#include "ctl/link.h"

#include <jansson.h>

/*
 * Incident → its newest alert, of one area or (NULL) of all; the
 * caller's. NULL when Redis does not tell.
 */
json_t *incidents_open(struct link *link, const char *area, struct fault *why);

#endif
