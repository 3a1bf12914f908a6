/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/overland.h"

#include "adapter/ping/member.h"
#include "adapter/ping/osmand.h"
#include "adapter/ping/ping_names.h"
#include "adapter/ping/reading.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* A body being read. */
struct reading {
    const struct ping_body *body;
    size_t index; // of the next message
    ping_taker *take;
    void *arg;
};

/* A number, or a text of one. */
static bool take_degrees(const json_t *value, double *out)
{
    const char *text = member_text(value);

    if (text != NULL)
        return reading_number_of_app(text, out);
    *out = json_number_value(value);
    return json_is_number(value);
}

/* [longitude, latitude, …] as GeoJSON has it. */
static bool take_point(const json_t *geometry, struct lonlat *out, struct fault *why)
{
    const char *type = member_text(member_of(geometry, "type"));
    const json_t *degrees = member_of(geometry, "coordinates"), *lon = json_array_get(degrees, 0),
                 *lat = json_array_get(degrees, 1);

    if (type == NULL || strcmp(type, "Point") != 0)
        return fault_set(why, "geometry: not a Point");
    return (take_degrees(lon, &out->lon) && take_degrees(lat, &out->lat)) ||
           fault_set(why, "coordinates: not longitude and latitude");
}

static bool read_feature(const json_t *feature, struct ping *out, struct fault *why)
{
    const json_t *said = member_of(feature, "properties");
    const char *state = member_text(member_of(said, "battery_state"));

    if (!take_point(member_of(feature, "geometry"), &out->at, why))
        return false;
    member_said_time(said, "timestamp", out);
    out->accuracy = member_said_number(said, "horizontal_accuracy");
    out->speed = member_said_number(said, "speed");
    out->course = member_said_number(said, "course");
    out->battery = member_said_number(said, "battery_level") * 100;
    // Of who has not looked: Overland and its kin send 0 beside it, and that would be an alert.
    if (out->battery == 0 && state != NULL && strcmp(state, "unknown") == 0)
        out->battery = NAN;
    return ping_settle(out, why);
}

static void hand_over_feature(struct reading *reading, const json_t *feature, const json_t *around)
{
    struct ping ping = { 0 };
    struct fault why;
    size_t index = reading->index++;

    if (!json_is_object(feature))
        reading->take(NULL, index, "not an object", reading->arg);
    else if (member_of(feature, "geometry") == NULL)
        reading->take(NULL, index, NULL, reading->arg);
    else if (ping_names_said(reading->body, member_of(feature, "properties"), around, ping.device,
                             &why) &&
             read_feature(feature, &ping, &why))
        reading->take(&ping, index, NULL, reading->arg);
    else
        reading->take(&ping, index, why.text, reading->arg);
}

static void hand_over_location(struct reading *reading, const json_t *location,
                               const json_t *around)
{
    struct ping ping = { 0 };
    struct fault why;
    size_t index = reading->index++;

    if (ping_names_said(reading->body, location, around, ping.device, &why) &&
        osmand_location(location, &ping, &why))
        reading->take(&ping, index, NULL, reading->arg);
    else
        reading->take(&ping, index, why.text, reading->arg);
}

/* What is no array is one of itself. */
static void each(struct reading *reading, const json_t *value, const json_t *around,
                 void (*hand_over)(struct reading *reading, const json_t *one,
                                   const json_t *around))
{
    if (!json_is_array(value))
        hand_over(reading, value, around);
    for (size_t i = 0; i < json_array_size(value); i++)
        hand_over(reading, json_array_get(value, i), around);
}

static void hand_over_object(struct reading *reading, const json_t *object, const json_t *around)
{
    const json_t *locations = member_of(object, "locations"),
                 *location = member_of(object, "location");

    (void)around;
    if (locations != NULL)
        each(reading, locations, object, hand_over_feature);
    else if (location != NULL)
        each(reading, location, object, hand_over_location);
    else if (member_of(object, "coords") != NULL)
        hand_over_location(reading, object, NULL);
    else
        reading->take(NULL, reading->index++, json_is_object(object) ? NULL : "not an object",
                      reading->arg);
}

bool overland_read(const struct ping_body *body, ping_taker *take, void *arg, struct fault *why)
{
    json_t *root = member_load(body->bytes, body->n, why);
    struct reading reading = { .body = body, .take = take, .arg = arg };

    if (root == NULL)
        return false;
    each(&reading, root, NULL, hand_over_object);
    json_decref(root);
    return true;
}
