/* SPDX-License-Identifier: Apache-2.0 */
/*
 * known_pack.h - what is known as a row of the ledger: an object of JSON still, of which what
 * people ask for and every text are members, and all else is one of them, `packed`: base64 of a
 * version and then, of each member that is not zero, of
 *
 *     TAG FORM VALUE
 *
 * TAG is 16 bits of the member's name, lowest byte first; FORM is what follows, in its lowest three
 * bits, and of an array how many elements, in its others. An array begins with a bit for each of
 * them, from the lowest on, whether it is there: what is zero is not. So a member that is new, or
 * gone, or longer, costs no migration, as in JSON. A near ping writes such a row, and reads none.
 */
#ifndef ADAPTER_JSON_KNOWN_PACK_H
#define ADAPTER_JSON_KNOWN_PACK_H

#include "adapter/json/known.h"

/* Read by known_device_recall, known_incident_recall. Each returns `text`, and cannot fail. */
const char *known_device_row(const struct known_device *device, const struct estimate *estimate,
                             char text[KNOWN_TEXT_MAX]);
const char *known_incident_row(const struct incident *incident, char text[KNOWN_TEXT_MAX]);

#endif
