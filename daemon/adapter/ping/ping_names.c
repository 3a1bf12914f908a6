/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/ping_names.h"

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
