/* SPDX-License-Identifier: Apache-2.0 */
/*
 * story_verbs.c - the language of tests/scenario/README.md: a row of `verbs` is a word and what may
 * follow it.
 */
#include <stdio.h>
#include <string.h>

#include "scenario/story_parts.h"
#include "support/london.h"

static void take_day(struct story *story)
{
    snprintf(story->scene->day, sizeof story->scene->day, "%s", story->words[1]);
}

static void take_order(struct story *story)
{
    struct scene_draft *draft = &story->scene->draft;

    if (story_said(story, "second")) {
        draft->second_from = story_time_after(story, "from", draft->second_from);
        draft->second_served = story_time_after(story, "served", draft->second_served);
        draft->second_until = story_time_after(story, "until", draft->second_until);
        return;
    }
    draft->from = story_time_after(story, "from", draft->from);
    draft->served = story_time_after(story, "served", draft->served);
    draft->until = story_time_after(story, "until", draft->until);
}

static void take_zone(struct story *story)
{
    char **word = story->words;
    const char *warn = story_after(story, "warn"), *schedule = strstr(story->line, " schedule ");
    struct scene_zone *zone = scene_zone(story->scene, word[1], story_number(story, word[2]),
                                         story_number(story, word[3]), story_number(story, word[4]),
                                         warn ? story_number(story, warn) : 0);
    struct fault why;

    zone->second = story_said(story, "of");
    zone->scheduled = schedule != NULL;
    if (zone->scheduled && !schedule_parse(schedule + strlen(" schedule "), &zone->schedule, &why))
        story_complain(story, "schedule", why.text);
}

static void take_permit(struct story *story)
{
    struct scene_draft *draft = &story->scene->draft;
    struct scene_permit *permit = &draft->permits[draft->n_permits];
    const char *zones = story_after(story, "zones"), *every = strstr(story->line, " every ");
    struct fault why;

    if (draft->n_permits++ == SCENE_PERMITS_MAX)
        story_complain(story, "too many permits", story->words[1]);
    snprintf(permit->id, sizeof permit->id, "%s", story->words[1]);
    snprintf(permit->zones, sizeof permit->zones, "%s", zones ? zones : "");
    permit->from = story_time_after(story, "from", UTC_ALWAYS);
    permit->until = story_time_after(story, "until", UTC_NEVER);
    permit->weekly = every != NULL;
    if (permit->weekly && !schedule_parse(every + strlen(" every "), &permit->every, &why))
        story_complain(story, "every", why.text);
}

static void take_silence(struct story *story)
{
    struct scene *scene = story->scene;

    scene->detect.silent_least_ms = (int64_t)(story_number(story, story->words[1]) * 1000);
    scene->detect.silent_ms = (int64_t)(story_number(story, story->words[2]) * 1000);
    if (story->words[3] != NULL)
        scene->detect.no_fix_ms = (int64_t)(story_number(story, story->words[3]) * 1000);
}

/* The kind of the glob that stands first, or a new one behind the others. */
static struct device_kind *kind_of(struct story *story)
{
    struct device_kinds *kinds = &story->scene->kinds;
    struct device_kind *kind = kinds->of;

    if (!device_glob_valid(story->words[1]))
        story_complain(story, "no glob", story->words[1]);
    while (kind < kinds->of + kinds->n && strcmp(kind->match[0], story->words[1]) != 0)
        kind++;
    if (kind == kinds->of + kinds->n && kinds->n++ == DEVICE_KINDS_MAX)
        story_complain(story, "too many kinds", story->words[1]);
    snprintf(kind->match[0], sizeof kind->match[0], "%s", story->words[1]);
    kind->n_match = 1;
    return kind;
}

static void take_percentile(struct story *story)
{
    kind_of(story)->percentile = story_number(story, story->words[2]);
}

static void take_kind(struct story *story)
{
    const char *key = story->words[2], *value = story->words[3];
    struct device_kind *kind = kind_of(story);

    if (strcmp(key, "unknown-accuracy") == 0) {
        kind->unknown_accuracy = story_number(story, value);
    } else if (strcmp(key, "silent-after") == 0) {
        kind->silent_ms = (int64_t)(story_number(story, value) * 1000);
    } else if (strcmp(key, "no-fix-after") == 0) {
        kind->has_no_fix = true;
        kind->no_fix_ms = (int64_t)(story_number(story, value) * 1000);
    } else if (strcmp(key, "clock") == 0 && strcmp(value, "trusted") == 0) {
        kind->clock = CLOCK_TRUSTED;
    } else if (strcmp(key, "clock") == 0 && strcmp(value, "untrusted") == 0) {
        kind->clock = CLOCK_UNTRUSTED;
    } else {
        story_complain(story, "nothing of a kind", key);
    }
}

static void take_devices(struct story *story)
{
    scene_carry(story->scene, story->line + strlen("devices"));
}

static void take_respondent(struct story *story)
{
    snprintf(story->scene->draft.respondent, SCENE_NAME_MAX, "%s", story->words[1]);
}

static void take_remove(struct story *story)
{
    scene_remove(story->scene, story->words[1]);
}

static void take_ping(struct story *story)
{
    char **word = story->words;
    struct ping ping = scene_ping_of(word[1], story_time(story, word[2]),
                                     story_number(story, word[3]), story_number(story, word[4]));
    const char *wanted = story_after(story, "is");

    if (story_said(story, "accuracy"))
        ping.accuracy = story_number(story, story_after(story, "accuracy"));
    if (story_said(story, "battery"))
        ping.battery = story_number(story, story_after(story, "battery"));
    if (story_said(story, "speed"))
        ping.speed = story_number(story, story_after(story, "speed"));
    if (story_said(story, "course"))
        ping.course = story_number(story, story_after(story, "course"));
    if (story_said(story, "nowhere"))
        ping.at = (struct lonlat){ 0, 0 };
    ping.tamper = story_said(story, "tamper");
    ping.no_fix = story_said(story, "nofix");
    if (story_said(story, "alarm"))
        ping_alarm(&ping, story_after(story, "alarm"), strlen(story_after(story, "alarm")));
    scene_ping(story->scene, &ping,
               story_clock(story, story_said(story, "received") ? story_after(story, "received")
                                                                : word[2]));
    if (strcmp(arrival_name(story->scene->out.arrival), wanted ? wanted : "new") != 0)
        story_complain(story, "arrived as", arrival_name(story->scene->out.arrival));
}

static void take_pass(struct story *story)
{
    scene_pass(story->scene, story_clock(story, story->words[1]));
}

static void take_reload(struct story *story)
{
    take_pass(story);
    scene_load(story->scene);
}

static const struct verb verbs[] = {
    { "day", 1, 1, "", "", take_day, false },
    { "order", 0, 0, "from served until", "second", take_order, false },
    { "zone", 4, 4, "of warn schedule", "", take_zone, false },
    { "permit", 1, 1, "from until zones every", "", take_permit, false },
    { "silence", 2, 3, "", "", take_silence, false },
    { "percentile", 2, 2, "", "", take_percentile, false },
    { "kind", 3, 3, "", "", take_kind, false },
    { "devices", 1, SCENE_DEVICES_MAX, "", "", take_devices, false },
    { "respondent", 1, 1, "", "", take_respondent, false },
    { "remove", 1, 1, "", "", take_remove, false },
    { "ping", 4, 4, "received accuracy speed course battery alarm is", "tamper nowhere nofix",
      take_ping, true },
    { "pass", 1, 1, "", "", take_pass, true },
    { "reload", 1, 1, "", "", take_reload, true },
};

const struct verb *story_verb(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    }
    return NULL;
}
