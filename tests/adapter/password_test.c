/* SPDX-License-Identifier: Apache-2.0 */
/* A password is a whole first line of a file, or there is none and it is said why. */
#include "adapter/password.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/nobody.h"
#include "support/scratch.h"
#include "support/test.h"

#define TEN          "0123456789"
#define FIFTY        TEN TEN TEN TEN TEN
#define FIVE_HUNDRED FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY
#define BYTES(text)  text, sizeof text - 1
#define TOO_LONG     "secret: its first line is longer than 510 characters"

static const struct row {
    const char *says;
    const char *bytes;
    size_t n;
    const char *password, *reason; // one of them is NULL
} rows[] = {
    { "a line", BYTES("open sesame\n"), "open sesame", NULL },
    { "a line without an end", BYTES("open sesame"), "open sesame", NULL },
    { "a line of Windows", BYTES("open sesame\r\n"), "open sesame", NULL },
    { "a line of an old Mac", BYTES("open sesame\rmore"), "open sesame", NULL },
    { "more lines", BYTES("open sesame\nof the redis of Essex\n"), "open sesame", NULL },
    { "blanks are of it", BYTES(" open sesame \n"), " open sesame ", NULL },
    { "a byte order mark is not", BYTES("\xEF\xBB\xBFopen sesame\n"), "open sesame", NULL },
    { "510 characters", BYTES(FIVE_HUNDRED TEN "\n"), FIVE_HUNDRED TEN, NULL },
    { "510 and no end", BYTES(FIVE_HUNDRED TEN), FIVE_HUNDRED TEN, NULL },
    { "510 of Windows", BYTES(FIVE_HUNDRED TEN "\r\n"), FIVE_HUNDRED TEN, NULL },
    { "511 characters", BYTES(FIVE_HUNDRED TEN "x\n"), NULL, TOO_LONG },
    { "511 and no end", BYTES(FIVE_HUNDRED TEN "x"), NULL, TOO_LONG },
    { "an empty file", BYTES(""), NULL, "secret: its first line is empty" },
    { "an empty line", BYTES("\nopen sesame\n"), NULL, "secret: its first line is empty" },
    { "an empty line of Windows", BYTES("\r\nopen\r\n"), NULL, "secret: its first line is empty" },
    { "a mark and no more", BYTES("\xEF\xBB\xBF"), NULL, "secret: its first line is empty" },
    { "a NUL", BYTES("open\0sesame\n"), NULL, "secret: its first line holds a NUL" },
    { "UTF-16", BYTES("\xFF\xFEo\0p\0"), NULL, "secret: UTF-16, not UTF-8: save it as UTF-8" },
};

static void assert_refused(const char *path, const char *want)
{
    char out[PASSWORD_MAX] = "as it was";
    struct fault why;

    assert_false(password_read(path, out, &why));
    assert_string_equal(why.text, want);
    assert_string_equal(out, "as it was");
}

static void a_password_is_a_whole_first_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[PASSWORD_MAX];
        struct fault why = { .text = "another one was read" };

        scratch_write_bytes("secret", rows[i].bytes, rows[i].n);
        if (rows[i].reason != NULL)
            assert_refused("secret", rows[i].reason);
        else if (!password_read("secret", out, &why) || strcmp(out, rows[i].password) != 0)
            fail_msg("%s: %s", rows[i].says, why.text);
    }
}

/* Each would be waited for, or read without end: a test of five seconds' patience finds out. */
static void what_is_no_file_is_refused_at_once(void **state)
{
    (void)state;
    alarm(5);
    assert_int_equal(mkfifo("fifo", 0600), 0);
    assert_refused("fifo", "fifo: is no regular file");
    assert_refused("/dev/zero", "/dev/zero: is no regular file");
    assert_refused(".", ".: Is a directory");
    assert_refused("none", "none: No such file or directory");
    alarm(0);
}

static void a_file_that_is_no_place_for_a_password_is_not_read(void **state)
{
    (void)state;
    scratch_write("huge", "open sesame\n");
    assert_int_equal(truncate("huge", 64 * 1024 + 1), 0);
    assert_refused("huge", "huge: larger than 65536 bytes");
}

/* Kubernetes mounts a secret as 0644: a refusal would end what works, and mend nothing there. */
static void whom_else_the_file_lets_read_is_not_asked(void **state)
{
    char out[PASSWORD_MAX];
    struct fault why;
    (void)state;

    scratch_write("secret", "open sesame\n");
    assert_int_equal(chmod("secret", 0644), 0);
    nobody_begin();
    assert_true(password_read("secret", out, &why));
    nobody_end();
    assert_string_equal(out, "open sesame");
    assert_int_equal(chmod("secret", 0600), 0);
    nobody_begin();
    if (geteuid() == NOBODY)
        assert_refused("secret", "secret: Permission denied");
    nobody_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(a_password_is_a_whole_first_line),
        scratch_test(what_is_no_file_is_refused_at_once),
        scratch_test(a_file_that_is_no_place_for_a_password_is_not_read),
        scratch_test(whom_else_the_file_lets_read_is_not_asked),
    };

    return cmocka_run_group_tests_name("password", tests, NULL, NULL);
}
