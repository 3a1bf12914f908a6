/* SPDX-License-Identifier: Apache-2.0 */
#include "support/scene.h"

#include "core/plane.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/london.h"
#include "support/spec.h"

static const struct lonlat middle = { 0.45782, 51.56844 };

struct lonlat scene_place(double east, double north)
{
    struct plane plane = plane_at(middle);

    return (struct lonlat){ middle.lon + east / plane.east, middle.lat + north / plane.north };
}

struct scene *scene_create(void)
{
    struct scene *scene = calloc(1, sizeof *scene);

    if (scene == NULL)
        fail_msg("out of memory");
    scene->draft.from = scene->draft.served = utc_of("2020-01-01T00:00:00Z");
    scene->draft.until = UTC_NEVER;
    scene->draft.second_from = scene->draft.second_served = scene->draft.from;
    scene->draft.second_until = UTC_NEVER;
    scene->detect = (struct detect){ .update_ms = 60000,
                                     .last_known_ms = 3600000,
                                     .unknown_accuracy = 30,
                                     .closing_speed = 0.5,
                                     .possible = 0.25,
                                     .cleared = 0.05,
                                     .way = 0.35,
                                     .way_before = 0.2,
                                     .breach = 0.7,
                                     .breach_outside = 0.94,
                                     .coarse = 200,
                                     .path_ms = 300000,
                                     .late_ms = 600000,
                                     .lag_most_ms = 7 * 86400000LL,
                                     .approach_ms = 300000,
                                     .device_every_ms = 300000,
                                     .device_day = 500,
                                     .silent_least_ms = SCENE_SILENT_MS,
                                     .silent_ms = SCENE_SILENT_MS,
                                     .mast = 2000,
                                     .reach_speed = 13.4,
                                     .rest_reach = 1000 };
    scene->clock = UTC_ALWAYS;
    snprintf(scene->day, sizeof scene->day, "2020-06-23");
    snprintf(scene->draft.respondent, SCENE_NAME_MAX, "R-1");
    scene_carry(scene, "tag phone");
    scene->track =
        (struct track){ .devices = scene->device_views, .incidents = scene->incident_views };
    scene->safety = calloc(1, safety_size(SCENE_DEVICES_MAX));
    assert_non_null(scene->safety);
    for (size_t i = 0; i < SCENE_DEVICES_MAX; i++)
        scene->devices[i].estimate = &scene->estimates[i];
    return scene;
}

void scene_destroy(struct scene *scene)
{
    rulebook_destroy(scene->rules);
    free(scene->safety);
    free(scene);
}

struct known_device *scene_device(struct scene *scene, const char *name)
{
    size_t nth = 0;

    while (nth < scene->n_known && strcmp(scene->device_names[nth], name) != 0)
        nth++;
    if (nth == SCENE_DEVICES_MAX)
        fail_msg("more than %d devices in one scene", SCENE_DEVICES_MAX);
    scene->n_known += nth == scene->n_known;
    snprintf(scene->device_names[nth], SCENE_NAME_MAX, "%s", name);
    return &scene->devices[nth];
}

void scene_carry(struct scene *scene, const char *devices)
{
    struct scene_draft *draft = &scene->draft;

    draft->n_devices = 0;
    for (const char *at = devices; *(at += strspn(at, " ")) != '\0'; at += strcspn(at, " ")) {
        if (draft->n_devices == SCENE_DEVICES_MAX)
            fail_msg("more than %d devices", SCENE_DEVICES_MAX);
        snprintf(draft->devices[draft->n_devices], SCENE_NAME_MAX, "%.*s", (int)strcspn(at, " "),
                 at);
        scene_device(scene, draft->devices[draft->n_devices++]);
    }
}

struct scene_zone *scene_zone(struct scene *scene, const char *name, double east, double north,
                              double radius, double warn)
{
    struct scene_draft *draft = &scene->draft;
    size_t nth = 0;

    while (nth < draft->n_zones && strcmp(draft->zones[nth].name, name) != 0)
        nth++;
    if (nth == SCENE_ZONES_MAX)
        fail_msg("more than %d zones", SCENE_ZONES_MAX);
    draft->n_zones += nth == draft->n_zones;
    draft->zones[nth] =
        (struct scene_zone){ .east = east, .north = north, .radius = radius, .warn = warn };
    snprintf(draft->zones[nth].name, SCENE_NAME_MAX, "%s", name);
    return &draft->zones[nth];
}

void scene_remove(struct scene *scene, const char *name)
{
    struct scene_draft *draft = &scene->draft;
    size_t kept = 0;

    for (size_t i = 0; i < draft->n_zones; i++) {
        if (strcmp(draft->zones[i].name, name) != 0)
            draft->zones[kept++] = draft->zones[i];
    }
    draft->n_zones = kept;
}

