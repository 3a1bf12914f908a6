/* SPDX-License-Identifier: Apache-2.0 */
/* known.h - what is known, read from its text: as known.h takes it from JSON. */
#ifndef SUPPORT_KNOWN_H
#define SUPPORT_KNOWN_H

#include "adapter/json/known.h"

#include <jansson.h>

/* What is believed of it goes into the estimate that *out shows, if it shows one. */
static inline bool known_device_read(const char *text, struct known_device *out)
{
    json_t *json = json_loads(text, 0, NULL);
    struct estimate believed, *shown = out->estimate;
    bool ok = known_device_of(json, out, &believed);

    out->estimate = shown;
    if (shown != NULL)
        *shown = believed;
    json_decref(json);
    return ok;
}

static inline bool known_incident_read(const char *text, struct incident *out)
{
    json_t *json = json_loads(text, 0, NULL);
    bool ok = known_incident_of(json, out);

    json_decref(json);
    return ok;
}

#endif
