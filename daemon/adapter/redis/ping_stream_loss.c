/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ping_stream_loss.c - whether the stream is as it was left: before its group is made, its end is
 * held against the newest entry that was ever read, here or by a breachd before.
 */
#include "adapter/entry_id.h"
#include "adapter/log.h"
#include "adapter/redis/ping_stream_parts.h"

#include <stdio.h>
#include <string.h>

static const char none[] = "0-0";

/* Of XINFO STREAM's names and values by turns; "" when it is not told. */
static const char *id_named(const struct redis_reply *of_stream, const char *name)
{
    for (size_t i = 0; i + 1 < of_stream->n; i += 2) {
        struct redis_reply value = redis_item(of_stream, i + 1);

        if (strcmp(redis_item(of_stream, i).text, name) == 0)
            return value.kind == REDIS_TEXT && value.n < ENTRY_ID_MAX ? value.text : "";
    }
    return "";
}

void ping_stream_take_info(struct ping_stream *stream, const struct redis_reply *reply)
{
    const char *end = "";
    struct entry_id id;

    if (reply->kind == REDIS_LIST)
        end = id_named(reply, "last-generated-id");
    else if (reply->kind == REDIS_ERROR && strstr(reply->text, "no such key") != NULL)
        end = none;
    if (strncmp(reply->text, "NOPERM", 6) == 0 && !stream->info_denied) {
        stream->info_denied = true;
        log_warning("redis: XINFO is not allowed: whether %s was emptied cannot be seen: give this "
                    "user +xinfo|stream",
                    stream->key);
    }
    snprintf(stream->end, sizeof stream->end, "%s", entry_id_read(end, &id) ? end : "");
}

void ping_stream_check_loss(struct ping_stream *stream, bool made)
{
    bool behind = entry_id_after(stream->newest, stream->end);
    bool gone = behind || stream->end[0] == '\0' || strcmp(stream->end, none) == 0;

    if (stream->newest[0] == '\0' || (!made && !behind))
        return;
    stream->callbacks.lost(
        !made ? "ends before the entry that was read last: pings behind it are lost"
        : gone
            ? "was deleted, and its group with it: pings that nobody had read are lost"
            : "has lost its group: all that it still holds is read again, what was deleted is lost",
        stream->callbacks.arg);
    if (stream->end[0] != '\0') // from there on, so that it is told once
        snprintf(stream->newest, sizeof stream->newest, "%s", stream->end);
}

void ping_stream_note_newest(struct ping_stream *stream, const char *id)
{
    struct entry_id read;

    if (entry_id_read(id, &read) &&
        (stream->newest[0] == '\0' || entry_id_after(id, stream->newest)))
        snprintf(stream->newest, sizeof stream->newest, "%s", id);
}

void ping_stream_remember(struct ping_stream *stream, const char *place)
{
    const char *key = strchr(place, ' ');
    char id[ENTRY_ID_MAX];

    if (key == NULL || strcmp(key + 1, stream->key) != 0)
        return; // of none, or of another stream
    snprintf(id, sizeof id, "%.*s", (int)(key - place), place);
    ping_stream_note_newest(stream, id);
}

void ping_stream_place(const struct ping_stream *stream, char out[PING_STREAM_PLACE_MAX])
{
    out[0] = '\0';
    if (stream->newest[0] != '\0')
        snprintf(out, PING_STREAM_PLACE_MAX, "%s %s", stream->newest, stream->key);
}
