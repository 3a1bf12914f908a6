/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of files comes into its place whole, or not at all, whoever else writes there. */
#include "ctl/init_stage.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/scratch.h"
#include "support/test.h"

static const char *const made[] = { "a", "f", "z", NULL };

/* A file a, a folder f with a file in it, a file z. */
static void begin(struct init_stage *stage, const char *target)
{
    struct fault why;

    if (!init_stage_begin(stage, target, NULL, made, &why) ||
        !init_stage_file(stage, "a", "one\n", INIT_READ, &why) ||
        !init_stage_folder(stage, "f", INIT_OPERATOR, &why) ||
        !init_stage_file(stage, "f/g", "two\n", INIT_SECRET, &why) ||
        !init_stage_file(stage, "z", "three\n", INIT_READ, &why))
        fail_msg("%s", why.text);
}

static void until_it_is_moved_nothing_is_there(void **state)
{
    struct init_stage stage;
    struct fault why;
    (void)state;

    begin(&stage, "made");
    assert_false(scratch_has("made"));
    init_stage_end(&stage);
    assert_int_equal(scratch_count("."), 0);
    begin(&stage, "made");
    assert_true(init_stage_move(&stage, made, &why));
    init_stage_end(&stage);
    assert_int_equal(scratch_count("."), 1);
    assert_int_equal(scratch_count("made"), 3);
    assert_true(scratch_has("made/f/g"));
}

/* Somebody makes the folder in between, and a file in it. */
static void who_was_first_keeps_the_folder(void **state)
{
    struct init_stage stage;
    struct fault why;
    (void)state;

    begin(&stage, "made");
    scratch_write("made/theirs", "mine\n");
    assert_false(init_stage_move(&stage, made, &why));
    assert_non_null(strstr(why.text, strerror(ENOTEMPTY)));
    init_stage_end(&stage);
    assert_int_equal(scratch_count("."), 1);
    assert_int_equal(scratch_count("made"), 1);
}

/* Or a file of that name: what was moved before it goes back. */
static void who_was_first_keeps_the_file(void **state)
{
    struct init_stage stage;
    struct fault why;
    struct stat theirs;
    (void)state;

    assert_int_equal(mkdir("made", 0700), 0);
    begin(&stage, "made");
    scratch_write("made/z", "mine\n");
    assert_false(init_stage_move(&stage, made, &why));
    assert_string_equal(why.text, "made/z: File exists");
    init_stage_end(&stage);
    assert_int_equal(scratch_count("made"), 1);
    assert_int_equal(stat("made/z", &theirs), 0);
    assert_int_equal(theirs.st_size, strlen("mine\n"));
}

static void a_folder_that_is_there_is_meant_and_stays(void **state)
{
    static const char *const moved[] = { "own", "a", NULL }, *const fresh[] = { "a", NULL };
    struct init_stage stage;
    struct fault why;
    (void)state;

    scratch_write("made/own/order", "mine\n");
    assert_true(init_stage_begin(&stage, "made", NULL, fresh, &why));
    assert_true(init_stage_folder(&stage, "own", INIT_READ, &why));
    assert_true(init_stage_file(&stage, "a", "one\n", INIT_READ, &why));
    assert_int_equal(faccessat(stage.fd, "own/order", F_OK, 0), 0);
    assert_true(init_stage_move(&stage, moved, &why));
    init_stage_end(&stage);
    assert_int_equal(scratch_count("made"), 2);
    assert_true(scratch_has("made/own/order"));
}

static void a_path_that_is_too_long_is_refused(void **state)
{
    char target[INIT_PATH_MAX + 1];
    struct init_stage stage;
    struct fault why;
    (void)state;

    memset(target, 'a', sizeof target);
    target[INIT_PATH_MAX] = '\0';
    assert_false(init_stage_begin(&stage, target, NULL, made, &why));
    init_stage_end(&stage);
    target[INIT_PATH_MAX - 1] = '\0'; // it fits, and what is made beside it does not
    assert_false(init_stage_begin(&stage, target, NULL, made, &why));
    init_stage_end(&stage);
    assert_int_equal(scratch_count("."), 0);
}

/* Ctrl-C waits until all of it is there, or nothing. */
static void who_would_stop_it_waits(void **state)
{
    struct init_stage stage;
    sigset_t blocked;
    (void)state;

    begin(&stage, "made");
    assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &blocked), 0);
    assert_int_equal(sigismember(&blocked, SIGINT), 1);
    init_stage_end(&stage);
    assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &blocked), 0);
    assert_int_equal(sigismember(&blocked, SIGINT), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(until_it_is_moved_nothing_is_there),
        scratch_test(who_was_first_keeps_the_folder),
        scratch_test(who_was_first_keeps_the_file),
        scratch_test(a_folder_that_is_there_is_meant_and_stays),
        scratch_test(a_path_that_is_too_long_is_refused),
        scratch_test(who_would_stop_it_waits),
    };

    return cmocka_run_group_tests_name("init_stage", tests, NULL, NULL);
}
