/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario_test.c - plays every *.scn of this folder before core: no sockets, no sleeping.
 *
 * A scenario is a story in lines; `#` begins a remark. One respondent, one order or two, the
 * devices tag and phone at first; EAST and NORTH are metres around a point in Basildon, T is
 * HH:MM:SS in UTC on the day of the last `day` line, or RFC 3339 in full; local time is that of
 * London in 2020.
 *
 *     day 2020-06-23
 *     order [second] [from T] [served T|never] [until T]
 *     zone NAME EAST NORTH RADIUS [of second] [warn METRES] [schedule TEXT TO THE LINE'S END]
 *     permit NAME from T until T [zones A,B]
 *     silence LEAST MOST [NOFIX]
 *                             seconds after which a device is silent, at once; both are listened
 *                             to from the first ping on
 *     devices NAME [NAME…]    what is carried from the next reload on
 *     respondent NAME         whom the order binds from the next reload on
 *     remove NAME             the zone is in no order any more, from the next reload on
 *     ping DEVICE T EAST NORTH [received T] [accuracy M|nan] [speed M/S] [course DEGREES]
 *                             [battery %] [tamper] [alarm NAME] [nowhere] [nofix]
 *                             [is late|again|future|implausible|no-fix]
 *     pass T                  time goes on; nothing comes in
 *     reload T                the order, zone, permit and remove lines so far become the rules
 *     > ALERT                 what the line above tells, each alert in its turn, nothing else:
 *                             TYPE NAME/INCIDENT/NTH SEVERITY [authorised] T DEVICE rule N: WHY
 *
 * The first ping, pass or reload begins the story: what stands before it are the first rules.
 */
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/london.h"
#include "support/scene.h"

enum { WORDS_MAX = 24, FILES_MAX = 200 };

struct story {
    const char *path;
    int row;
    struct scene *scene;
    size_t heard; // of scene->lines, met by a `>` already
    char words_text[512];
    char *words[WORDS_MAX + 1]; // NULL after the last
    const char *line;
};

static void complain(const struct story *story, const char *what, const char *word)
{
    fail_msg("%s:%d: %s: %s", story->path, story->row, what, word ? word : "missing");
}

static struct utc time_of(const struct story *story, const char *word)
{
    char text[64];
    struct utc at;

    if (word != NULL && strcmp(word, "never") == 0)
        return UTC_NEVER;
    if (word != NULL && strchr(word, 'T') == NULL)
        snprintf(text, sizeof text, "%.12sT%.20sZ", story->scene->day, word);
    else
        snprintf(text, sizeof text, "%.40s", word ? word : "");
    if (!utc_parse(text, &at))
        complain(story, "no time", word);
    return at;
}

static double number_of(const struct story *story, const char *word)
{
    char *end = NULL;
    double value = word ? strtod(word, &end) : NAN;

    if (word == NULL || end == word || *end != '\0')
        complain(story, "no number", word);
    return value;
}

/* The word after the word `key`; NULL when it is not there. */
static const char *after(const struct story *story, const char *key)
{
    for (size_t i = 1; story->words[i] != NULL; i++) {
        if (strcmp(story->words[i], key) == 0)
            return story->words[i + 1] ? story->words[i + 1] : "";
    }
    return NULL;
}

static bool said(const struct story *story, const char *word)
{
    return after(story, word) != NULL;
}

static struct utc time_after(const struct story *story, const char *key, struct utc otherwise)
{
    const char *word = after(story, key);

    return word ? time_of(story, word) : otherwise;
}

static void take_order(struct story *story)
{
    struct scene_draft *draft = &story->scene->draft;

    if (strcmp(story->words[1], "second") == 0) {
        draft->second_from = time_after(story, "from", draft->second_from);
        draft->second_served = time_after(story, "served", draft->second_served);
        draft->second_until = time_after(story, "until", draft->second_until);
        return;
    }
    draft->from = time_after(story, "from", draft->from);
    draft->served = time_after(story, "served", draft->served);
    draft->until = time_after(story, "until", draft->until);
}

static void take_zone(struct story *story)
{
    char **word = story->words;
    const char *warn = after(story, "warn"), *schedule = strstr(story->line, " schedule ");
    struct scene_zone *zone =
        scene_zone(story->scene, word[1], number_of(story, word[2]), number_of(story, word[3]),
                   number_of(story, word[4]), warn ? number_of(story, warn) : 0);
    struct fault why;

    zone->second = said(story, "of");
    zone->scheduled = schedule != NULL;
    if (zone->scheduled && !schedule_parse(schedule + strlen(" schedule "), &zone->schedule, &why))
        complain(story, "schedule", why.text);
}

static void take_permit(struct story *story)
{
    struct scene_draft *draft = &story->scene->draft;
    struct scene_permit *permit = &draft->permits[draft->n_permits];
    const char *zones = after(story, "zones");

    if (draft->n_permits++ == SCENE_PERMITS_MAX)
        complain(story, "too many permits", story->words[1]);
    snprintf(permit->id, sizeof permit->id, "%s", story->words[1]);
    snprintf(permit->zones, sizeof permit->zones, "%s", zones ? zones : "");
    permit->from = time_after(story, "from", UTC_ALWAYS);
    permit->until = time_after(story, "until", UTC_NEVER);
}

static void take_silence(struct story *story)
{
    struct scene *scene = story->scene;

    scene->detect.silent_least_ms = (int64_t)(number_of(story, story->words[1]) * 1000);
    scene->detect.silent_ms = (int64_t)(number_of(story, story->words[2]) * 1000);
    if (story->words[3] != NULL)
        scene->detect.no_fix_ms = (int64_t)(number_of(story, story->words[3]) * 1000);
    scene->listens = true;
}

static void take_ping(struct story *story)
{
    char **word = story->words;
    struct ping ping = scene_ping_of(word[1], time_of(story, word[2]), number_of(story, word[3]),
                                     number_of(story, word[4]));
    const char *wanted = after(story, "is");

    if (said(story, "accuracy"))
        ping.accuracy = number_of(story, after(story, "accuracy"));
    if (said(story, "battery"))
        ping.battery = number_of(story, after(story, "battery"));
    if (said(story, "speed"))
        ping.speed = number_of(story, after(story, "speed"));
    if (said(story, "course"))
        ping.course = number_of(story, after(story, "course"));
    if (said(story, "nowhere"))
        ping.at = (struct lonlat){ 0, 0 };
    ping.tamper = said(story, "tamper");
    ping.no_fix = said(story, "nofix");
    if (said(story, "alarm"))
        ping_alarm(&ping, after(story, "alarm"), strlen(after(story, "alarm")));
    scene_ping(story->scene, &ping, time_after(story, "received", ping.time));
    if (strcmp(arrival_name(story->scene->out.arrival), wanted ? wanted : "new") != 0)
        complain(story, "arrived as", arrival_name(story->scene->out.arrival));
}

/* All that was told is asked for before the story goes on. */
static void check_silence(struct story *story)
{
    if (story->heard < story->scene->n_lines)
        complain(story, "before this line there was also", story->scene->lines[story->heard]);
    scene_hush(story->scene);
    story->heard = 0;
}

static void take_alert(struct story *story)
{
    struct scene *scene = story->scene;
    const char *wanted = story->line + strspn(story->line, "> ");

    if (story->heard == scene->n_lines)
        complain(story, "nothing more was told, but wanted", wanted);
    if (strcmp(scene->lines[story->heard], wanted) != 0)
        complain(story, "told instead", scene->lines[story->heard]);
    story->heard++;
}

static void take_happening(struct story *story)
{
    struct scene *scene = story->scene;
    const char *verb = story->words[0];

    check_silence(story);
    if (scene->rules == NULL)
        scene_load(scene);
    if (strcmp(verb, "ping") == 0) {
        take_ping(story);
    } else if (strcmp(verb, "pass") == 0) {
        scene_pass(scene, time_of(story, story->words[1]));
    } else if (strcmp(verb, "reload") == 0) {
        scene_pass(scene, time_of(story, story->words[1]));
        scene_load(scene);
    } else {
        complain(story, "unknown word", verb);
    }
}

static void take_line(struct story *story)
{
    const char *verb;
    size_t n = 0;
    char *rest = NULL;

    snprintf(story->words_text, sizeof story->words_text, "%s", story->line);
    for (char *word = strtok_r(story->words_text, " ", &rest); word != NULL && n < WORDS_MAX;
         word = strtok_r(NULL, " ", &rest))
        story->words[n++] = word;
    story->words[n] = NULL;
    verb = story->words[0];
    if (verb == NULL || *verb == '#')
        return;
    if (*verb == '>')
        take_alert(story);
    else if (n < 2)
        complain(story, "too short", verb);
    else if (strcmp(verb, "day") == 0)
        snprintf(story->scene->day, sizeof story->scene->day, "%s", story->words[1]);
    else if (strcmp(verb, "order") == 0)
        take_order(story);
    else if (strcmp(verb, "zone") == 0)
        take_zone(story);
    else if (strcmp(verb, "permit") == 0)
        take_permit(story);
    else if (strcmp(verb, "silence") == 0)
        take_silence(story);
    else if (strcmp(verb, "devices") == 0)
        scene_carry(story->scene, story->line + strlen("devices"));
    else if (strcmp(verb, "respondent") == 0)
        snprintf(story->scene->draft.respondent, SCENE_NAME_MAX, "%s", story->words[1]);
    else if (strcmp(verb, "remove") == 0)
        scene_remove(story->scene, story->words[1]);
    else
        take_happening(story);
}

static void the_story_is_told_so(void **state)
{
    struct story story = { .path = *state, .scene = scene_create() };
    FILE *file = fopen(story.path, "re");
    char *line = NULL;
    size_t room = 0;

    assert_non_null(file);
    while (getline(&line, &room, file) != -1) {
        line[strcspn(line, "\n")] = '\0';
        story.line = line;
        story.row++;
        take_line(&story);
    }
    check_silence(&story);
    free(line);
    fclose(file);
    scene_destroy(story.scene);
}

int main(void)
{
    struct CMUnitTest tests[FILES_MAX] = { 0 };
    size_t n;
    glob_t found;
    int failed;

    if (glob(SOURCE_FOLDER "/tests/scenario/*.scn", 0, NULL, &found) != 0 ||
        found.gl_pathc > FILES_MAX)
        return 1;
    for (n = 0; n < found.gl_pathc; n++)
        tests[n] = (struct CMUnitTest){ .name = strrchr(found.gl_pathv[n], '/') + 1,
                                        .test_func = the_story_is_told_so,
                                        .initial_state = found.gl_pathv[n] };
    failed = _cmocka_run_group_tests("scenario", tests, n, NULL, NULL);
    globfree(&found);
    return failed;
}
