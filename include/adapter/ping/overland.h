/* SPDX-License-Identifier: Apache-2.0 */
/*
 * overland.h - what Overland posts, and the family of transistorsoft's plugin for background
 * location, to checked pings. Pure.
 */
#ifndef ADAPTER_PING_OVERLAND_H
#define ADAPTER_PING_OVERLAND_H

#include "adapter/ping/ping_reader.h"

/*
 * Overland's {"locations":[Feature,…]}: a Point, and `timestamp`, `device_id`, `speed` in
 * metres a second, `course`, `horizontal_accuracy`, `battery_level` (0 to 1) among its
 * properties; -1 is unknown. The plugin's {"location":{"coords":…}}, see osmand.h, an array of
 * locations in it, or an array of such objects.
 *
 * The device is `device_id`, of a location or else of the object around it, where that is a text
 * that is not empty; else the first of body->names that is known, see ping_names.h. A Feature
 * without a geometry, and an object that holds neither, as the plugin's events do, are no pings.
 */
ping_reader overland_read;

#endif
