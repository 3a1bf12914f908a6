/* SPDX-License-Identifier: Apache-2.0 */
/* story_values.c - what single words of a story say. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/story_parts.h"
#include "support/london.h"

void story_complain(const struct story *story, const char *what, const char *word)
{
    fail_msg("%s:%d: %s: %s", story->path, story->row, what, word ? word : "missing");
}

struct utc story_time(const struct story *story, const char *word)
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
        story_complain(story, "no time", word);
    return at;
}

struct utc story_clock(const struct story *story, const char *word)
{
    struct utc at = story_time(story, word);

    if (at.ms < story->scene->clock.ms)
        story_complain(story, "our clock never goes back", word);
    return at;
}

double story_number(const struct story *story, const char *word)
{
    char *end = NULL;
    double value = word ? strtod(word, &end) : NAN;

    if (word == NULL || end == word || *end != '\0')
        story_complain(story, "no number", word);
    return value;
}

const char *story_after(const struct story *story, const char *key)
{
    for (char **word = story->options; *word != NULL; word++) {
        if (strcmp(*word, key) == 0)
            return word[1] ? word[1] : "";
    }
    return NULL;
}

bool story_said(const struct story *story, const char *word)
{
    return story_after(story, word) != NULL;
}

struct utc story_time_after(const struct story *story, const char *key, struct utc otherwise)
{
    const char *word = story_after(story, key);

    return word ? story_time(story, word) : otherwise;
}
