/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/traccar.h"

#include "adapter/ping/member.h"
#include "adapter/ping/reading.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/*
 * The server asked somebody where the masts or networks are that the tracker hears, and calls that
 * valid; OpenCellID answers without an accuracy, which is miles then (traccar/traccar#2945).
 */
static bool of_a_mast_unmeasured(const json_t *position, const json_t *attributes)
{
    return member_said_truth(attributes, "approximate", false) &&
           !(member_said_number(position, "accuracy") > 0);
}

static bool read_position(const json_t *position, struct ping *out, struct fault *why)
{
    const json_t *attributes = member_of(position, "attributes");

    if (!member_said_place(position, "latitude", "longitude", &out->at, why))
        return false;
    member_said_time(position, "fixTime", out);
    if (out->untimed)
        member_said_time(position, "deviceTime", out);
    out->accuracy = reading_accuracy(member_said_number(position, "accuracy"),
                                     member_said_number(attributes, "hdop"));
    out->speed = member_said_number(position, "speed") * READING_KNOT;
    out->course = member_said_number(position, "course");
    out->battery = member_said_number(attributes, "batteryLevel");
    out->no_fix = !member_said_truth(position, "valid", true) ||
                  member_said_truth(position, "outdated", false) ||
                  of_a_mast_unmeasured(position, attributes);
    // Old servers say false, and what an operator computes may be anything: traccar/traccar#2809.
    member_said_alarm(attributes, "alarm", out);
    // Its client says so, and the server passes it on: traccar/traccar-client-android#74.
    if (member_said_truth(attributes, "mock", false))
        ping_mock(out);
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
    return member_said_device(device, "uniqueId", out->device, why) &&
           read_position(position, out, why);
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
