/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web_redis.h"

#include "adapter/entry_id.h"
#include "web/json_line.h"

#include <stdio.h>
#include <string.h>

const char *web_redis_key(const struct web_redis *redis, const char *name, char out[WEB_KEY_MAX])
{
    snprintf(out, WEB_KEY_MAX, "{%s}:%s", redis->prefix, name);
    return out;
}

struct redis_reply web_redis_field(const struct redis_reply *fields, const char *name)
{
    for (size_t i = 0; i + 1 < fields->n; i += 2) {
        struct redis_reply key = redis_item(fields, i);

        if (key.kind == REDIS_TEXT && strcmp(key.text, name) == 0)
            return redis_item(fields, i + 1);
    }
    return (struct redis_reply){ .kind = REDIS_NIL, .text = "" };
}

const char *web_redis_id(const struct redis_reply *entry, char out[WEB_ENTRY_ID_MAX])
{
    struct redis_reply id = redis_item(entry, 0);
    struct entry_id read;
    bool good = id.kind == REDIS_TEXT && id.n < WEB_ENTRY_ID_MAX && entry_id_read(id.text, &read);

    snprintf(out, WEB_ENTRY_ID_MAX, "%s", good ? id.text : "0-0");
    return out;
}

char *web_redis_event(const struct redis_reply *entry)
{
    struct redis_reply fields = redis_item(entry, 1), event = web_redis_field(&fields, "event");

    return event.kind == REDIS_TEXT ? json_line_placeless(event.text, event.n) : NULL;
}
