/* SPDX-License-Identifier: Apache-2.0 */
/* LEDGER-rules: what was last good comes back byte by byte, or not at all. */
#include "adapter/last_good.h"

#include "adapter/absolute.h"
#include "adapter/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/rows.h"
#include "support/scratch.h"

static const char name[] = "ledger.db-rules";
static const struct utc read_at = { 1592943245000 };

static bool write_all(struct last_good_copy *copy, char digest[DIGEST_HEX])
{
    struct fault why;

    last_good_copy_add(copy, LAST_GOOD_SETTINGS, "breachd.conf", "[site]\n", 7);
    last_good_copy_to(copy, name);
    last_good_copy_add(copy, LAST_GOOD_ORDERS, "orders.d/a.conf", "a\0b\nend 1 2 3\n", 14);
    last_good_copy_add(copy, LAST_GOOD_ORDERS, "orders.d/b c.conf", "", 0);
    last_good_copy_add(copy, LAST_GOOD_SHAPE, "shapes/x.geojson\torders.d/a.conf", "{}", 2);
    last_good_copy_add(copy, LAST_GOOD_SHAPE, "shapes/x.geojson\torders.d/a.conf", "{}", 2);
    last_good_copy_order(copy, "A", UTC_NEVER);
    last_good_copy_order(copy, "B", (struct utc){ 1594000000000 });
    return last_good_copy_end(copy, read_at, digest, &why) && last_good_copy_commit(copy, &why);
}

static void write_it(char digest[DIGEST_HEX])
{
    struct last_good_copy *copy = last_good_copy_create();

    assert_true(write_all(copy, digest));
    last_good_copy_destroy(copy);
}

static struct last_good *read_it(struct fault *why)
{
    struct last_good *last;
    bool there = false;

    last = last_good_read(name, &there, why);
    assert_true(there);
    return last;
}

static void it_comes_back_as_it_was(void **state)
{
    char digest[DIGEST_HEX];
    const struct last_good_text *text;
    struct last_good *last;
    struct fault why;
    struct stat what;

    (void)state;
    write_it(digest);
    assert_int_equal(stat(name, &what), 0);
    assert_int_equal(what.st_mode & 07777, 0600);
    assert_int_not_equal(access("ledger.db-rules.new", F_OK), 0);
    last = read_it(&why);
    assert_non_null(last);
    assert_string_equal(last_good_digest(last), digest);
    assert_int_equal(last_good_at(last).ms, read_at.ms);
    text = last_good_find(last, LAST_GOOD_ORDERS, "orders.d/a.conf");
    assert_int_equal(text->n, 14);
    assert_memory_equal(text->bytes, "a\0b\nend 1 2 3\n", 14);
    assert_int_equal(last_good_find(last, LAST_GOOD_ORDERS, "orders.d/b c.conf")->n, 0);
    assert_null(last_good_find(last, LAST_GOOD_ORDERS, "breachd.conf"));
    assert_non_null(last_good_nth(last, LAST_GOOD_SHAPE, 0));
    assert_null(last_good_nth(last, LAST_GOOD_SHAPE, 1)); // the same, once
    assert_string_equal(last_good_order(last, 1)->id, "B");
    assert_null(last_good_order(last, 2));
    assert_int_equal(last_good_order(last, 0)->until.ms, UTC_NEVER.ms);
    assert_int_equal(last_good_find_order(last, "B")->until.ms, 1594000000000);
    assert_null(last_good_find_order(last, "C"));
    last_good_free(last);
}

static char *slurp(size_t *out_n)
{
    FILE *file = fopen(name, "re");
    char *bytes = malloc(8192);

    *out_n = fread(bytes, 1, 8192, file);
    fclose(file);
    return bytes;
}

/* A bit that tipped over, a line taken out of a copy: none of it may come into force. */
static void one_byte_that_is_another_is_found_wherever_it_is(void **state)
{
    char digest[DIGEST_HEX], *bytes;
    struct fault why;
    size_t n;

    (void)state;
    write_it(digest);
    bytes = slurp(&n);
    for (size_t i = 0; i < n; i++) {
        bytes[i] = (char)(bytes[i] ^ 1);
        scratch_write_bytes(name, bytes, n);
        if (read_it(&why) != NULL)
            fail_msg("byte %zu of %zu may be another", i, n);
        bytes[i] = (char)(bytes[i] ^ 1);
    }
    free(bytes);
}

