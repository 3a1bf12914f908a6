/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web_redis.h"

#include "adapter/entry_id.h"
#include "web/json_line.h"

#include <stdio.h>

const char *web_redis_key(const struct web_redis *redis, const char *name, char out[WEB_KEY_MAX])
{
    snprintf(out, WEB_KEY_MAX, "{%s}:%s", redis->prefix, name);
    return out;
}

const char *web_redis_id(const struct redis_reply *entry, char out[ENTRY_ID_MAX])
{
    struct redis_reply id = redis_item(entry, 0);
    struct entry_id read;
    bool good = id.kind == REDIS_TEXT && id.n < ENTRY_ID_MAX && entry_id_read(id.text, &read);

    snprintf(out, ENTRY_ID_MAX, "%s", good ? id.text : "0-0");
    return out;
}

char *web_redis_event(const struct redis_reply *entry)
{
    struct redis_reply fields = redis_item(entry, 1), event = redis_field(&fields, "event");

    return event.kind == REDIS_TEXT ? json_line_placeless(event.text, event.n) : NULL;
}
