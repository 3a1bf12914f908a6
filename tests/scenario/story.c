/* SPDX-License-Identifier: Apache-2.0 */
/* story.c - reads a story line by line, and holds what is told against its `>` lines. */
#include "scenario/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/story_parts.h"
#include "support/test.h"

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
        story_complain(story, "too short", verb->name);
    story->options = word += n;
    while (*word != NULL && !listed("schedule every", *word)) { // its text is the rest of the line
        bool has_value = listed(verb->with, *word);

        if (!has_value && !listed(verb->alone, *word))
            story_complain(story, "no such option", *word);
        if (has_value && word[1] == NULL)
            story_complain(story, "no value after", *word);
        word += has_value ? 2 : 1;
    }
}

/* All alerts of one happening must be met before the story goes on. */
static void check_met(struct story *story)
{
    if (story->met < story->scene->n_lines)
        story_complain(story, "before this line there was also", story->scene->lines[story->met]);
    scene_hush(story->scene);
    story->met = 0;
}

static void take_alert(struct story *story)
{
    struct scene *scene = story->scene;
    const char *wanted = story->line + strspn(story->line, "> ");

    if (story->met == scene->n_lines)
        story_complain(story, "nothing more was told, but wanted", wanted);
    if (strcmp(scene->lines[story->met], wanted) != 0)
        story_complain(story, "told instead", scene->lines[story->met]);
    story->met++;
}

static void split(struct story *story)
{
    char *rest = NULL;
    size_t n = 0;

    if (strlen(story->line) >= sizeof story->words_text)
        story_complain(story, "too long", story->line);
    strcpy(story->words_text, story->line);
    for (char *word = strtok_r(story->words_text, " ", &rest); word != NULL && n < STORY_WORDS_MAX;
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
    verb = story_verb(story->words[0]);
    if (verb == NULL)
        story_complain(story, "unknown word", story->words[0]);
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
