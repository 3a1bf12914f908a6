/* SPDX-License-Identifier: Apache-2.0 */
/*
 * known.h - what is known of a device or of a zone's incident, and a ping, as JSON: exact to
 * the last bit, so that it can be judged again to the same alerts, and readable for whoever opens a
 * ledger. A row of its tables is a member; what is zero is left out.
 */
#ifndef ADAPTER_JSON_KNOWN_H
#define ADAPTER_JSON_KNOWN_H

#include "adapter/json/page.h"
#include "core/custody.h"
#include "core/track.h"

#include <jansson.h>

/*
 * Each an object behind what stands on the page. What is believed of a device is told beside it, in
 * the same object; NULL: nothing.
 */
void known_device_put(struct page *page, const struct known_device *device,
                      const struct estimate *estimate);
void known_incident_put(struct page *page, const struct incident *incident);
void known_ping_put(struct page *page, const struct ping *ping); /* its device too */

/*
 * Fills *out, a device without its pointer to an estimate: what is absent is zero. False, with *out
 * zeroed, for no object, or when a member is not of its kind or out of its range; a ping must have
 * a device, lie on the map, and not be perfectly accurate.
 */
bool known_device_of(const json_t *json, struct known_device *out, struct estimate *out_estimate);
bool known_incident_of(const json_t *json, struct incident *out);
bool known_ping_of(const json_t *json, struct ping *out);

/*
 * The same as text, in the caller's room, which is enough for any: no memory is asked for, and
 * nothing can fail. What is no finite number is null, what is no UTF-8 a question mark. Each
 * returns `text`.
 */
enum { KNOWN_TEXT_MAX = 26 * 1024 };
const char *known_device_print(const struct known_device *device, const struct estimate *estimate,
                               char text[KNOWN_TEXT_MAX]);
const char *known_incident_print(const struct incident *incident, char text[KNOWN_TEXT_MAX]);
const char *known_custody_print(const struct custody *custody, char text[KNOWN_TEXT_MAX]);

/*
 * What was known, from a ledger: SPOILT when something in it is not what we keep; then *out holds
 * what can be gone on with, see track.h. LACKING: memory is out.
 */
enum recall { RECALL_WHOLE, RECALL_SPOILT, RECALL_LACKING };
enum recall known_device_recall(const char *text, struct known_device *out,
                                struct estimate *out_estimate);
enum recall known_incident_recall(const char *text, struct incident *out);
enum recall known_custody_recall(const char *text, struct custody *out);

#endif
