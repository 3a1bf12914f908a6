/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/trial.h"

#include "core/question.h"
#include "core/rehearsal.h"
#include "ctl/person.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The world of one trial: everybody, and when time must be asked about next. */
struct world {
    const struct lawbook *book;
    struct watch watch;
    struct person **persons; // by respondent
    struct utc *due;
    size_t n;
    struct utc first_due;
    struct rehearsal clock; // of pings that do not say when breachd had them
    bool listening;
    struct trial *out;
};

static void keep(struct trial *out, const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->n; i++) {
        const struct alert *alert = &outcome->alerts[i];
        struct verdict_told *told;

        if (out->n == out->room) {
            told = reallocarray(out->told, 2 * out->room + 64, sizeof *told);
            out->broken = out->broken || told == NULL;
            if (told == NULL)
                return;
            out->told = told;
            out->room = 2 * out->room + 64;
        }
        told = &out->told[out->n++];
        *told = (struct verdict_told){ .type = alert->type,
                                       .severity = alert->severity,
                                       .subject = alert->exclusion ? alert->exclusion->subject
                                                  : alert->device  ? alert->device
                                                                   : "",
                                       .incident = alert->incident,
                                       .time = alert->time };
        snprintf(told->reason, sizeof told->reason, "%s", alert->reason);
    }
}

static void ask(struct world *world, size_t nth, const struct question *question,
                struct outcome *outcome)
{
    const struct respondent *who = rulebook_respondent(world->book->rules, nth);

    question_ask(&world->watch, who, &world->persons[nth]->track, question, outcome);
    keep(world->out, outcome);
}

static void set_due(struct world *world, size_t nth, struct utc due)
{
    world->due[nth] = due;
    world->first_due = utc_earlier(world->first_due, due);
}

/* Each boundary up to `until`, in order. */
static void catch_up(struct world *world, size_t nth, struct utc until, struct utc now)
{
    const struct respondent *who = rulebook_respondent(world->book->rules, nth);
    struct outcome outcome;
    struct utc due;

    while ((due = world->due[nth]).ms <= until.ms) {
        ask(world, nth, &(struct question){ .cause = CAUSE_TIME, .at = due, .now = now }, &outcome);
        set_due(world, nth, watch_due_after(&world->watch, who, &world->persons[nth]->track, due));
    }
}

static void pass_time(struct world *world, struct utc now)
{
    if (world->first_due.ms > now.ms)
        return;
    world->first_due = UTC_NEVER;
    for (size_t i = 0; i < world->n; i++) {
        catch_up(world, i, now, now);
        world->first_due = utc_earlier(world->first_due, world->due[i]);
    }
}

/* From the first ping on everybody is listened for, as from breachd's start. */
static bool listen_for_all(struct world *world, struct utc now)
{
    world->listening = true;
    for (size_t i = 0; i < world->n; i++) {
        const struct respondent *who = rulebook_respondent(world->book->rules, i);

        world->persons[i] = person_create(who->id);
        if (world->persons[i] == NULL)
            return false;
        for (size_t k = 0; k < who->n_devices; k++)
            world->persons[i]->track.devices[k]->listened = now;
        set_due(world, i, watch_due(&world->watch, who, &world->persons[i]->track, now));
    }
    return true;
}

static void judge(struct world *world, const struct recorded *one)
{
    struct question question = { .cause = CAUSE_PING, .ping = one->ping, .now = one->now };
    struct outcome outcome;
    size_t nth;

    if (!rulebook_find_device(world->book->rules, one->ping.device, &nth, &question.device)) {
        world->out->unknown++;
        return;
    }
    rehearsal_hear(&world->clock, one->ping.time);
    if (one->now.ms == 0)
        question.now = world->clock.now;
    if (!world->listening && !listen_for_all(world, question.now)) {
        world->out->broken = true;
        return;
    }
    pass_time(world, question.now);
    // A boundary before this ping's own time comes first, as it did in the world.
    catch_up(world, nth, watch_due_before(&world->watch, &one->ping, question.now), question.now);
    ask(world, nth, &question, &outcome);
    set_due(world, nth,
            watch_due_heard(&world->watch, rulebook_respondent(world->book->rules, nth),
                            &world->persons[nth]->track, outcome.arrival, outcome.when,
                            world->due[nth], question.now));
    catch_up(world, nth, question.now, question.now);
}

bool trial_run(const struct lawbook *book, const struct recording *recording, struct trial *out,
               struct fault *why)
{
    struct world world = { .book = book,
                           .watch = { &book->civil, &book->settings.detect,
                                      book->settings.stepped },
                           .n = rulebook_counts(book->rules).respondents,
                           .first_due = UTC_NEVER,
                           .out = out };

    *out = (struct trial){ 0 };
    world.persons = calloc(world.n + 1, sizeof *world.persons);
    world.due = calloc(world.n + 1, sizeof *world.due);
    out->broken = world.persons == NULL || world.due == NULL;
    for (size_t i = 0; !out->broken && i < world.n; i++)
        world.due[i] = UTC_NEVER;
    for (size_t i = 0; !out->broken && i < recording->n; i++)
        judge(&world, &recording->pings[i]);
    for (size_t i = 0; world.persons != NULL && i < world.n; i++) {
        if (world.persons[i] != NULL)
            person_destroy(world.persons[i]);
    }
    free(world.persons);
    free(world.due);
    return !out->broken || fault_set(why, "out of memory");
}

void trial_fini(struct trial *trial)
{
    free(trial->told);
}
