/* SPDX-License-Identifier: Apache-2.0 */
#include "web/ack_request.h"

#include "adapter/conf/until.h"
#include "adapter/text.h"
#include "core/custody.h"
#include "core/index.h"
#include "web/json_line.h"

#include <string.h>

struct said {
    const char *incident, *reason, *note, *to, *until, *outcome;
};

bool ack_request_incident_valid(const char *incident)
{
    char segment[NAME_MAX_CHARS + 1];

    if (strlen(incident) > ACK_REQUEST_INCIDENT_MAX)
        return false;
    for (;;) {
        size_t n = strcspn(incident, "/");

        if (n > NAME_MAX_CHARS)
            return false;
        memcpy(segment, incident, n);
        segment[n] = '\0';
        if (!name_valid(segment) || strspn(segment, ".") == n) // "..": a path would mean another
            return false;
        if (incident[n] == '\0')
            return true;
        incident += n + 1;
    }
}

static bool read_texts(const json_t *body, struct said *out, struct fault *why)
{
    return json_line_text(body, "incident", ACK_REQUEST_INCIDENT_MAX, &out->incident, why) &&
           json_line_text(body, "reason", CUSTODY_NOTE_MAX, &out->reason, why) &&
           json_line_text(body, "note", TEXT_LONGEST, &out->note, why) &&
           json_line_text(body, "to", CUSTODY_BY_MAX - 1, &out->to, why) &&
           json_line_text(body, "until", ACK_REQUEST_UNTIL_MAX, &out->until, why) &&
           json_line_text(body, "outcome", CUSTODY_NOTE_MAX, &out->outcome, why);
}

/*
 * A duration is no longer than a shelf may be: breachd would shorten one that is a little longer,
 * and who said so would not know. Where an instant lies breachd's clock tells, and it says so.
 */
static bool until_is_one(const char *until, struct fault *why)
{
    struct utc at, instant;

    if (until[0] == '\0')
        return fault_set(why, "until: must be given");
    if (!until_parse(until, (struct utc){ 0 }, &at, why))
        return false;
    return utc_parse(until, &instant) || at.ms <= CUSTODY_SHELF_MS ||
           fault_set(why, "until: \"%.40s\" is more than 8h", until);
}

/* What each action cannot do without. */
static bool check(const char *action, struct said *said, struct fault *why)
{
    bool closes = strcmp(action, "close") == 0;

    if (!ack_request_incident_valid(said->incident))
        return fault_set(why, "incident: is none");
    if (closes && said->outcome[0] != '\0')
        said->reason = said->outcome; // what came of it is the reason that it is closed with
    if ((closes || said->reason[0] != '\0') && !custody_reason_check(said->reason, why) &&
        (closes || strcmp(action, "ack") == 0))
        return false;
    if (strcmp(action, "hand") == 0 && said->to[0] == '\0')
        return fault_set(why, "to: must be given");
    if (strcmp(action, "shelve") == 0 && !until_is_one(said->until, why))
        return false;
    if (strcmp(action, "note") == 0 && said->note[0] == '\0')
        return fault_set(why, "note: must be given");
    return true;
}

static void add(struct ack_request *request, const char *name, const char *value)
{
    if (value[0] == '\0')
        return;
    request->args[request->n++] = name;
    request->args[request->n++] = value;
}

static void write_args(struct ack_request *request, const struct said *said, const char *action,
                       const char *by, const char *key)
{
    request->incident = said->incident;
    request->args[request->n++] = "XADD";
    request->args[request->n++] = key;
    request->args[request->n++] = "*";
    add(request, "incident", said->incident);
    add(request, "action", action);
    add(request, "by", by);
    add(request, "reason", said->reason);
    add(request, "note", said->note);
    add(request, "to", said->to);
    add(request, "until", said->until);
}

bool ack_request_read(const char *body, size_t n, const char *action, const char *by,
                      const char *key, struct ack_request *out, struct fault *why)
{
    struct said said;

    *out = (struct ack_request){ .body = json_loadb(body, n, JSON_REJECT_DUPLICATES, NULL) };
    if (!json_is_object(out->body))
        fault_set(why, "the body is no JSON object");
    else if (read_texts(out->body, &said, why) && check(action, &said, why)) {
        write_args(out, &said, action, by, key);
        return true;
    }
    ack_request_fini(out);
    return false;
}

void ack_request_fini(struct ack_request *request)
{
    json_decref(request->body);
    request->body = NULL;
}
