/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/owntracks.h"

#include "adapter/ping/member.h"
#include "adapter/ping/ping_json.h"
#include "adapter/ping/ping_names.h"
#include "adapter/ping/reading.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* From owntracks/USER/DEVICE, perhaps with more behind it: DEVICE, then USER. */
static void try_topic(struct ping_names *names, const char *topic)
{
    char parts[2][NAME_MAX_CHARS + 1] = { "", "" };
    const char *at = topic ? strchr(topic, '/') : NULL;

    for (size_t i = 0; i < 2 && at != NULL; i++) {
        size_t length = strcspn(++at, "/");

        if (length <= NAME_MAX_CHARS) {
            memcpy(parts[i], at, length);
            parts[i][length] = '\0';
        }
        at = at[length] == '/' ? at + length : NULL;
    }
    ping_names_try(names, parts[1]);
    ping_names_try(names, parts[0]);
}

static bool find_device(const json_t *message, const struct ping_body *body,
                        char out[NAME_MAX_CHARS + 1], struct fault *why)
{
    struct ping_names names = ping_names_begin(body, out);
    const char *said = member_text(member_of(message, "topic"));

    ping_names_try_door(&names);
    // By MQTT the broker has seen to who may use which topic: what the message says is no match.
    if (body->topic == NULL && said != NULL && said[0] == '/')
        said++; // typed so by some
    try_topic(&names, body->topic ? body->topic : said);
    // Two characters that phones choose by themselves: better than nothing, and only then.
    if (out[0] == '\0')
        ping_names_try(&names, member_text(member_of(message, "tid")));
    return out[0] != '\0' || fault_set(why, "device: neither user, device, topic nor tid names it");
}

static bool read_location(const json_t *message, const struct ping_body *body, struct ping *out,
                          struct fault *why)
{
    *out = (struct ping){ 0 };
    if (!find_device(message, body, out->device, why) ||
        !member_said_place(message, "lat", "lon", &out->at, why))
        return false;
    member_said_time(message, "tst", out);
    out->accuracy = member_said_number(message, "acc");
    out->speed = member_said_number(message, "vel") * READING_KMH;
    out->course = member_said_number(message, "cog");
    out->battery = member_said_number(message, "batt");
    return ping_settle(out, why);
}

/* Scripts and gateways leave the type away (owntracks/recorder#374): what has a place is one. */
static bool is_location(const json_t *message, const char *type)
{
    return type != NULL
               ? strcmp(type, "location") == 0
               : member_of(message, "_type") == NULL && member_of(message, "lat") != NULL &&
                     member_of(message, "lon") != NULL;
}

static void refuse(const json_t *message, const struct ping_body *body, size_t index,
                   ping_taker *take, void *arg)
{
    struct ping ping = { 0 };
    struct fault unknown;

    find_device(message, body, ping.device, &unknown);
    take(&ping, index, json_is_object(message) ? "_type: missing" : "not an object", arg);
}

static void hand_over(const json_t *message, const struct ping_body *body, size_t index,
                      ping_taker *take, void *arg)
{
    const char *type = member_text(member_of(message, "_type"));
    struct ping ping;
    struct fault why;

    if (!is_location(message, type) && type != NULL)
        take(NULL, index, NULL, arg);
    else if (!is_location(message, type))
        refuse(message, body, index, take, arg);
    else if (read_location(message, body, &ping, &why))
        take(&ping, index, NULL, arg);
    else
        take(&ping, index, why.text, arg);
}

static void hand_over_all(const json_t *value, const struct ping_body *body, ping_taker *take,
                          void *arg)
{
    if (!json_is_array(value))
        hand_over(value, body, 0, take, arg);
    for (size_t i = 0; i < json_array_size(value); i++)
        hand_over(json_array_get(value, i), body, i, take, arg);
}

/* The apps send nothing at all when a friend is deleted. */
static bool is_blank(const struct ping_body *body)
{
    for (size_t i = 0; i < body->n; i++) {
        if (strchr(" \t\r\n", body->bytes[i]) == NULL || body->bytes[i] == '\0')
            return false;
    }
    return true;
}

/* `plain`: what is no message of OwnTracks' may be a ping as it is. */
static bool read_body(const struct ping_body *body, bool plain, ping_taker *take, void *arg,
                      struct fault *why)
{
    json_t *value;

    if (is_blank(body))
        return true;
    value = member_load(body->bytes, body->n, why);
    if (value == NULL)
        return false;
    if (plain &&
        member_of(json_is_array(value) ? json_array_get(value, 0) : value, "_type") == NULL)
        ping_json_take(value, take, arg);
    else
        hand_over_all(value, body, take, arg);
    json_decref(value);
    return true;
}

bool owntracks_read(const struct ping_body *body, ping_taker *take, void *arg, struct fault *why)
{
    return read_body(body, false, take, arg, why);
}

bool owntracks_read_any(const struct ping_body *body, ping_taker *take, void *arg,
                        struct fault *why)
{
    return read_body(body, true, take, arg, why);
}
