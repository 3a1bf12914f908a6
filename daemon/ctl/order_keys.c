/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/order_keys.h"

#include <strings.h>

const struct order_key order_keys[ORDER_KEYS] = {
    { "id", ORDER_KEY_ID, NULL, "the order's id (letters, digits, - _ .)", true },
    { "kind", ORDER_KEY_ORDER, NULL,
      "its kind: DVPN DVPO DAPN DAPO non-molestation restraining bail other", true },
    { "clause", ORDER_KEY_ORDER, NULL, "the clause that the zones enforce", false },
    { "respondent", ORDER_KEY_ORDER, NULL, "the respondent's id, no name", true },
    { "devices", ORDER_KEY_ORDER, NULL, "the devices carried, parted by commas", true },
    { "area", ORDER_KEY_ORDER, NULL, "the area that alerts go to", false },
    { "age", ORDER_KEY_ORDER, "", "the respondent's age", false },
    { "monitoring", ORDER_KEY_ORDER, NULL,
      "why this person may be tracked: consent dapo bail licence", false },
    { "from", ORDER_KEY_ORDER, NULL, "in force from (2026-11-20 12:00)", true },
    { "served", ORDER_KEY_ORDER, NULL, "served at; without it nothing is told yet", false },
    { "until", ORDER_KEY_ORDER, NULL, "in force until; without it for ever", false },
    { "zone", ORDER_KEY_ZONE_NAME, NULL, "the zone's name", true },
    { "centre", ORDER_KEY_ZONE, NULL,
      "its centre: latitude, longitude; or easting, northing of the National Grid", true },
    { "radius", ORDER_KEY_ZONE, "m", "its radius (200 m)", true },
    { "wkt", ORDER_KEY_ZONE, NULL, NULL, false },
    { "geojson", ORDER_KEY_ZONE, NULL, NULL, false },
    { "buffer", ORDER_KEY_ZONE, "m", NULL, false },
    { "warn", ORDER_KEY_ZONE, "m", "the ring in which an approach is told (800 m)", false },
    { "schedule", ORDER_KEY_ZONE, NULL,
      "windows of the week (Mon-Fri 08:00-16:30); without: always", false },
};

size_t order_key_find(const char *name)
{
    size_t nth = 0;

    while (nth < ORDER_KEYS && strcasecmp(order_keys[nth].name, name) != 0)
        nth++;
    return nth;
}