static void add_parts(struct rulebook *rules, const struct scene_draft *draft)
{
    struct fault why;

    for (size_t i = 0; i < draft->n_zones; i++) {
        const struct scene_zone *zone = &draft->zones[i];
        struct zone_draft wanted = { .order = zone->second ? "DVPO-2" : "DVPO-1",
                                     .name = zone->name,
                                     .centre = scene_place(zone->east, zone->north),
                                     .radius = zone->radius,
                                     .warn = zone->warn,
                                     .schedule = zone->scheduled ? &zone->schedule : NULL };

        if (!rulebook_add_zone(rules, &wanted, &why))
            fail_msg("%s", why.text);
    }
    for (size_t i = 0; i < draft->n_permits; i++) {
        const struct scene_permit *one = &draft->permits[i];
        struct permit permit = { .id = one->id,
                                 .from = one->from,
                                 .until = one->until,
                                 .every = one->weekly ? &one->every : NULL,
                                 .zones = one->zones[0] ? one->zones : NULL };

        if (!rulebook_add_permit(rules, "DVPO-1", &permit, &why))
            fail_msg("%s", why.text);
    }
}

static bool has_second(const struct scene_draft *draft)
{
    bool has = false;

    for (size_t i = 0; i < draft->n_zones; i++)
        has |= draft->zones[i].second;
    return has;
}

static void add_order(struct rulebook *rules, const struct scene_draft *draft, const char *id,
                      struct utc from, struct utc served, struct utc until)
{
    const char *devices[SCENE_DEVICES_MAX];
    struct order order = { .id = id,
                           .kind = "DVPO",
                           .clause = "3",
                           .respondent = draft->respondent,
                           .area = "Basildon",
                           .age = 27,
                           .from = from,
                           .served = served,
                           .until = until };
    struct fault why;

    for (size_t i = 0; i < draft->n_devices; i++)
        devices[i] = draft->devices[i];
    if (!rulebook_add_order(rules, &order, devices, draft->n_devices, &why))
        fail_msg("%s", why.text);
}

static struct rulebook *seal(const struct scene_draft *draft)
{
    struct lonlat_box region = { { 0, 51 }, { 1, 52 } };
    struct rulebook_room room = { 2, 2 * SCENE_DEVICES_MAX, SCENE_ZONES_MAX, SCENE_PERMITS_MAX };
    struct rulebook *rules = rulebook_create(&region, &london_2020, room);
    struct fault why;

    assert_non_null(rules);
    add_order(rules, draft, "DVPO-1", draft->from, draft->served, draft->until);
    if (has_second(draft))
        add_order(rules, draft, "DVPO-2", draft->second_from, draft->second_served,
                  draft->second_until);
    add_parts(rules, draft);
    if (!rulebook_seal(rules, &why))
        fail_msg("%s", why.text);
    return rules;
}

static struct incident *memory_of(struct scene *scene, const char *name)
{
    size_t nth = 0;

    while (nth < scene->n_memory && strcmp(scene->memory[nth].name, name) != 0)
        nth++;
    if (nth == SCENE_ZONES_MAX)
        fail_msg("more than %d zones in one scene", SCENE_ZONES_MAX);
    scene->n_memory += nth == scene->n_memory;
    snprintf(scene->memory[nth].name, SCENE_NAME_MAX, "%s", name);
    return &scene->memory[nth].incident;
}

static void hear(struct scene *scene)
{
    for (size_t i = 0; i < scene->out.n; i++) {
        if (scene->n_lines == SCENE_LINES_MAX)
            fail_msg("more than %d alerts at once", SCENE_LINES_MAX);
        spec_holds(&scene->out.alerts[i]);
        scene_print(scene, &scene->out.alerts[i], scene->lines[scene->n_lines++]);
        if (scene->on_alert != NULL)
            scene->on_alert(&scene->out.alerts[i], scene->on_alert_arg);
    }
}

/* What core says of the incidents before it changes one is what they were. */
static void ask_core(struct scene *scene, const struct respondent *who, struct track *track,
                     const struct question *question, struct outcome *out)
{
    memory_take(&scene->whole, who, track);
    track->before = &scene->before;
    memory_take(&scene->before, who, track);
    question_ask(&scene->watch, who, track, question, out);
    memory_take_incidents(&scene->before, who, track);
    track->before = NULL;
    for (size_t i = 0; i < who->n_exclusions; i++)
        assert_memory_equal(&scene->before.incidents[i], &scene->whole.incidents[i],
                            sizeof scene->whole.incidents[i]);
}

static bool ask(const struct question *question, struct outcome *out, void *arg)
{
    struct scene *scene = arg;

    if (question->cause == CAUSE_TIME && ++scene->asked == scene->asked_most)
        fail_msg("time is asked about for ever");
    if (scene->by_vicinity) {
        vicinity_choose(&scene->watch, scene->who, &scene->track, question, &scene->around,
                        &scene->view);
        vicinity_show(&scene->watch, scene->who, &scene->track, question, &scene->view);
        ask_core(scene, &scene->view.who, &scene->view.track, question, out);
        vicinity_note(&scene->view, question->now, &scene->around);
    } else {
        ask_core(scene, scene->who, &scene->track, question, out);
    }
    scene->devices_changed |= out->devices_changed;
    for (size_t i = 0; i < QUESTION_ZONES_MAX / 64; i++)
        scene->incidents_changed.words[i] |= out->incidents_changed.words[i];
    hear(scene);
    return true;
}

