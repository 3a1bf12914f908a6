/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/conf/ini.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/rows.h"
#include "support/scratch.h"
#include "support/test.h"

/* What was handed over, a line each: "3 [site]", "4 [site] name = essex". */
struct heard {
    char text[4096];
    size_t length;
    size_t longest; // value
};

static void on_entry(const struct ini_entry *entry, void *arg)
{
    struct heard *heard = arg;
    size_t room = sizeof heard->text - heard->length;
    int n =
        entry->key == NULL
            ? snprintf(heard->text + heard->length, room, "%d [%s]\n", entry->line, entry->section)
            : snprintf(heard->text + heard->length, room, "%d [%s] %s = %.200s\n", entry->line,
                       entry->section, entry->key, entry->value);

    assert_true(n > 0 && (size_t)n < room);
    heard->length += (size_t)n;
    if (entry->key != NULL && strlen(entry->value) > heard->longest)
        heard->longest = strlen(entry->value);
}

#define NAME_130                                                                                   \
    "zone ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKL/"                       \
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl"

#define NEITHER(line) "a.conf:" #line ": neither [section] nor key = value\n"

static const struct row {
    const char *says, *text, *want, *complaints;
} rows[] = {
    { "an empty file", "", "", "" },
    { "a section without keys", "[a]\n", "1 [a]\n", "" },
    { "each entry has its line", "\n[a]\n\nk = v\n\n\nl = w\n", "2 [a]\n4 [a] k = v\n7 [a] l = w\n",
      "" },
    { "the last line needs no end", "[a]\nk = v", "1 [a]\n2 [a] k = v\n", "" },
    { "blanks around key and value are none of theirs", "[a]\nk=v\nl   =  w x  \n",
      "1 [a]\n2 [a] k = v\n3 [a] l = w x\n", "" },
    { "a value may be empty", "[a]\nk =\n", "1 [a]\n2 [a] k = \n", "" },
    { "a value may hold = and :", "[a]\nurl = redis://h:1/0?a=b\n",
      "1 [a]\n2 [a] url = redis://h:1/0?a=b\n", "" },
    { "a section twice is told twice", "[a]\nk = v\n[a]\nk = w\n",
      "1 [a]\n2 [a] k = v\n3 [a]\n4 [a] k = w\n", "" },
    { "a key before any section", "k = v\n", "1 [] k = v\n", "" },

    { "comment lines", "; a\n# b\n[a]\n  ; c\nk = v\n", "3 [a]\n5 [a] k = v\n", "" },
    { "a comment after a blank", "[a] ; x\nk = v ; w\nl = v\t# w\n",
      "1 [a]\n2 [a] k = v\n3 [a] l = v\n", "" },
    { "no comment without a blank before it", "[a]\nk = a;b#c\n", "1 [a]\n2 [a] k = a;b#c\n", "" },
    { "two windows of a schedule", "[a]\ns = Mon 08:00-09:00; Tue 08:00-09:00\n",
      "1 [a]\n2 [a] s = Mon 08:00-09:00; Tue 08:00-09:00\n", "" },
    { "a value that is all comment", "[a]\nk = ; v\n", "1 [a]\n2 [a] k = \n", "" },

    { "an indented line goes on with the value", "[a]\nk = v\n  w\n\tx\nl = y\n",
      "1 [a]\n2 [a] k = v w x\n5 [a] l = y\n", "" },
    { "with a comment of its own", "[a]\nk = v ; one\n  w ; two\n", "1 [a]\n2 [a] k = v w\n", "" },
    { "over a comment line between", "[a]\nk = v\n  ; no more\n  w\n", "1 [a]\n2 [a] k = v w\n",
      "" },
    { "up to a section", "[a]\nk = v\n  w\n[b]\nl = x\n",
      "1 [a]\n2 [a] k = v w\n4 [b]\n5 [b] l = x\n", "" },
    { "and up to the end", "[a]\nk = v\n  w", "1 [a]\n2 [a] k = v w\n", "" },
    { "a section's first key may be indented", "[a]\n  k = v\n", "1 [a]\n2 [a] k = v\n", "" },

    { "lines that end as Windows ends them", "[a]\r\nk = v\r\n\r\nl = w\r\n",
      "1 [a]\n2 [a] k = v\n4 [a] l = w\n", "" },
    { "a byte order mark", "\xEF\xBB\xBF[a]\nk = v\n", "1 [a]\n2 [a] k = v\n", "" },
    { "a byte order mark before a comment", "\xEF\xBB\xBF; b\n[a]\n", "2 [a]\n", "" },
    { "a byte order mark before an empty line", "\xEF\xBB\xBF\n[a]\n", "2 [a]\n", "" },
    { "section names of any use are whole", "[" NAME_130 "]\nk = v\n",
      "1 [" NAME_130 "]\n2 [" NAME_130 "] k = v\n", "" },

    { "a line that is nothing", "[a]\nnothing\nk = v\n", "1 [a]\n3 [a] k = v\n", NEITHER(2) },
    { "each such line", "what\n[a]\nnothing\nnever\n", "2 [a]\n",
      NEITHER(1) NEITHER(3) NEITHER(4) },
    { "the last of them without an end", "[a]\nnothing", "1 [a]\n", NEITHER(2) },
    { "a section without its end", "[a\nk = v\n", "1 []\n2 [] k = v\n",
      "a.conf:1: section: no ] at its end\n" },
    { "a section and a key in one line", "[a] k = v\nl = w\n", "1 [a]\n2 [a] l = w\n",
      "a.conf:1: more behind [section]: a key begins a line of its own\n" },
};

