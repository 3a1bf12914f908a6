/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario_test.c - [STORY.scn…]: tells the stories named, or else all of this folder; with
 * UPDATE=1 in the environment their `>` lines are written instead. README.md here is the language.
 */
#include "scenario/story.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

enum { FILES_MAX = 300 };

static void the_story_is_told_so(void **state)
{
    if (getenv("UPDATE") != NULL)
        story_fill_in(*state);
    else
        story_holds(*state);
}

static int tell(char **paths, size_t n)
{
    struct CMUnitTest tests[FILES_MAX] = { 0 };

    if (n > FILES_MAX) {
        fprintf(stderr, "more than %d stories: raise FILES_MAX\n", FILES_MAX);
        return 1;
    }
    for (size_t i = 0; i < n; i++) {
        const char *slash = strrchr(paths[i], '/');

        tests[i] = (struct CMUnitTest){ .name = slash ? slash + 1 : paths[i],
                                        .test_func = the_story_is_told_so,
                                        .initial_state = paths[i] };
    }
    return _cmocka_run_group_tests("scenario", tests, n, NULL, NULL);
}

int main(int argc, char **argv)
{
    glob_t found;
    int failed;

    if (argc > 1)
        return tell(argv + 1, (size_t)argc - 1);
    if (glob(SOURCE_FOLDER "/tests/scenario/*.scn", 0, NULL, &found) != 0)
        return 1;
    failed = tell(found.gl_pathv, found.gl_pathc);
    globfree(&found);
    return failed;
}
