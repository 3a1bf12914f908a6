/* SPDX-License-Identifier: Apache-2.0 */
/* story.h - one *.scn, told to core alone; tests/scenario/README.md is its language. */
#ifndef SCENARIO_STORY_H
#define SCENARIO_STORY_H

/* Fails the test, with the line, where something else is told than its `>` lines say. */
void story_holds(const char *path);

/*
 * Writes the file anew with the `>` lines that are told. A story
 * that cannot be told stays as it was.
 */
void story_fill_in(const char *path);

#endif