/* The file as it is, and not as it came into force. */
static bool read_file(const char *path, void (*hear)(const struct ini_entry *entry, void *arg),
                      void *arg, struct complaints *complaints)
{
    return ini_read_from(NULL, LAST_GOOD_ORDERS, path, hear, arg, complaints);
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct complaints complaints = { 0 };
    struct heard heard = { 0 };

    scratch_write("a.conf", row->text);
    assert_true(read_file("a.conf", on_entry, &heard, &complaints));
    assert_string_equal(heard.text, row->want);
    assert_complaints(row->says, &complaints, row->complaints);
}

/* A polygon of some 10,000 corners stands in one line. */
static void a_line_of_300_kib_is_read_whole(void **state)
{
    struct complaints complaints = { 0 };
    struct heard heard = { 0 };
    size_t n = 300 * 1024;
    char *text = malloc(n + 64);
    (void)state;

    assert_non_null(text);
    memcpy(text, "[a]\nwkt = ", 10);
    memset(text + 10, 'x', n);
    strcpy(text + 10 + n, "\nk = v\nnothing\n");
    scratch_write("a.conf", text);
    free(text);
    assert_true(read_file("a.conf", on_entry, &heard, &complaints));
    assert_int_equal(heard.longest, n);
    assert_non_null(strstr(heard.text, "3 [a] k = v\n"));
    assert_complaints("the lines after it are counted", &complaints, NEITHER(4));
}

static void a_comment_of_300_kib_is_no_key(void **state)
{
    struct complaints complaints = { 0 };
    struct heard heard = { 0 };
    size_t n = 300 * 1024;
    char *text = malloc(n + 64);
    (void)state;

    assert_non_null(text);
    memset(text, ' ', n);
    memcpy(text, "[a]\n; ", 6);
    strcpy(text + n, "k = v\nl = w\n");
    scratch_write("a.conf", text);
    free(text);
    assert_true(read_file("a.conf", on_entry, &heard, &complaints));
    assert_string_equal(heard.text, "1 [a]\n3 [a] l = w\n");
    assert_complaints("nothing", &complaints, "");
}