static void so_is_a_file_that_was_cut_or_goes_on(void **state)
{
    char digest[DIGEST_HEX], *bytes;
    struct fault why;
    size_t n;

    (void)state;
    write_it(digest);
    bytes = slurp(&n);
    for (size_t i = 0; i < n; i++) {
        scratch_write_bytes(name, bytes, i);
        assert_null(read_it(&why));
    }
    bytes[n] = '\n';
    scratch_write_bytes(name, bytes, n + 1);
    assert_null(read_it(&why));
    free(bytes);
}

static void where_there_is_none_that_is_no_fault(void **state)
{
    bool there = true;
    struct fault why;

    (void)state;
    assert_null(last_good_read(name, &there, &why));
    assert_false(there);
}

static void what_others_may_write_is_not_taken(void **state)
{
    char digest[DIGEST_HEX];
    struct fault why;

    (void)state;
    write_it(digest);
    assert_int_equal(chmod(name, 0620), 0);
    assert_null(read_it(&why));
    assert_string_equal(why.text, "somebody else may write it");
}

static void what_was_good_before_stays_until_the_new_one_is_whole(void **state)
{
    char digest[DIGEST_HEX], *bytes, *after;
    struct last_good_copy *copy;
    size_t n, n_after;

    (void)state;
    write_it(digest);
    bytes = slurp(&n);
    copy = last_good_copy_create();
    last_good_copy_add(copy, LAST_GOOD_SETTINGS, "breachd.conf", "[other]\n", 8);
    last_good_copy_to(copy, name);
    last_good_copy_destroy(copy); // refused
    after = slurp(&n_after);
    assert_int_equal(n_after, n);
    assert_memory_equal(after, bytes, n);
    assert_int_not_equal(access("ledger.db-rules.new", F_OK), 0);
    free(bytes);
    free(after);
}

static void a_shape_that_changes_while_it_is_read_is_not_kept(void **state)
{
    struct last_good_copy *copy = last_good_copy_create();
    char digest[DIGEST_HEX];
    struct fault why;

    (void)state;
    last_good_copy_to(copy, name);
    last_good_copy_add(copy, LAST_GOOD_SHAPE, "x.geojson\ta.conf", "{}", 2);
    last_good_copy_add(copy, LAST_GOOD_SHAPE, "x.geojson\ta.conf", "[]", 2);
    assert_false(last_good_copy_end(copy, read_at, digest, &why));
    assert_string_equal(why.text, "x.geojson\ta.conf: has changed while it was read");
    assert_false(last_good_copy_commit(copy, &why));
    last_good_copy_destroy(copy);
    assert_int_not_equal(access(name, F_OK), 0);
}

static void a_folder_that_cannot_be_written_is_told_at_the_end(void **state)
{
    struct last_good_copy *copy = last_good_copy_create();
    char digest[DIGEST_HEX];
    struct fault why;

    (void)state;
    last_good_copy_to(copy, "none/ledger.db-rules");
    last_good_copy_add(copy, LAST_GOOD_SETTINGS, "breachd.conf", "[site]\n", 7);
    assert_false(last_good_copy_end(copy, read_at, digest, &why));
    assert_non_null(strstr(why.text, "none/ledger.db-rules.new: No such file or directory"));
    last_good_copy_destroy(copy);
}

static void each_file_of_orders_has_its_shapes(void **state)
{
    static const char *const shapes[] = { "1\ta", "2\tb", "3\ta", "4\tc", "5\ta" };
    struct last_good_copy *copy = last_good_copy_create();
    const struct last_good_text *shape;
    char digest[DIGEST_HEX], said[8] = "";
    struct last_good *last;
    struct fault why;

    (void)state;
    last_good_copy_add(copy, LAST_GOOD_SETTINGS, "breachd.conf", "[site]\n", 7);
    last_good_copy_to(copy, name);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        last_good_copy_add(copy, LAST_GOOD_SHAPE, shapes[i], "{}", 2);
    assert_true(last_good_copy_end(copy, read_at, digest, &why));
    assert_true(last_good_copy_commit(copy, &why));
    last_good_copy_destroy(copy);
    last = read_it(&why);
    for (shape = last_good_shape(last, "a"); shape != NULL;
         shape = last_good_next_shape(last, shape))
        strncat(said, shape->name, 1);
    assert_string_equal(said, "135");
    shape = last_good_shape(last, "c");
    assert_string_equal(shape->name, "4\tc");
    assert_null(last_good_next_shape(last, shape));
    assert_null(last_good_shape(last, "d"));
    last_good_free(last);
}

/* ---- from where a text is read ---- */

static const char *read_source(const struct sources *sources, const char *path, char out[64])
{
    struct source source;
    struct fault why;
    size_t n;

    if (!source_open(sources, LAST_GOOD_ORDERS, path, NULL, 100, &source, &why)) {
        snprintf(out, 64, "%.60s", why.text);
        return out;
    }
    n = fread(out, 1, 63, source.file);
    out[n] = '\0';
    source_close(&source);
    return out;
}

