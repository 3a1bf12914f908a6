/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/what_if.h"

#include "core/agenda.h"
#include "core/rehearsal.h"
#include "core/timeline.h"
#include "core/vicinity.h"
#include "ctl/meter.h"
#include "ctl/respondent_replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One respondent; nobody before the first ping. */
struct slot {
    struct world *world;
    struct respondent_replay *replay;
    const struct respondent *who;
    struct track track;
    struct many *many; // NULL: the replay has room for all zones
};

/* Of who has more zones than one question is about. */
struct many {
    struct surroundings around;
    struct incident *views[RESPONDENT_ZONES_MAX];
    struct incident incidents[]; // as many as there are zones
};

/* What one what-if is judged by: everybody, and when time must be asked about next. */
struct world {
    const struct offline_config *config;
    struct watch watch;
    struct slot *slots; // by respondent
    struct agenda due;
    size_t n;
    struct rehearsal clock; // of pings that do not say when breachd had them
    bool listening;
    struct vicinity view; // the zones of which the newest question is
    struct what_if *out;
    struct outcome room;
};

static void keep(struct what_if *out, const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->n; i++) {
        const struct alert *alert = &outcome->alerts[i];
        struct what_if_alert *kept;

        if (out->n == out->room) {
            kept = reallocarray(out->alerts, 2 * out->room + 64, sizeof *kept);
            out->broken = out->broken || kept == NULL;
            if (kept == NULL)
                return;
            out->alerts = kept;
            out->room = 2 * out->room + 64;
        }
        kept = &out->alerts[out->n++];
        *kept = (struct what_if_alert){ .type = alert->type,
                                        .severity = alert->severity,
                                        .subject = alert->exclusion ? alert->exclusion->subject
                                                   : alert->device  ? alert->device
                                                                    : "",
                                        .incident = alert->incident,
                                        .time = alert->time };
        snprintf(kept->reason, sizeof kept->reason, "%s", alert->reason);
    }
}

static bool ask(const struct question *question, struct outcome *out, void *arg)
{
    struct slot *slot = arg;
    struct world *world = slot->world;
    struct surroundings *around = slot->many != NULL ? &slot->many->around : NULL;

    vicinity_choose(&world->watch, slot->who, &slot->track, question, around, &world->view);
    vicinity_show(&world->watch, slot->who, &slot->track, question, &world->view);
    question_ask(&world->watch, &world->view.who, &world->view.track, question, out);
    vicinity_note(&world->view, question->now, around);
    keep(world->out, out);
    return true;
}

static struct timeline timeline_of(struct slot *slot)
{
    struct world *world = slot->world;

    vicinity_begin(slot->who, &slot->track, &world->view);
    return (struct timeline){ .watch = &world->watch,
                              .who = &world->view.who,
                              .track = &world->view.track,
                              .ask = ask,
                              .room = &world->room,
                              .arg = slot };
}

/* Whoever is due first. */
static void pass_time(struct world *world, struct utc now)
{
    struct utc due;
    size_t nth;

    while (agenda_first(&world->due, &nth, &due) && due.ms <= now.ms) {
        struct timeline timeline = timeline_of(&world->slots[nth]);

        agenda_set(&world->due, nth, timeline_boundary(&timeline, due, now));
    }
}

static bool slot_init(struct slot *slot, const struct respondent *who)
{
    size_t n = who->n_exclusions;

    slot->who = who;
    slot->replay = respondent_replay_create(who->id);
    if (slot->replay == NULL)
        return false;
    slot->track = slot->replay->track;
    if (n <= VICINITY_ALL)
        return true;
    slot->many = calloc(1, sizeof *slot->many + n * sizeof *slot->many->incidents);
    if (slot->many == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        slot->many->views[i] = &slot->many->incidents[i];
    slot->track.incidents = slot->many->views;
    return true;
}

/* From the first ping on everybody is listened for, as from breachd's start. */
static bool listen_for_all(struct world *world, struct utc now)
{
    world->listening = true;
    for (size_t i = 0; i < world->n; i++) {
        struct slot *slot = &world->slots[i];
        struct timeline timeline;

        slot->world = world;
        if (!slot_init(slot, rulebook_respondent(world->config->rules, i)))
            return false;
        timeline = timeline_of(slot);
        agenda_set(&world->due, i, timeline_rules(&timeline, now, now));
    }
    return true;
}

static void judge(struct world *world, const struct recorded *one)
{
    size_t nth, device;
    enum arrival arrived;
    struct timeline timeline;
    struct utc now, due;

    if (!rulebook_find_device(world->config->rules, one->ping.device, &nth, &device)) {
        world->out->unknown++;
        return;
    }
    rehearsal_hear(&world->clock, one->ping.time);
    now = one->now.ms != 0 ? one->now : world->clock.now;
    if (!world->listening && !listen_for_all(world, now)) {
        world->out->broken = true;
        return;
    }
    pass_time(world, now);
    due = agenda_due(&world->due, nth);
    timeline = timeline_of(&world->slots[nth]);
    timeline_ping(&timeline, device, &one->ping, now, &due, &arrived);
    world->out->late += arrived == ARRIVED_LATE && one->now.ms == 0;
    agenda_set(&world->due, nth, due);
}

bool what_if_run(const struct offline_config *config, const struct recording *recording,
                 struct what_if *out, struct fault *why)
{
    struct world world = { .config = config,
                           .watch = { .civil = &config->civil,
                                      .detect = &config->settings.detect,
                                      .kinds = &config->settings.kinds,
                                      .stepped = config->settings.stepped },
                           .n = rulebook_counts(config->rules).respondents,
                           .out = out };
    struct meter meter;

    *out = (struct what_if){ 0 };
    world.slots = calloc(world.n + 1, sizeof *world.slots);
    out->broken = world.slots == NULL || !agenda_reserve(&world.due, world.n);
    meter_begin(&meter, "replay", recording->n);
    for (size_t i = 0; !out->broken && i < recording->n; i++) {
        judge(&world, &recording->pings[i]);
        meter_at(&meter, i);
    }
    meter_end(&meter);
    for (size_t i = 0; world.slots != NULL && i < world.n; i++) {
        if (world.slots[i].replay != NULL)
            respondent_replay_destroy(world.slots[i].replay);
        free(world.slots[i].many);
    }
    free(world.slots);
    agenda_fini(&world.due);
    return !out->broken || fault_set(why, "out of memory");
}

void what_if_fini(struct what_if *what_if)
{
    free(what_if->alerts);
}
