/* SPDX-License-Identifier: Apache-2.0 */
/*
 * story.c - the language of tests/scenario/README.md: a row of `verbs`
 * is a word and what may follow it.
 */
#include "scenario/story.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/london.h"
#include "support/scene.h"

enum { WORDS_MAX = 24 };

struct story {
    const char *path;
    int row;
    struct scene *scene;
    size_t met; // of scene->lines, by a `>` already
    char words_text[512];
    char *words[WORDS_MAX + 1]; // NULL after the last
    char **options;             // the words after those that have their place by position
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

/* An instant at which our clock is to stand. */
static struct utc clock_of(const struct story *story, const char *word)
{
    struct utc at = time_of(story, word);

    if (at.ms < story->scene->clock.ms)
        complain(story, "our clock never goes back", word);
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

/* The word after the option `key`, "" for the last one; NULL when the option is not there. */
static const char *after(const struct story *story, const char *key)
{
    for (char **word = story->options; *word != NULL; word++) {
        if (strcmp(*word, key) == 0)
            return word[1] ? word[1] : "";
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

static void take_day(struct story *story)
{
    snprintf(story->scene->day, sizeof story->scene->day, "%s", story->words[1]);
}

static void take_order(struct story *story)
{
    struct scene_draft *draft = &story->scene->draft;

    if (said(story, "second")) {
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
    const char *zones = after(story, "zones"), *every = strstr(story->line, " every ");
    struct fault why;

    if (draft->n_permits++ == SCENE_PERMITS_MAX)
        complain(story, "too many permits", story->words[1]);
    snprintf(permit->id, sizeof permit->id, "%s", story->words[1]);
    snprintf(permit->zones, sizeof permit->zones, "%s", zones ? zones : "");
    permit->from = time_after(story, "from", UTC_ALWAYS);
    permit->until = time_after(story, "until", UTC_NEVER);
    permit->weekly = every != NULL;
    if (permit->weekly && !schedule_parse(every + strlen(" every "), &permit->every, &why))
        complain(story, "every", why.text);
}

static void take_silence(struct story *story)
{
    struct scene *scene = story->scene;

    scene->detect.silent_least_ms = (int64_t)(number_of(story, story->words[1]) * 1000);
    scene->detect.silent_ms = (int64_t)(number_of(story, story->words[2]) * 1000);
    if (story->words[3] != NULL)
        scene->detect.no_fix_ms = (int64_t)(number_of(story, story->words[3]) * 1000);
}

/* The kind of that glob, or a new one behind the others. */
static void take_percentile(struct story *story)
{
    struct device_kinds *kinds = &story->scene->kinds;
    struct device_kind *kind = kinds->of;

    if (!device_glob_valid(story->words[1]))
        complain(story, "no glob", story->words[1]);
    while (kind < kinds->of + kinds->n && strcmp(kind->match[0], story->words[1]) != 0)
        kind++;
    if (kind == kinds->of + kinds->n && kinds->n++ == DEVICE_KINDS_MAX)
        complain(story, "too many kinds", story->words[1]);
    snprintf(kind->match[0], sizeof kind->match[0], "%s", story->words[1]);
    kind->n_match = 1;
    kind->percentile = number_of(story, story->words[2]);
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
    scene_ping(story->scene, &ping,
               clock_of(story, said(story, "received") ? after(story, "received") : word[2]));
    if (strcmp(arrival_name(story->scene->out.arrival), wanted ? wanted : "new") != 0)
        complain(story, "arrived as", arrival_name(story->scene->out.arrival));
}

static void take_pass(struct story *story)
{
    scene_pass(story->scene, clock_of(story, story->words[1]));
}

static void take_reload(struct story *story)
{
    take_pass(story);
    scene_load(story->scene);
}

static const struct verb {
    const char *name;
    size_t needed, most; // words by position: so many at least, so many at most
    const char *with;    // options that a value follows
    const char *alone;   // options without one
    void (*take)(struct story *story);
    bool happens; // what stands before the first such line are the first rules
} verbs[] = {
    { "day", 1, 1, "", "", take_day, false },
    { "order", 0, 0, "from served until", "second", take_order, false },
    { "zone", 4, 4, "of warn schedule", "", take_zone, false },
    { "permit", 1, 1, "from until zones every", "", take_permit, false },
    { "silence", 2, 3, "", "", take_silence, false },
    { "percentile", 2, 2, "", "", take_percentile, false },
    { "devices", 1, SCENE_DEVICES_MAX, "", "", take_devices, false },
    { "respondent", 1, 1, "", "", take_respondent, false },
    { "remove", 1, 1, "", "", take_remove, false },
    { "ping", 4, 4, "received accuracy speed course battery alarm is", "tamper nowhere nofix",
      take_ping, true },
    { "pass", 1, 1, "", "", take_pass, true },
    { "reload", 1, 1, "", "", take_reload, true },
};

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    }
    return NULL;
}

/* Whether `word` is one of the words of `list`, which single blanks part. */
static bool listed(const char *list, const char *word)
{
    size_t n = strlen(word);

    for (const char *at = list; *at != '\0'; at += strcspn(at, " "), at += strspn(at, " ")) {
        if (strcspn(at, " ") == n && strncmp(at, word, n) == 0)
            return true;
    }
    return false;
}

/* A misspelled option would else be passed over, and the story would tell of something else. */
static void check_words(struct story *story, const struct verb *verb)
{
    char **word = story->words + 1;
    size_t n = 0;

    while (n < verb->most && word[n] != NULL && !listed(verb->with, word[n]) &&
           !listed(verb->alone, word[n]))
        n++;
    if (n < verb->needed)
        complain(story, "too short", verb->name);
    story->options = word += n;
    while (*word != NULL && !listed("schedule every", *word)) { // its text is the rest of the line
        bool has_value = listed(verb->with, *word);

        if (!has_value && !listed(verb->alone, *word))
            complain(story, "no such option", *word);
        if (has_value && word[1] == NULL)
            complain(story, "no value after", *word);
        word += has_value ? 2 : 1;
    }
}

/* All alerts of one happening must be met before the story goes on. */
static void check_met(struct story *story)
{
    if (story->met < story->scene->n_lines)
        complain(story, "before this line there was also", story->scene->lines[story->met]);
    scene_hush(story->scene);
    story->met = 0;
}

static void take_alert(struct story *story)
{
    struct scene *scene = story->scene;
    const char *wanted = story->line + strspn(story->line, "> ");

    if (story->met == scene->n_lines)
        complain(story, "nothing more was told, but wanted", wanted);
    if (strcmp(scene->lines[story->met], wanted) != 0)
        complain(story, "told instead", scene->lines[story->met]);
    story->met++;
}

static void split(struct story *story)
{
    char *rest = NULL;
    size_t n = 0;

    if (strlen(story->line) >= sizeof story->words_text)
        complain(story, "too long", story->line);
    strcpy(story->words_text, story->line);
    for (char *word = strtok_r(story->words_text, " ", &rest); word != NULL && n < WORDS_MAX;
         word = strtok_r(NULL, " ", &rest))
        story->words[n++] = word;
    story->words[n] = NULL;
}

static void take_line(struct story *story)
{
    const struct verb *verb;

    split(story);
    if (story->words[0] == NULL || story->words[0][0] == '#')
        return;
    if (story->words[0][0] == '>') {
        take_alert(story);
        return;
    }
    verb = find_verb(story->words[0]);
    if (verb == NULL)
        complain(story, "unknown word", story->words[0]);
    check_words(story, verb);
    if (verb->happens)
        check_met(story);
    if (verb->happens && story->scene->rules == NULL)
        scene_load(story->scene);
    verb->take(story);
}

/* The line as it stands, and below it what is told of it. */
static void fill_in(struct story *story, FILE *filled)
{
    struct scene *scene = story->scene;

    fprintf(filled, "%s\n", story->line);
    for (size_t i = 0; i < scene->n_lines; i++)
        fprintf(filled, "> %s\n", scene->lines[i]);
    scene_hush(scene);
}

static void tell(struct story *story, FILE *filled)
{
    FILE *file = fopen(story->path, "re");
    char *line = NULL;
    size_t room = 0;

    if (file == NULL)
        fail_msg("%s: cannot be read", story->path);
    while (getline(&line, &room, file) != -1) {
        line[strcspn(line, "\n")] = '\0';
        story->line = line;
        story->row++;
        if (filled != NULL && line[strspn(line, " ")] == '>')
            continue;
        take_line(story);
        if (filled != NULL)
            fill_in(story, filled);
    }
    check_met(story);
    free(line);
    fclose(file);
}

void story_holds(const char *path)
{
    struct story story = { .path = path, .scene = scene_create() };

    tell(&story, NULL);
    scene_destroy(story.scene);
}

void story_fill_in(const char *path)
{
    struct story story = { .path = path, .scene = scene_create() };
    char *text = NULL;
    size_t n = 0;
    FILE *filled = open_memstream(&text, &n), *file;

    assert_non_null(filled);
    tell(&story, filled);
    fclose(filled);
    file = fopen(path, "we");
    if (file == NULL || fwrite(text, 1, n, file) != n || fclose(file) != 0)
        fail_msg("%s: cannot be written", path);
    free(text);
    scene_destroy(story.scene);
}
