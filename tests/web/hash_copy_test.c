/* SPDX-License-Identifier: Apache-2.0 */
/* What is new, other or gone since the scan before; what is no JSON is never there. */
#include "web/hash_copy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static char copied[512];

static void on_change(const char *field, const char *value, void *arg)
{
    size_t n = strlen(copied);
    (void)arg;

    snprintf(copied + n, sizeof copied - n, "%s=%s;", field, value != NULL ? value : "gone");
}

static bool put(struct hash_copy *copy, const char *field, const char *value)
{
    return hash_copy_put(copy, field, strlen(field), value, strlen(value));
}

static const char *end(struct hash_copy *copy)
{
    copied[0] = '\0';
    hash_copy_end(copy, on_change, NULL);
    return copied;
}

static void what_changed_is_told_and_nothing_else(void **state)
{
    struct hash_copy *copy = hash_copy_create();
    (void)state;

    assert_false(hash_copy_is_known(copy));
    hash_copy_begin(copy);
    assert_true(put(copy, "A/1", "{\"n\":1}") && put(copy, "B/1", "{\"n\":\n2}"));
    assert_string_equal(end(copy), "A/1={\"n\":1};B/1={\"n\": 2};");
    assert_true(hash_copy_is_known(copy));
    hash_copy_begin(copy); // the same, in another order, one twice
    put(copy, "B/1", "{\"n\":\n2}");
    put(copy, "A/1", "{\"n\":0}");
    put(copy, "A/1", "{\"n\":1}");
    assert_string_equal(end(copy), "");
    hash_copy_begin(copy);
    put(copy, "A/1", "{\"n\":3}");
    assert_string_equal(end(copy), "A/1={\"n\":3};B/1=gone;");
    assert_string_equal(hash_copy_get(copy, "A/1"), "{\"n\":3}");
    assert_null(hash_copy_get(copy, "B/1"));
    hash_copy_destroy(copy);
}

static void no_place_is_told_nor_that_it_is_another(void **state)
{
    struct hash_copy *copy = hash_copy_create();
    (void)state;

    hash_copy_begin(copy);
    put(copy, "A/1", "{\"n\":1,\"ping\":{\"lat\":51.5,\"lon\":0.5}}");
    assert_string_equal(end(copy), "A/1={\"n\":1,\"ping\":{}};");
    hash_copy_begin(copy);
    put(copy, "A/1", "{\"n\":1,\"ping\":{\"lat\":51.6,\"lon\":0.5}}");
    assert_string_equal(end(copy), "");
    assert_string_equal(hash_copy_get(copy, "A/1"), "{\"n\":1,\"ping\":{}}");
    hash_copy_destroy(copy);
}

static void a_scan_that_was_broken_off_is_forgotten(void **state)
{
    struct hash_copy *copy = hash_copy_create();
    (void)state;

    hash_copy_begin(copy);
    put(copy, "A/1", "{}");
    assert_string_equal(end(copy), "A/1={};");
    hash_copy_begin(copy);
    put(copy, "B/1", "{}");
    hash_copy_begin(copy);
    put(copy, "A/1", "{}");
    assert_string_equal(end(copy), "");
    hash_copy_destroy(copy);
}

static void what_is_no_object_is_left_out(void **state)
{
    static const char *const bad[] = { "", "1", "[]", "{", "{}x", "{\"a\":\"\xFF\"}", "null" };
    struct hash_copy *copy = hash_copy_create();
    char name[HASH_COPY_FIELD_MAX + 1];
    (void)state;

    hash_copy_begin(copy);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(put(copy, "A/1", bad[i]));
    memset(name, 'x', HASH_COPY_FIELD_MAX);
    name[HASH_COPY_FIELD_MAX] = '\0';
    assert_false(put(copy, name, "{}"));
    assert_true(put(copy, name + 1, "{}"));
    assert_false(put(copy, "", "{}"));
    assert_false(put(copy, "\xFF", "{}"));
    assert_false(hash_copy_put(copy, "a\0b", 3, "{}", 2));
    end(copy);
    assert_int_equal(hash_copy_count(copy), 1);
    hash_copy_destroy(copy);
}

static void one_more_than_fits_is_left_out(void **state)
{
    struct hash_copy *copy = hash_copy_create();
    char name[16];
    (void)state;

    hash_copy_begin(copy);
    for (int i = 0; i < HASH_COPY_MAX; i++) {
        snprintf(name, sizeof name, "%d", i);
        assert_true(put(copy, name, "{}"));
    }
    assert_false(put(copy, "more", "{}"));
    hash_copy_destroy(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_changed_is_told_and_nothing_else),
        cmocka_unit_test(no_place_is_told_nor_that_it_is_another),
        cmocka_unit_test(a_scan_that_was_broken_off_is_forgotten),
        cmocka_unit_test(what_is_no_object_is_left_out),
        cmocka_unit_test(one_more_than_fits_is_left_out),
    };

    return cmocka_run_group_tests_name("hash_copy", tests, NULL, NULL);
}