/* The same texts by the names that their files have here. */
static void write_here(void)
{
    struct last_good_copy *copy = last_good_copy_create();
    char at[SOURCE_NAME_MAX], digest[DIGEST_HEX];
    struct fault why;

    last_good_copy_add(copy, LAST_GOOD_SETTINGS, source_name("breachd.conf", NULL, at), "[site]\n",
                       7);
    last_good_copy_to(copy, "ledger.db-rules");
    last_good_copy_add(copy, LAST_GOOD_ORDERS, source_name("orders.d/a.conf", NULL, at),
                       "a\0b\nend 1 2 3\n", 14);
    last_good_copy_add(copy, LAST_GOOD_ORDERS, source_name("orders.d/b c.conf", NULL, at), "", 0);
    assert_true(last_good_copy_end(copy, read_at, digest, &why));
    assert_true(last_good_copy_commit(copy, &why));
    last_good_copy_destroy(copy);
}

static void a_file_that_is_held_is_read_as_it_was(void **state)
{
    char at[SOURCE_NAME_MAX], text[64];
    const char *const held[] = { source_name("orders.d/a.conf", NULL, at) };
    struct last_good *last;
    struct sources sources = { .held = held, .n_held = 1 };
    struct fault why;

    (void)state;
    scratch_write("orders.d/a.conf", "now");
    scratch_write("orders.d/b c.conf", "now too");
    write_here();
    sources.last = last = read_it(&why);
    assert_string_equal(read_source(NULL, "orders.d/a.conf", text), "now");
    assert_memory_equal(read_source(&sources, "./orders.d//a.conf", text), "a\0b\nend 1 2 3\n", 14);
    assert_string_equal(read_source(&sources, "orders.d/b c.conf", text), "now too");
    sources.by_last = true;
    assert_string_equal(read_source(&sources, "orders.d/b c.conf", text), "");
    assert_string_equal(read_source(&sources, "orders.d/c.conf", text),
                        "No such file or directory");
    last_good_free(last);
}

static void a_name_is_called_as_its_folder_is(void **state)
{
    char at[SOURCE_NAME_MAX], called[SOURCE_NAME_MAX];

    (void)state;
    source_name("orders.d/a.conf", NULL, at);
    assert_int_equal(at[0], '/');
    assert_string_equal(source_called(at, "./orders.d", called), "./orders.d/a.conf");
    assert_string_equal(source_called(at, "elsewhere", called), at);
    assert_string_equal(source_called(at, "", called), at);
    assert_string_equal(source_called("/orders.d/a.conf", "/orders.d", called), "/orders.d/a.conf");
}

/* A path that is spelled otherwise, or leads there by a link, is the same file. */
static void paths_are_compared_by_where_they_lead(void **state)
{
    char path[64];

    (void)state;
    assert_string_equal(absolute_path("/./a//b/./c/", path, sizeof path), "/a/b/c");
    assert_string_equal(absolute_path("/a/../b", path, sizeof path), "/a/../b");
    assert_string_equal(absolute_path("/", path, sizeof path), "/");
    assert_string_equal(absolute_path("/too/long", path, 5), "/too");
    scratch_write("one.conf", "");
    scratch_write("two.conf", "");
    assert_int_equal(symlink("one.conf", "link.conf"), 0);
    assert_true(absolute_same("one.conf", "./one.conf"));
    assert_true(absolute_same("one.conf", "link.conf"));
    assert_false(absolute_same("one.conf", "two.conf"));
    assert_true(absolute_same("none", "./none"));
    assert_false(absolute_same("none", "no"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(it_comes_back_as_it_was),
        scratch_test(one_byte_that_is_another_is_found_wherever_it_is),
        scratch_test(so_is_a_file_that_was_cut_or_goes_on),
        scratch_test(where_there_is_none_that_is_no_fault),
        scratch_test(what_others_may_write_is_not_taken),
        scratch_test(what_was_good_before_stays_until_the_new_one_is_whole),
        scratch_test(a_shape_that_changes_while_it_is_read_is_not_kept),
        scratch_test(a_folder_that_cannot_be_written_is_told_at_the_end),
        scratch_test(each_file_of_orders_has_its_shapes),
        scratch_test(a_file_that_is_held_is_read_as_it_was),
        scratch_test(a_name_is_called_as_its_folder_is),
        scratch_test(paths_are_compared_by_where_they_lead),
    };

    return cmocka_run_group_tests_name("last_good", tests, NULL, NULL);
}
