/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/respondent_replay.h"

#include "adapter/conf/orderfile.h"
#include "adapter/json/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A value has no pointers: the track's devices show what stands beside them. */
static void show_estimates(struct respondent_replay *replay)
{
    for (size_t i = 0; i < RESPONDENT_DEVICES_MAX; i++)
        replay->memory.devices[i].estimate = &replay->memory.estimates[i];
}

struct respondent_replay *respondent_replay_create(const char *id)
{
    struct respondent_replay *replay = calloc(1, sizeof *replay);

    if (replay == NULL)
        return NULL;
    snprintf(replay->id, sizeof replay->id, "%s", id);
    for (size_t i = 0; i < RESPONDENT_DEVICES_MAX; i++)
        replay->device_views[i] = &replay->memory.devices[i];
    for (size_t i = 0; i < QUESTION_ZONES_MAX; i++)
        replay->incident_views[i] = &replay->memory.incidents[i];
    show_estimates(replay);
    replay->track =
        (struct track){ .devices = replay->device_views, .incidents = replay->incident_views };
    return replay;
}

void respondent_replay_forget_expected(struct respondent_replay *replay)
{
    for (size_t i = 0; i < replay->n_expected; i++)
        free(replay->expected[i]);
    replay->n_expected = replay->n_matched = 0;
}

void respondent_replay_destroy(void *arg)
{
    struct respondent_replay *replay = arg;

    respondent_replay_forget_expected(replay);
    rulebook_destroy(replay->rules);
    free(replay);
}

static struct rulebook *read_rules(const char *const *texts, size_t n, const struct civil *civil)
{
    return orderfile_accepted(
        (struct orderfile_options){ .texts = texts, .n_texts = n, .civil = civil });
}

static bool same_orders(const struct respondent_replay *replay, const struct kept_question *kept)
{
    return replay->rules != NULL && replay->n_orders == kept->n_orders &&
           memcmp(replay->orders, kept->orders, kept->n_orders * sizeof kept->orders[0]) == 0;
}

/* Devices and zones in the order in which what was known numbers them. */
static bool number(struct respondent_replay *replay, const struct kept_question *kept,
                   struct fault *why)
{
    size_t nth, device;

    for (size_t i = 0; i < kept->n_devices; i++) {
        if (!rulebook_find_device(replay->rules, kept->devices[i], &nth, &device))
            return fault_set(why, "no order text names the device %s", kept->devices[i]);
        replay->devices[i] = rulebook_respondent(replay->rules, nth)->devices[device];
    }
    for (size_t i = 0; i < kept->n_zones; i++) {
        if (!rulebook_find_exclusion(replay->rules, kept->zones[i], &nth))
            return fault_set(why, "no order text has the zone %s", kept->zones[i]);
        replay->exclusions[i] = rulebook_exclusion(replay->rules, nth);
    }
    replay->who = (struct respondent){ .id = replay->id,
                                       .devices = replay->devices,
                                       .n_devices = kept->n_devices,
                                       .exclusions = replay->exclusions,
                                       .n_exclusions = kept->n_zones };
    return true;
}

/* What was known of those devices and zones, of which most have few. */
static void take_memory(struct respondent_replay *replay, const struct kept_question *kept)
{
    memcpy(replay->memory.devices, kept->memory.devices,
           kept->n_devices * sizeof kept->memory.devices[0]);
    memcpy(replay->memory.estimates, kept->memory.estimates,
           kept->n_devices * sizeof kept->memory.estimates[0]);
    memcpy(replay->memory.incidents, kept->memory.incidents,
           kept->n_zones * sizeof kept->memory.incidents[0]);
    show_estimates(replay);
}

bool respondent_replay_begin(struct respondent_replay *replay, const struct kept_question *kept,
                             const struct past_settings *settings, const char *const *texts,
                             struct fault *why)
{
    replay->known = false;
    if (!same_orders(replay, kept) || replay->settings != settings) {
        rulebook_destroy(replay->rules);
        replay->rules = read_rules(texts, kept->n_orders, &settings->civil);
    }
    if (replay->rules == NULL)
        return fault_set(why, "the order texts cannot be read");
    memcpy(replay->orders, kept->orders, sizeof replay->orders);
    replay->n_orders = kept->n_orders;
    replay->settings = settings;
    replay->exercise = kept->exercise;
    take_memory(replay, kept);
    replay->known = number(replay, kept, why);
    return replay->known;
}

static void expect(struct respondent_replay *replay, const struct outcome *outcome,
                   const struct event_source *source, uint64_t entry)
{
    replay->asked = entry;
    for (size_t i = 0; i < outcome->n; i++) {
        char *event = event_print(&outcome->alerts[i], source);

        if (event != NULL)
            replay->expected[replay->n_expected++] = event;
    }
}

bool respondent_replay_withdraw(struct respondent_replay *replay,
                                const struct kept_withdrawal *gone,
                                const struct past_settings *settings, const char *text,
                                uint64_t entry, struct fault *why)
{
    struct event_source source = { settings->settings.site, gone->exercise,
                                   settings->settings.no_position };
    struct rulebook *rules = read_rules(&text, 1, &settings->civil);
    struct incident incident = gone->incident;
    struct outcome outcome;
    size_t nth;
    bool ok = rules != NULL && rulebook_find_exclusion(rules, gone->subject, &nth);

    if (ok) {
        outcome.n = 0;
        outcome.incidents_changed = (struct zone_set){ { 0 } };
        watch_withdraw(rulebook_exclusion(rules, nth), &incident, gone->now, &outcome);
        expect(replay, &outcome, &source, entry);
    }
    rulebook_destroy(rules);
    return ok || fault_set(why, "the order's text does not have the zone %s", gone->subject);
}

/* Which of the respondent's devices it is; as many as there are for none. */
static size_t find_device(const struct respondent_replay *replay, const char *device)
{
    size_t nth = 0;

    while (nth < replay->who.n_devices && strcmp(replay->devices[nth], device) != 0)
        nth++;
    return nth;
}

bool respondent_replay_ask(struct respondent_replay *replay, const struct question *question,
                           uint64_t entry)
{
    struct watch watch = { .civil = &replay->settings->civil,
                           .detect = &replay->settings->settings.detect,
                           .kinds = &replay->settings->settings.kinds,
                           .stepped = replay->settings->settings.stepped };
    struct event_source source = { replay->settings->settings.site, replay->exercise,
                                   replay->settings->settings.no_position };
    struct question asked = *question;
    struct outcome outcome;

    if (asked.cause == CAUSE_PING)
        asked.device = find_device(replay, asked.ping.device);
    if (asked.cause == CAUSE_PING && asked.device == replay->who.n_devices)
        return false;
    question_ask(&watch, &replay->who, &replay->track, &asked, &outcome);
    if (asked.cause == CAUSE_PING) {
        replay->arrival = outcome.arrival;
        replay->when = outcome.when;
    }
    expect(replay, &outcome, &source, entry);
    return true;
}
