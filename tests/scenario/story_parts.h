/* SPDX-License-Identifier: Apache-2.0 */
/*
 * story_parts.h - for story*.c alone: story.c reads the lines of a story, story_values.c what
 * single words say, story_verbs.c does what a line says.
 */
#ifndef SCENARIO_STORY_PARTS_H
#define SCENARIO_STORY_PARTS_H

#include <stddef.h>

#include "support/scene.h"

enum { STORY_WORDS_MAX = 24 };

struct story {
    const char *path;
    int row;
    struct scene *scene;
    size_t met; /* of scene->lines, by a `>` already */
    char words_text[512];
    char *words[STORY_WORDS_MAX + 1]; /* NULL after the last */
    char **options;                   /* the words after those that have their place by position */
    const char *line;
};

/* A row of the language: the first word of a line, and what may follow it. */
struct verb {
    const char *name;
    size_t needed, most; /* words by position: so many at least, so many at most */
    const char *with;    /* options that a value follows */
    const char *alone;   /* options without one */
    void (*take)(struct story *story);
    bool happens; /* what stands before the first such line are the first rules */
};

const struct verb *story_verb(const char *name); /* NULL: there is none */

/* Fails the test, with the line; a NULL word is said to be missing. */
void story_complain(const struct story *story, const char *what, const char *word);

/* What a word says; one that says nothing of the kind, or is NULL, fails the test. */
struct utc story_time(const struct story *story, const char *word);
struct utc story_clock(const struct story *story, const char *word); /* where our clock is to go */
double story_number(const struct story *story, const char *word);

/* The word after the option `key`, "" for the last one; NULL when the option is not there. */
const char *story_after(const struct story *story, const char *key);
bool story_said(const struct story *story, const char *word);
struct utc story_time_after(const struct story *story, const char *key, struct utc otherwise);

#endif
