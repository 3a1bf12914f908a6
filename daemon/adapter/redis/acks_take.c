/* SPDX-License-Identifier: Apache-2.0 */
/* acks_take.c - what becomes of one entry. */
#include "adapter/entry_id.h"
#include "adapter/log.h"
#include "adapter/redis/acks_parts.h"

#include <stdio.h>
#include <string.h>

_Static_assert(ACKS_COUNT <= ACKS_MEMBERS_MAX, "the filter lets a whole answer through");

/* A refusal that cannot be answered holds up nobody: what was said is in the log, or the ledger. */
static void on_answered(const struct redis_reply *reply, void *arg)
{
    struct acks *acks = arg;
    const char *why = reply->kind == REDIS_ERROR ? reply->text : "";

    if (why[0] != '\0' && strcmp(acks->unkept, why) != 0)
        log_error("redis: %s: cannot be answered in %s: %s", acks->stream, acks->refused, why);
    snprintf(acks->unkept, sizeof acks->unkept, "%s", why);
}

static void answer_refused(struct acks *acks, const struct ack *ack, const char *why)
{
    char keep[16], incident[ACKS_SAID_MAX + 1], by[ACKS_SAID_MAX + 1];

    snprintf(keep, sizeof keep, "%d", ACKS_REFUSED_KEEP);
    snprintf(incident, sizeof incident, "%s", ack->incident);
    snprintf(by, sizeof by, "%s", ack->by);
    redis_send(acks->redis, 14,
               (const char *[]){ "XADD", acks->refused, "MAXLEN", "~", keep, "*", "ack", ack->id,
                                 "incident", incident, "by", by, "why", why },
               NULL, on_answered, acks);
}

/* False, with the reason, for an entry that did not come whole. */
static bool is_whole(const struct redis_reply *fields, struct fault *why)
{
    if (fields->kind == REDIS_NIL)
        return fault_set(why, "taken away before it was read");
    if (fields->kind != REDIS_LIST || fields->n == 0)
        return fault_set(why, "more than %d fields", ACKS_MEMBERS_MAX / 2);
    for (size_t i = 0; i < fields->n; i++) {
        struct redis_reply text = redis_item(fields, i);

        if (text.kind != REDIS_TEXT)
            return fault_set(why, "longer than %d bytes", ACKS_TEXTS_MAX);
        if (strlen(text.text) != text.n)
            return fault_set(why, "a field holds a zero byte");
    }
    return true;
}

static enum acks_answer answer_of(struct acks *acks, const struct ack *ack,
                                  const struct redis_reply *fields, struct fault *why)
{
    if (is_whole(fields, why))
        return acks->options.on_ack(ack, why, acks->options.arg);
    if (!acks->options.on_skipped(ack->id, why->text, acks->options.arg))
        return ACKS_LATER;
    log_error("redis: %s: %s: no word of the control room: %s", acks->stream, ack->id, why->text);
    return ACKS_REFUSED;
}

bool acks_take(struct acks *acks, const struct redis_reply *entry)
{
    struct redis_reply id = redis_item(entry, 0), fields = redis_item(entry, 1);
    struct ack ack = { .id = id.text,
                       .incident = redis_field_text(&fields, "incident"),
                       .action = redis_field_text(&fields, "action"),
                       .by = redis_field_text(&fields, "by"),
                       .reason = redis_field_text(&fields, "reason"),
                       .note = redis_field_text(&fields, "note"),
                       .to = redis_field_text(&fields, "to"),
                       .until = redis_field_text(&fields, "until") };
    struct entry_id number;
    struct fault why;
    enum acks_answer answer;

    if (id.n >= ENTRY_ID_MAX || !entry_id_read(id.text, &number)) {
        redis_reset(acks->redis, "answers with what are no entries");
        return false;
    }
    answer = answer_of(acks, &ack, &fields, &why);
    if (answer == ACKS_LATER)
        return false;
    if (answer == ACKS_REFUSED)
        answer_refused(acks, &ack, why.text);
    snprintf(acks->after, sizeof acks->after, "%s", ack.id);
    return true;
}
