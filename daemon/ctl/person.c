/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/person.h"

#include "adapter/conf/orderfile.h"
#include "adapter/json/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct person *person_create(const char *id)
{
    struct person *person = calloc(1, sizeof *person);

    if (person == NULL)
        return NULL;
    snprintf(person->id, sizeof person->id, "%s", id);
    for (size_t i = 0; i < RESPONDENT_DEVICES_MAX; i++)
        person->device_views[i] = &person->memory.devices[i];
    for (size_t i = 0; i < RESPONDENT_ZONES_MAX; i++)
        person->incident_views[i] = &person->memory.incidents[i];
    person->track = (struct track){ person->device_views, person->incident_views };
    return person;
}

void person_forget_expected(struct person *person)
{
    for (size_t i = 0; i < person->n_expected; i++)
        free(person->expected[i]);
    person->n_expected = person->n_told = 0;
}

void person_destroy(void *arg)
{
    struct person *person = arg;

    person_forget_expected(person);
    rulebook_destroy(person->rules);
    free(person);
}

/* A rulebook of these texts; the whole world is the region, as they were accepted once. */
static struct rulebook *read_rules(const char *const *texts, size_t n, const struct civil *civil)
{
    struct orderfile_wish wish = { .texts = texts,
                                   .n_texts = n,
                                   .region = { { -180, -90 }, { 180, 90 } },
                                   .civil = civil,
                                   .ping_interval_ms = 1 };
    struct complaints complaints = { 0 };
    struct rulebook *rules = orderfile_load(&wish, &complaints);

    complaints_fini(&complaints);
    return rules;
}

static bool same_orders(const struct person *person, const struct kept_question *kept)
{
    return person->rules != NULL && person->n_orders == kept->n_orders &&
           memcmp(person->orders, kept->orders, kept->n_orders * sizeof kept->orders[0]) == 0;
}

/* Devices and zones in the order in which what was known numbers them. */
static bool number(struct person *person, const struct kept_question *kept, struct fault *why)
{
    size_t nth, device;

    for (size_t i = 0; i < kept->n_devices; i++) {
        if (!rulebook_find_device(person->rules, kept->devices[i], &nth, &device))
            return fault_set(why, "no order text names the device %s", kept->devices[i]);
        person->devices[i] = rulebook_respondent(person->rules, nth)->devices[device];
    }
    for (size_t i = 0; i < kept->n_zones; i++) {
        if (!rulebook_find_exclusion(person->rules, kept->zones[i], &nth))
            return fault_set(why, "no order text has the zone %s", kept->zones[i]);
        person->exclusions[i] = rulebook_exclusion(person->rules, nth);
    }
    person->who = (struct respondent){ .id = person->id,
                                       .devices = person->devices,
                                       .n_devices = kept->n_devices,
                                       .exclusions = person->exclusions,
                                       .n_exclusions = kept->n_zones };
    return true;
}

bool person_begin(struct person *person, const struct kept_question *kept,
                  const struct past_settings *settings, const char *const *texts, struct fault *why)
{
    person->known = false;
    if (!same_orders(person, kept) || person->settings != settings) {
        rulebook_destroy(person->rules);
        person->rules = read_rules(texts, kept->n_orders, &settings->civil);
    }
    if (person->rules == NULL)
        return fault_set(why, "the order texts cannot be read");
    memcpy(person->orders, kept->orders, sizeof person->orders);
    person->n_orders = kept->n_orders;
    person->settings = settings;
    person->exercise = kept->exercise;
    person->memory = kept->memory;
    person->known = number(person, kept, why);
    return person->known;
}

static void expect(struct person *person, const struct outcome *outcome,
                   const struct event_source *source, uint64_t entry)
{
    person->asked = entry;
    for (size_t i = 0; i < outcome->n; i++) {
        char *event = event_print(&outcome->alerts[i], source);

        if (event != NULL)
            person->expected[person->n_expected++] = event;
    }
}

bool person_withdraw(struct person *person, const struct kept_withdrawal *gone,
                     const struct past_settings *settings, const char *text, uint64_t entry,
                     struct fault *why)
{
    struct event_source source = { settings->settings.site, gone->exercise,
                                   settings->settings.no_position };
    struct rulebook *rules = read_rules(&text, 1, &settings->civil);
    struct incident incident = gone->incident;
    struct outcome outcome = { 0 };
    size_t nth;
    bool ok = rules != NULL && rulebook_find_exclusion(rules, gone->subject, &nth);

    if (ok) {
        watch_withdraw(rulebook_exclusion(rules, nth), &incident, gone->now, &outcome);
        expect(person, &outcome, &source, entry);
    }
    rulebook_destroy(rules);
    return ok || fault_set(why, "the order's text does not have the zone %s", gone->subject);
}

/* Which of the respondent's devices it is; as many as there are for none. */
static size_t find_device(const struct person *person, const char *device)
{
    size_t nth = 0;

    while (nth < person->who.n_devices && strcmp(person->devices[nth], device) != 0)
        nth++;
    return nth;
}

bool person_ask(struct person *person, const struct question *question, uint64_t entry)
{
    struct watch watch = { .civil = &person->settings->civil,
                           .detect = &person->settings->settings.detect,
                           .stepped = person->settings->settings.stepped };
    struct event_source source = { person->settings->settings.site, person->exercise,
                                   person->settings->settings.no_position };
    struct question asked = *question;
    struct outcome outcome;

    if (asked.cause == CAUSE_PING)
        asked.device = find_device(person, asked.ping.device);
    if (asked.cause == CAUSE_PING && asked.device == person->who.n_devices)
        return false;
    question_ask(&watch, &person->who, &person->track, &asked, &outcome);
    if (asked.cause == CAUSE_PING) {
        person->arrival = outcome.arrival;
        person->when = outcome.when;
    }
    expect(person, &outcome, &source, entry);
    return true;
}
