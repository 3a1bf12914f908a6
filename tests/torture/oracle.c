/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle.h"

#include "core/timeline.h"

#include <stdio.h>
#include <stdlib.h>

/* What core knows of one respondent while it judges. */
struct mind {
    struct watch watch;
    const struct respondent *who;
    struct known_device devices[RESPONDENT_DEVICES_MAX];
    struct estimate estimates[RESPONDENT_DEVICES_MAX];
    struct incident incidents[QUESTION_ZONES_MAX];
    struct known_device *device_views[RESPONDENT_DEVICES_MAX];
    struct incident *incident_views[QUESTION_ZONES_MAX];
    struct track track;
    struct outcome room;
};

static void number_after(struct mind *mind, uint32_t after)
{
    for (size_t i = 0; i < RESPONDENT_DEVICES_MAX; i++) {
        mind->devices[i].alerts = after;
        for (size_t t = 0; t < TROUBLES; t++)
            trouble_number_after(&mind->devices[i].troubles[t], after);
    }
    for (size_t i = 0; i < QUESTION_ZONES_MAX; i++)
        mind->incidents[i].numbers = after;
}

static void mind_init(struct mind *mind, const struct config *config, const struct resident *one)
{
    size_t nth, device;

    *mind = (struct mind){ .watch = { .civil = rulebook_civil(config->rules),
                                      .detect = &config->settings.detect,
                                      .kinds = &config->settings.kinds,
                                      .stepped = config->settings.stepped } };
    if (rulebook_find_device(config->rules, one->devices[0].id, &nth, &device))
        mind->who = rulebook_respondent(config->rules, nth);
    for (size_t i = 0; i < RESPONDENT_DEVICES_MAX; i++) {
        mind->devices[i].estimate = &mind->estimates[i];
        mind->device_views[i] = &mind->devices[i];
    }
    for (size_t i = 0; i < QUESTION_ZONES_MAX; i++)
        mind->incident_views[i] = &mind->incidents[i];
    mind->track =
        (struct track){ .devices = mind->device_views, .incidents = mind->incident_views };
}

static struct wanted *next_wanted(struct foretold *of)
{
    if (of->n == of->room) {
        size_t room = 2 * of->room + 16;
        struct wanted *larger = reallocarray(of->alerts, room, sizeof *larger);

        if (larger == NULL)
            return NULL;
        of->alerts = larger;
        of->room = room;
    }
    return &of->alerts[of->n++];
}

/* As CONTRACT.md names them, put together anew. */
static void name(struct wanted *wanted, const struct alert *alert, const char *site)
{
    if (alert->exclusion == NULL) {
        snprintf(wanted->incident, sizeof wanted->incident, "device/%s/%s/%u", alert->device,
                 trouble_name(alert->trouble), alert->incident);
        snprintf(wanted->id, sizeof wanted->id, "%s/device/%s/%u", site, alert->device, alert->nth);
        return;
    }
    snprintf(wanted->incident, sizeof wanted->incident, "%s/%s/%u", alert->exclusion->order->id,
             alert->exclusion->name, alert->incident);
    snprintf(wanted->id, sizeof wanted->id, "%s/%s/%s/%u/%u", site, alert->exclusion->order->id,
             alert->exclusion->name, alert->incident, alert->nth);
}

/* Whose report is being judged, and where what comes of it goes. */
struct judging {
    struct mind *mind;
    const struct report *report;
    size_t nth;
    const char *site;
    struct foretold *out;
    bool whole; // memory was there for all of it
};

/* What a question says, of a report or of a boundary that it meets on its way. */
static bool ask(const struct question *question, struct outcome *out, void *arg)
{
    struct judging *judging = arg;

    question_ask(&judging->mind->watch, judging->mind->who, &judging->mind->track, question, out);
    for (size_t i = 0; i < out->n; i++) {
        const struct alert *alert = &out->alerts[i];
        struct wanted *wanted = next_wanted(judging->out);

        if (wanted == NULL) {
            judging->whole = false;
            break;
        }
        *wanted = (struct wanted){ .type = alert->type,
                                   .severity = severity_name(alert->severity),
                                   .device = judging->report->ping.device,
                                   .time = alert->time,
                                   .depth = alert->depth,
                                   .probability = alert->probability,
                                   .rule = alert->rule,
                                   .at = alert->ping.at,
                                   .report = judging->nth };
        name(wanted, alert, judging->site);
        snprintf(wanted->reason, sizeof wanted->reason, "%s", alert->reason);
    }
    return true;
}

static bool judge(struct mind *mind, const struct resident *one, size_t nth, const char *site,
                  struct utc *due, struct foretold *out)
{
    struct judging judging = { mind, &one->journal[nth], nth, site, out, true };
    struct timeline timeline = { .watch = &mind->watch,
                                 .who = mind->who,
                                 .track = &mind->track,
                                 .ask = ask,
                                 .room = &mind->room,
                                 .arg = &judging };
    enum arrival arrived;
    size_t device = 0;

    while (device < mind->who->n_devices &&
           strcmp(mind->who->devices[device], judging.report->ping.device) != 0)
        device++;
    timeline_ping(&timeline, device, &judging.report->ping, judging.report->made, due, &arrived);
    return judging.whole;
}

static bool foretell(const struct resident *one, const struct config *config, uint32_t after,
                     struct foretold *out)
{
    struct utc due = UTC_NEVER;
    struct mind mind;

    mind_init(&mind, config, one);
    number_after(&mind, after);
    if (mind.who == NULL)
        return false;
    for (size_t i = 0; i < one->n; i++) {
        if (!judge(&mind, one, i, config->settings.site, &due, out))
            return false;
    }
    return true;
}

struct oracle *oracle_ask(const struct population *population, const struct config *config,
                          uint32_t numbered_after)
{
    struct oracle *oracle = calloc(1, sizeof *oracle);

    if (oracle == NULL)
        return NULL;
    oracle->n = population->n;
    oracle->of = calloc(population->n, sizeof *oracle->of);
    for (size_t i = 0; oracle->of != NULL && i < population->n; i++) {
        if (!foretell(&population->residents[i], config, numbered_after, &oracle->of[i])) {
            oracle_destroy(oracle);
            return NULL;
        }
    }
    if (oracle->of == NULL) {
        oracle_destroy(oracle);
        return NULL;
    }
    return oracle;
}

void oracle_destroy(struct oracle *oracle)
{
    if (oracle == NULL)
        return;
    for (size_t i = 0; oracle->of != NULL && i < oracle->n; i++)
        free(oracle->of[i].alerts);
    free(oracle->of);
    free(oracle);
}
