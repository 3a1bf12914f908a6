/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/traccar.h"

#include "adapter/ping/member.h"
#include "adapter/ping/reading.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static bool take_time(const json_t *position, struct utc *out, struct fault *why)
{
    const char *key = member_of(position, "fixTime") != NULL ? "fixTime" : "deviceTime";

    return member_time(position, key, reading_time, out, why);
}

static bool read_position(const json_t *position, struct ping *out, struct fault *why)
{
    const json_t *attributes = member_of(position, "attributes");
    double hdop;
    bool valid, outdated;

    if (!take_time(position, &out->time, why) ||
        !member_place(position, "latitude", "longitude", &out->at, why) ||
        !member_number(position, "accuracy", NAN, &out->accuracy, why) ||
        !member_number(attributes, "hdop", NAN, &hdop, why) ||
        !member_number(position, "speed", NAN, &out->speed, why) ||
        !member_number(position, "course", NAN, &out->course, why) ||
        !member_number(attributes, "batteryLevel", NAN, &out->battery, why) ||
        !member_bool(position, "valid", true, &valid, why) ||
        !member_bool(position, "outdated", false, &outdated, why) ||
        !member_alarm(attributes, "alarm", out, why))
        return false;
    out->accuracy = reading_accuracy(out->accuracy, hdop);
    out->speed *= READING_KNOT;
    out->no_fix = !valid || outdated;
    return ping_settle(out, why);
}

static bool read_ping(const json_t *forwarded, struct ping *out, struct fault *why)
{
    const json_t *position = member_of(forwarded, "position"),
                 *device = member_of(forwarded, "device");

    *out = (struct ping){ 0 };
    if (!json_is_object(forwarded))
        return fault_set(why, "not an object");
    if (!json_is_object(position))
        return fault_set(why, "position: not an object");
    if (!json_is_object(device))
        return fault_set(why, device == NULL ? "device: missing" : "device: not an object");
    return member_device(device, "uniqueId", out->device, why) && read_position(position, out, why);
}

static void hand_over(const json_t *forwarded, size_t index, ping_taker *take, void *arg)
{
    struct ping ping;
    struct fault why;

    if (member_of(forwarded, "event") != NULL && member_of(forwarded, "position") == NULL)
        take(NULL, index, NULL, arg); // a device came online, a geofence of Traccar's
    else if (read_ping(forwarded, &ping, &why))
        take(&ping, index, NULL, arg);
    else
        take(&ping, index, why.text, arg);
}

bool traccar_read(const struct ping_body *body, ping_taker *take, void *arg, struct fault *why)
{
    json_t *value = member_load(body->bytes, body->n, why);

    if (value == NULL)
        return false;
    if (!json_is_array(value))
        hand_over(value, 0, take, arg);
    for (size_t i = 0; i < json_array_size(value); i++)
        hand_over(json_array_get(value, i), i, take, arg);
    json_decref(value);
    return true;
}
