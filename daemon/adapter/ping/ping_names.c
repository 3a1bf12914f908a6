/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/ping_names.h"

#include "adapter/ping/member.h"

#include <jansson.h>
#include <string.h>

struct ping_names ping_names_begin(const struct ping_body *body, char name[NAME_MAX_CHARS + 1])
{
    name[0] = '\0';
    return (struct ping_names){ .body = body, .name = name };
}

void ping_names_try(struct ping_names *names, const char *name)
{
    const struct ping_body *body = names->body;

    if (names->known || name == NULL || !name_valid(name))
        return;
    names->known = body->known != NULL && body->known(name, body->known_arg);
    if (names->known || names->name[0] == '\0')
        strcpy(names->name, name); // name_valid has measured it
}

void ping_names_try_door(struct ping_names *names)
{
    for (size_t i = 0; i < PING_NAMES_MAX && names->body->names[i] != NULL; i++)
        ping_names_try(names, names->body->names[i]);
}

bool ping_names_said(const struct ping_body *body, const json_t *own, const json_t *around,
                     char out[NAME_MAX_CHARS + 1], struct fault *why)
{
    const json_t *const objects[] = { own, around };
    struct ping_names names = ping_names_begin(body, out);

    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
        const json_t *said = member_of(objects[i], "device_id");

        // What was never set is sent as an empty text.
        if (said != NULL && !(json_is_string(said) && json_string_length(said) == 0))
            return member_said_device(objects[i], "device_id", out, why);
    }
    ping_names_try_door(&names);
    return out[0] != '\0' ||
           fault_set(why, "device_id: neither the location nor the address names it");
}
