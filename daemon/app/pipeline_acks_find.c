/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_acks_find.h"

#include "app/ailments.h"
#include "app/pipeline_parts.h"
#include "app/pipeline_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "device/ID/KIND" into its parts; false for anything else. */
static bool split_device(const char *subject, struct named *out)
{
    static const char head[] = "device/";
    const char *id = subject + sizeof head - 1, *slash;

    if (strncmp(subject, head, sizeof head - 1) != 0 || (slash = strchr(id, '/')) == NULL ||
        (size_t)(slash - id) >= sizeof out->device || !trouble_of_name(slash + 1, &out->trouble))
        return false;
    snprintf(out->device, sizeof out->device, "%.*s", (int)(slash - id), id);
    return true;
}

static bool find_device(struct pipeline *pipeline, unsigned long number, struct named *out)
{
    const struct rulebook *rules = pipeline->config->rules;
    struct utc now = pipeline_now(pipeline);
    const struct trouble_course *course;
    size_t respondent, nth;

    out->known = roster_find_device(pipeline->roster, out->device);
    if (out->known == NULL || number > out->known->troubles[out->trouble].number)
        return false;
    course = &out->known->troubles[out->trouble];
    out->number = (uint32_t)number;
    out->current = out->number == course->number;
    out->open = out->current &&
                trouble_goes_on(course, now, pipeline->config->settings.detect.device_every_ms);
    if (rulebook_find_device(rules, out->device, &respondent, &nth)) {
        out->respondent = rulebook_respondent(rules, respondent)->id;
        out->area = respondent_area(rulebook_respondent(rules, respondent), now);
    }
    return true;
}

/* What the ledger knows by Redis alone goes on until it is closed. */
static bool find_lost(const struct pipeline *pipeline, const char *incident, struct named *out)
{
    const struct rulebook *rules = pipeline->config->rules;
    const struct custody *custody = table_find(&pipeline->acks.custodies, incident);
    size_t nth;

    if (custody == NULL || !custody->lost)
        return false;
    out->lost = true;
    out->open = !custody->closed;
    out->respondent = pipeline_acks_whose(pipeline, incident);
    if (out->respondent != NULL && rulebook_find_respondent(rules, out->respondent, &nth))
        out->area = respondent_area(rulebook_respondent(rules, nth), pipeline_now(pipeline));
    return true;
}

/*
 * Whether that number was given, as far as anybody knows. Below where a new ledger, or an older
 * copy, began to count anew it may never have been: then it is one that goes on or was the last, or
 * of which the ledger kept who has it, be it from what Redis showed.
 */
static bool was_given(const struct pipeline *pipeline, const char *incident,
                      const struct named *named)
{
    uint32_t numbered_after = roster_numbered_after(pipeline->roster),
             epoch = roster_epoch(pipeline->roster);
    uint32_t least = epoch > numbered_after ? epoch : numbered_after;

    return named->number > least || (named->current && named->number != least) ||
           table_find(&pipeline->acks.custodies, incident) != NULL;
}

static bool is_forgotten(const struct pipeline *pipeline, const char *incident)
{
    const struct custody *custody = table_find(&pipeline->acks.custodies, incident);

    return custody != NULL && custody->forgotten;
}

/* "SUBJECT/NUMBER"; false when there never was such an incident. */
bool pipeline_acks_find(struct pipeline *pipeline, const char *incident, struct named *out)
{
    const char *slash = strrchr(incident, '/');
    char *end = NULL;
    unsigned long number =
        slash != NULL && slash[1] > '0' && slash[1] <= '9' ? strtoul(slash + 1, &end, 10) : 0;

    if (number == 0 || *end != '\0' || (size_t)(slash - incident) >= sizeof out->subject ||
        is_forgotten(pipeline, incident))
        return false;
    snprintf(out->subject, sizeof out->subject, "%.*s", (int)(slash - incident), incident);
    out->number = (uint32_t)number;
    if (find_lost(pipeline, incident, out))
        return true;
    if (split_device(out->subject, out))
        return find_device(pipeline, number, out) && was_given(pipeline, incident, out);
    out->newest = roster_find_incident(pipeline->roster, out->subject);
    if (out->newest == NULL || number > out->newest->numbers)
        return false;
    out->current = out->number == out->newest->number;
    if (!was_given(pipeline, incident, out))
        return false;
    out->of_senders = strcmp(out->subject, STRANGERS_SUBJECT) == 0;
    if (ailment_stays(out->subject)) { // until it is closed, as what Redis alone knows by it
        const struct custody *custody = table_find(&pipeline->acks.custodies, incident);

        out->open = custody == NULL || !custody->closed;
        return true;
    }
    out->open = out->current &&
                (out->of_senders ? strangers_go_on(out->newest) : out->newest->phase != PHASE_NONE);
    out->exclusion = strchr(out->subject, '/') != NULL
                         ? pipeline_exclusion(pipeline->config->rules, out->subject, &out->stub)
                         : NULL;
    out->respondent = out->exclusion ? out->exclusion->order->respondent : NULL;
    return true;
}

const char *pipeline_acks_whose(const struct pipeline *pipeline, const char *incident)
{
    static const char device[] = "device/";
    const struct rulebook *rules = pipeline->config->rules;
    bool of_device = strncmp(incident, device, sizeof device - 1) == 0;
    const char *name = of_device ? incident + sizeof device - 1 : incident;
    size_t n = strcspn(name, "/"), nth, respondent;
    char id[NAME_MAX_CHARS + 1];

    if (n > NAME_MAX_CHARS || name[n] == '\0')
        return NULL;
    snprintf(id, sizeof id, "%.*s", (int)n, name);
    if (of_device && rulebook_find_device(rules, id, &respondent, &nth))
        return rulebook_respondent(rules, respondent)->id;
    if (!of_device && rulebook_find_order(rules, id, &nth))
        return rulebook_order(rules, nth)->respondent;
    return NULL;
}

/* What is told of an incident from before an older copy was put back is counted from there too. */
void pipeline_acks_number(const struct pipeline *pipeline, const struct named *named,
                          struct custody *custody)
{
    uint32_t epoch = roster_epoch(pipeline->roster);

    if (named->number <= epoch && custody->alerts < epoch)
        custody->alerts = epoch;
}

struct alert pipeline_acks_make_alert(enum alert_type type, const struct named *named,
                                      const struct custody *custody, struct utc now)
{
    struct alert alert = alert_make(type, now, now);

    alert.exclusion = named->exclusion;
    alert.respondent = named->respondent;
    alert.device = named->device[0] != '\0' ? named->device : NULL;
    alert.own = named->lost         ? named->subject
                : named->of_senders ? STRANGERS_SUBJECT
                                    : ailment_named(named->subject);
    alert.area = named->area;
    alert.trouble = named->trouble;
    alert.incident = named->number;
    alert.nth = custody->alerts;
    alert.over = !named->open;
    return alert;
}