/* What stands behind a zero would be lost, and the line after it mistaken. */
static void a_zero_in_a_line_is_complained_of(void **state)
{
    static const char text[] = "[a]\nk = v\0 more\n[b]\nl = w\n";
    struct complaints complaints = { 0 };
    struct heard heard = { 0 };
    (void)state;

    scratch_write_bytes("a.conf", text, sizeof text - 1);
    assert_true(read_file("a.conf", on_entry, &heard, &complaints));
    assert_int_equal(complaints.errors, 1);
    complaints_fini(&complaints);
    assert_non_null(strstr(heard.text, "3 [b]\n4 [b] l = w\n"));
}

static void no_file_is_complained_of(void **state)
{
    struct complaints complaints = { 0 };
    struct heard heard = { 0 };
    (void)state;

    assert_false(read_file("none.conf", on_entry, &heard, &complaints));
    assert_complaints("no file", &complaints, "none.conf: No such file or directory\n");
    assert_int_equal(heard.length, 0);
}

static void what_is_no_file_is_not_read(void **state)
{
    struct complaints complaints = { 0 };
    struct heard heard = { 0 };
    (void)state;

    assert_int_equal(mkdir("a.conf", 0755), 0);
    read_file("a.conf", on_entry, &heard, &complaints);
    assert_complaints("a folder", &complaints, "a.conf: Is a directory\n");
    assert_int_equal(mkfifo("b.conf", 0600), 0);
    assert_false(read_file("b.conf", on_entry, &heard, &complaints));
    assert_complaints("a FIFO", &complaints, "b.conf: is no regular file\n");
    assert_int_equal(symlink("/dev/zero", "c.conf"), 0);
    assert_false(read_file("c.conf", on_entry, &heard, &complaints));
    assert_complaints("no end", &complaints, "c.conf: is no regular file\n");
    scratch_write("d.conf", "");
    assert_int_equal(truncate("d.conf", INI_FILE_LIMIT + 1), 0);
    assert_false(read_file("d.conf", on_entry, &heard, &complaints));
    assert_complaints("too large", &complaints, "d.conf: larger than 268435456 bytes\n");
}

static void ignore(const struct ini_entry *entry, void *arg)
{
    assert_non_null(entry->section);
    assert_true(entry->line > 0);
    (void)arg;
}

static void every_file_of_the_suite_is_read_to_its_end(void **state)
{
    DIR *suite = opendir(SHARED_DATA "/suite-ini/tests");
    struct dirent *entry;
    (void)state;

    if (suite == NULL)
        skip();
    while ((entry = readdir(suite)) != NULL) {
        struct complaints complaints = { 0 };
        char path[1024];

        snprintf(path, sizeof path, "%s/suite-ini/tests/%s", SHARED_DATA, entry->d_name);
        if (entry->d_name[0] != '.')
            assert_true(read_file(path, ignore, NULL, &complaints));
        complaints_fini(&complaints);
    }
    closedir(suite);
}

static void what_is_no_utf_8_is_one_complaint(void **state)
{
    static const char utf_16[] = "\xFF\xFE[\0a\0]\0\n";
    struct complaints complaints = { 0 };
    struct heard heard = { 0 };
    (void)state;

    scratch_write_bytes("a.conf", utf_16, sizeof utf_16);
    assert_false(read_file("a.conf", on_entry, &heard, &complaints));
    assert_string_equal(heard.text, "");
    assert_complaints("UTF-16", &complaints, "a.conf:1: UTF-16, not UTF-8: save it as UTF-8\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(a_line_of_300_kib_is_read_whole),
        scratch_test(a_comment_of_300_kib_is_no_key),
        scratch_test(a_zero_in_a_line_is_complained_of),
        scratch_test(no_file_is_complained_of),
        scratch_test(what_is_no_utf_8_is_one_complaint),
        scratch_test(what_is_no_file_is_not_read),
        cmocka_unit_test(every_file_of_the_suite_is_read_to_its_end),
    };

    return rows_hold_in("ini_rows", rows, row_holds, scratch_setup, scratch_teardown) +
           cmocka_run_group_tests_name("ini", tests, NULL, NULL);
}
