/* SPDX-License-Identifier: Apache-2.0 */
/* What is no file is refused at once: nothing here may wait, or read without end. */
#include "adapter/textfile.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/nobody.h"
#include "support/scratch.h"
#include "support/test.h"

enum { MAX = 100 };

static void assert_refused(const char *path, const char *want)
{
    struct fault why;

    assert_null(textfile_open(path, MAX, &why));
    assert_string_equal(why.text, want);
}

static void a_file_is_opened_to_be_read_as_ever(void **state)
{
    struct fault why;
    char text[16] = "";
    FILE *file;
    (void)state;

    scratch_write("a", "hello");
    assert_int_equal(symlink("a", "link"), 0);
    file = textfile_open("link", MAX, &why);
    assert_non_null(file);
    assert_string_equal(fgets(text, sizeof text, file), "hello");
    assert_int_equal(fcntl(fileno(file), F_GETFL) & (O_NONBLOCK | O_ACCMODE), O_RDONLY);
    assert_int_equal(fcntl(fileno(file), F_GETFD), FD_CLOEXEC);
    fclose(file);
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    assert_int_equal(mkfifo("fifo", 0600), 0);
    assert_int_equal(symlink("/dev/zero", "zero"), 0);
    assert_int_equal(symlink("round", "round"), 0);
    assert_refused("fifo", "is no regular file");
    assert_refused("zero", "is no regular file");
    assert_refused(".", "Is a directory");
    assert_refused("none", "No such file or directory");
    assert_refused("round", "Too many levels of symbolic links");
}

static void a_file_may_be_as_large_as_told_and_no_larger(void **state)
{
    struct fault why;
    FILE *file;
    (void)state;

    scratch_write("a", "");
    assert_int_equal(truncate("a", MAX), 0);
    file = textfile_open("a", MAX, &why);
    assert_non_null(file);
    fclose(file);
    assert_int_equal(truncate("a", MAX + 1), 0);
    assert_refused("a", "larger than 100 bytes");
}

static void a_file_that_we_may_not_read_is_refused(void **state)
{
    (void)state;
    scratch_write("a", "hello");
    assert_int_equal(chmod("a", 0), 0);
    nobody_begin();
    assert_refused("a", "Permission denied");
    nobody_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(a_file_is_opened_to_be_read_as_ever),
        scratch_test(what_is_no_file_is_refused),
        scratch_test(a_file_may_be_as_large_as_told_and_no_larger),
        scratch_test(a_file_that_we_may_not_read_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
