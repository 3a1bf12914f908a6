/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/osmand.h"

#include "adapter/ping/member.h"
#include "adapter/ping/ping_names.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

bool osmand_location(const json_t *location, struct ping *out, struct fault *why)
{
    const json_t *coords = member_of(location, "coords"), *battery = member_of(location, "battery");

    if (!json_is_object(location))
        return fault_set(why, "location: not an object");
    if (!json_is_object(coords))
        return fault_set(why, "coords: not an object");
    if (!member_said_place(coords, "latitude", "longitude", &out->at, why))
        return false;
    member_said_time(location, "timestamp", out);
    out->accuracy = member_said_number(coords, "accuracy");
    out->speed = member_said_number(coords, "speed");
    out->course = member_said_number(coords, "heading");
    out->battery = member_said_number(battery, "level") * 100;
    if (member_said_truth(location, "mock", false))
        ping_mock(out);
    return ping_settle(out, why);
}

/* "gps":[51.5,0.4]; who lets the app tell the name of a zone alone tells no place. */
static bool take_gps(const json_t *data, struct ping *out, struct fault *why)
{
    const json_t *gps = member_of(data, "gps"), *lat = json_array_get(gps, 0),
                 *lon = json_array_get(gps, 1);

    out->no_fix = gps == NULL;
    out->at = (struct lonlat){ NAN, NAN };
    if (gps == NULL)
        return true;
    if (!json_is_number(lat) || !json_is_number(lon))
        return fault_set(why, "gps: not latitude and longitude");
    out->at.lat = json_number_value(lat);
    out->at.lon = json_number_value(lon);
    return true;
}

/* What Home Assistant's app posts: it never says when. (home-assistant/android#863, #3030) */
static bool read_update(const json_t *data, struct ping *out, struct fault *why)
{
    if (!json_is_object(data))
        return fault_set(why, "data: not an object");
    if (!take_gps(data, out, why))
        return false;
    out->untimed = true;
    out->accuracy = member_said_number(data, "gps_accuracy");
    out->speed = member_said_number(data, "speed");
    out->course = member_said_number(data, "course");
    out->battery = member_said_number(data, "battery");
    return ping_settle(out, why);
}

/* A body, and where its pings go. */
struct reading {
    const struct ping_body *body;
    const json_t *root;
    ping_taker *take;
    void *arg;
};

static void hand_over(const struct reading *reading, const json_t *what, size_t index,
                      bool (*read)(const json_t *what, struct ping *out, struct fault *why))
{
    struct ping ping = { 0 };
    struct fault why;

    if (ping_names_said(reading->body, reading->root, NULL, ping.device, &why) &&
        read(what, &ping, &why))
        reading->take(&ping, index, NULL, reading->arg);
    else
        reading->take(&ping, index, why.text, reading->arg);
}

/* Of Home Assistant's app every other type, a sensor's or an event's, is no ping. */
static void take_message(const struct reading *reading, const char *type)
{
    if (strcmp(type, "update_location") == 0)
        hand_over(reading, member_of(reading->root, "data"), 0, read_update);
    else
        reading->take(NULL, 0, NULL, reading->arg);
}

bool osmand_read(const struct ping_body *body, ping_taker *take, void *arg, struct fault *why)
{
    json_t *root = member_load(body->bytes, body->n, why);
    const json_t *location = member_of(root, "location");
    const char *type = member_text(member_of(root, "type"));
    struct reading reading = { body, root, take, arg };

    if (root == NULL)
        return false;
    if (!json_is_object(root))
        take(NULL, 0, "not an object", arg);
    else if (location == NULL && type != NULL)
        take_message(&reading, type);
    else if (!json_is_array(location))
        hand_over(&reading, location, 0, osmand_location);
    for (size_t i = 0; i < json_array_size(location); i++)
        hand_over(&reading, json_array_get(location, i), i, osmand_location);
    json_decref(root);
    return true;
}
