/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/osmand.h"

#include "adapter/ping/member.h"
#include "adapter/ping/reading.h"

#include <jansson.h>
#include <math.h>

bool osmand_location(const json_t *location, struct ping *out, struct fault *why)
{
    const json_t *coords = member_of(location, "coords"), *battery = member_of(location, "battery");
    bool mock;

    if (!json_is_object(location))
        return fault_set(why, "location: not an object");
    if (!json_is_object(coords))
        return fault_set(why, "coords: not an object");
    if (!member_time(location, "timestamp", reading_time, &out->time, why) ||
        !member_place(coords, "latitude", "longitude", &out->at, why) ||
        !member_number(coords, "accuracy", NAN, &out->accuracy, why) ||
        !member_number(coords, "speed", NAN, &out->speed, why) ||
        !member_number(coords, "heading", NAN, &out->course, why) ||
        !member_number(battery, "level", NAN, &out->battery, why) ||
        !member_bool(location, "mock", false, &mock, why))
        return false;
    out->battery *= 100;
    out->no_fix = out->tamper = mock; // somebody makes the phone lie about where it is
    return ping_settle(out, why);
}

static void hand_over(const json_t *root, const json_t *location, size_t index, ping_taker *take,
                      void *arg)
{
    struct ping ping = { 0 };
    struct fault why;

    if (member_device(root, "device_id", ping.device, &why) &&
        osmand_location(location, &ping, &why))
        take(&ping, index, NULL, arg);
    else
        take(&ping, index, why.text, arg);
}

bool osmand_read(const struct ping_body *body, ping_taker *take, void *arg, struct fault *why)
{
    json_t *root = member_load(body->bytes, body->n, why);
    const json_t *location = member_of(root, "location");

    if (root == NULL)
        return false;
    if (!json_is_object(root))
        take(NULL, 0, "not an object", arg);
    else if (!json_is_array(location))
        hand_over(root, location, 0, take, arg);
    for (size_t i = 0; i < json_array_size(location); i++)
        hand_over(root, json_array_get(location, i), i, take, arg);
    json_decref(root);
    return true;
}
