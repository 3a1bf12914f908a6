/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/json/leftover.h"

#include "adapter/text.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Copies what is clean and fits but for the end, which is cut; else "". */
static void copy(const json_t *json, const char *member, char *out, size_t room)
{
    const char *text = json_string_value(json_object_get(json, member));
    struct fault unheard;

    out[0] = '\0';
    if (text != NULL && text_is_clean(text, &unheard))
        text_fit(text, out, room);
}

/* "SUBJECT/NUMBER", each part of the subject a name. */
static bool is_incident(const char *incident)
{
    const char *number = strrchr(incident, '/');
    char part[NAME_MAX_CHARS + 1];
    const char *at = incident;

    if (strlen(incident) >= LEFTOVER_INCIDENT_MAX || number == NULL || number[1] < '1' ||
        number[1] > '9' || strspn(number + 1, "0123456789") != strlen(number + 1) ||
        strlen(number + 1) > 10 || strtoull(number + 1, NULL, 10) > UINT32_MAX)
        return false;
    while (at <= number) { // as many turns as it has slashes
        size_t n = strcspn(at, "/");

        if (n == 0 || n > NAME_MAX_CHARS)
            return false;
        snprintf(part, sizeof part, "%.*s", (int)n, at);
        if (!name_valid(part))
            return false;
        at += n + 1;
    }
    return true;
}

static uint64_t sequence_of(const json_t *alert)
{
    const char *text = json_string_value(json_object_get(alert, "sequence"));

    return text != NULL && strlen(text) <= 15 && strspn(text, "0123456789") == strlen(text)
               ? strtoull(text, NULL, 10)
               : 0;
}

static bool is_anothers(const json_t *alert, const char *site)
{
    static const char head[] = "/breachd/";
    const char *source = json_string_value(json_object_get(alert, "source"));

    return source != NULL && strncmp(source, head, sizeof head - 1) == 0 &&
           strcmp(source + sizeof head - 1, site) != 0;
}

static void read_alert(const json_t *alert, struct leftover *out)
{
    static const char head[] = "breachd.";
    const json_t *data = json_object_get(alert, "data");
    const char *severity = json_string_value(json_object_get(data, "severity"));
    char type[LEFTOVER_WORD_MAX];

    out->sequence = sequence_of(alert);
    // What does not say how grave it is may be the gravest.
    if (severity == NULL || !severity_of(severity, &out->severity))
        out->severity = SEVERITY_CRITICAL;
    copy(alert, "type", type, sizeof type);
    if (strncmp(type, head, sizeof head - 1) == 0)
        snprintf(out->type, sizeof out->type, "%s", type + sizeof head - 1);
    copy(alert, "time", out->time, sizeof out->time);
    copy(data, "area", out->area, sizeof out->area);
    copy(data, "respondent", out->respondent, sizeof out->respondent);
    if (!name_valid(out->respondent))
        out->respondent[0] = '\0';
    copy(data, "reason", out->reason, sizeof out->reason);
}

enum leftover_kind leftover_read(const char *incident, const char *value, const char *site,
                                 struct leftover *out)
{
    enum leftover_kind kind = LEFTOVER_NONE;
    json_t *json;
    const json_t *alert;

    memset(out, 0, sizeof *out);
    if (!is_incident(incident))
        return kind;
    json = json_loads(value, 0, NULL);
    alert = json_object_get(json, "alert");
    alert = alert != NULL ? alert : json;
    kind = is_anothers(alert, site) ? LEFTOVER_ANOTHERS : LEFTOVER_OURS;
    snprintf(out->incident, sizeof out->incident, "%s", incident);
    read_alert(alert, out);
    copy(json, "by", out->by, sizeof out->by);
    copy(json, "note", out->note, sizeof out->note);
    json_decref(json);
    return kind;
}