static void on_past(void *arg)
{
    (void)arg;
    fail_msg("what is due lies in the past");
}

/* From now on the rules are these. */
static void begin(struct scene *scene)
{
    scene->due = timeline_rules(&scene->timeline, scene->clock, scene->clock);
}

static bool drafted(const struct scene *scene, const char *name)
{
    for (size_t i = 0; i < scene->draft.n_zones; i++) {
        if (strcmp(scene->draft.zones[i].name, name) == 0)
            return true;
    }
    return false;
}

void scene_load(struct scene *scene)
{
    struct rulebook *old = scene->rules, *rules = seal(&scene->draft);

    scene->out.n = 0;
    for (size_t i = 0; old != NULL && i < scene->who->n_exclusions; i++) {
        const struct exclusion *was = scene->who->exclusions[i];

        if (!drafted(scene, was->name) || strcmp(scene->who->id, scene->draft.respondent) != 0)
            watch_withdraw(was, memory_of(scene, was->name), scene->clock, &scene->out);
    }
    hear(scene);
    scene->rules = rules;
    scene->who = rulebook_respondent(rules, 0);
    scene->watch = (struct watch){ .civil = rulebook_civil(rules),
                                   .detect = &scene->detect,
                                   .kinds = &scene->kinds };
    for (size_t i = 0; i < scene->who->n_devices; i++)
        scene->device_views[i] = scene_device(scene, scene->who->devices[i]);
    for (size_t i = 0; i < scene->who->n_exclusions; i++)
        scene->incident_views[i] = memory_of(scene, scene->who->exclusions[i]->name);
    scene->timeline = (struct timeline){ .watch = &scene->watch,
                                         .who = scene->who,
                                         .track = &scene->track,
                                         .ask = ask,
                                         .room = &scene->out,
                                         .on_past = on_past,
                                         .arg = scene };
    memset(scene->safety, 0, safety_size(SCENE_DEVICES_MAX));
    scene->track.safety = scene->shows_all ? NULL : scene->safety;
    scene->around = (struct surroundings){ 0 };
    if (scene->by_vicinity) {
        vicinity_begin(scene->who, &scene->track, &scene->view);
        scene->timeline.who = &scene->view.who;
        scene->timeline.track = &scene->view.track;
    }
    scene->due = UTC_NEVER;
    if (scene->clock.ms != UTC_ALWAYS.ms)
        begin(scene);
    rulebook_destroy(old);
}

void scene_pass(struct scene *scene, struct utc until)
{
    if (until.ms < scene->clock.ms)
        fail_msg("our clock never goes back");
    if (scene->clock.ms == UTC_ALWAYS.ms) {
        scene->clock = until;
        begin(scene);
    }
    scene->asked_most = scene->asked + SCENE_ASKED_MAX;
    scene->due = timeline_pass(&scene->timeline, scene->due, until);
    scene->clock = until;
}

struct ping scene_ping_of(const char *device, struct utc time, double east, double north)
{
    struct ping ping = { .time = time,
                         .at = scene_place(east, north),
                         .accuracy = 8,
                         .speed = NAN,
                         .course = NAN,
                         .battery = NAN };

    snprintf(ping.device, sizeof ping.device, "%s", device);
    return ping;
}

void scene_ping(struct scene *scene, const struct ping *ping, struct utc received)
{
    size_t respondent, nth;
    enum arrival arrived;

    if (!rulebook_find_device(scene->rules, ping->device, &respondent, &nth))
        fail_msg("%s is nobody's device", ping->device);
    if (received.ms < scene->clock.ms)
        fail_msg("our clock never goes back");
    scene_pass(scene, received);
    timeline_ping(&scene->timeline, nth, ping, received, &scene->due, &arrived);
    scene->out.arrival = arrived; // of the ping, not of a boundary after it
}

void scene_print(const struct scene *scene, const struct alert *alert, char line[SCENE_LINE_MAX])
{
    char stamp[UTC_TEXT_MAX], where[64], rule[16] = "";
    size_t day = strlen(scene->day);
    bool today;

    utc_print(alert->time, stamp);
    today = strncmp(stamp, scene->day, day) == 0;
    stamp[strlen("2020-06-23T20:14:05")] = '\0';
    if (alert->exclusion != NULL)
        snprintf(where, sizeof where, "%.20s/%u/%u", alert->exclusion->name, alert->incident,
                 alert->nth);
    else
        snprintf(where, sizeof where, "%.20s/%u", alert->device, alert->nth);
    if (alert->rule != 0)
        snprintf(rule, sizeof rule, " rule %d", alert->rule);
    snprintf(line, SCENE_LINE_MAX, "%s %s %s%s %s%s%s%s: %s", alert_type_name(alert->type), where,
             severity_name(alert->severity), alert->authorised ? " authorised" : "",
             today ? stamp + day + 1 : stamp, alert->exclusion && alert->device ? " " : "",
             alert->exclusion && alert->device ? alert->device : "", rule, alert->reason);
}

void scene_hush(struct scene *scene)
{
    scene->n_lines = 0;
    scene->devices_changed = 0;
    scene->incidents_changed = (struct zone_set){ 0 };
}
