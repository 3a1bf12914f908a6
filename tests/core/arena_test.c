/* SPDX-License-Identifier: Apache-2.0 */
#include "core/arena.h"

#include <stdalign.h>
#include <string.h>

#include "support/test.h"

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
    enum { PIECES = 5000 };
    static unsigned char *pieces[PIECES];
    struct arena arena = { 0 };

    (void)state;
    for (size_t i = 0; i < PIECES; i++) {
        pieces[i] = arena_take(&arena, 1 + i % 97);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % 8, 0);
        for (size_t b = 0; b < 1 + i % 97; b++)
            assert_int_equal(pieces[i][b], 0);
        memset(pieces[i], (int)(i % 251) + 1, 1 + i % 97);
    }
    for (size_t i = 0; i < PIECES; i++)
        assert_int_equal(pieces[i][i % 97], i % 251 + 1);
    arena_fini(&arena);
}

static void a_piece_may_be_larger_than_a_block(void **state)
{
    struct arena arena = { 0 };
    char *small = arena_take(&arena, 10), *large = arena_take(&arena, 10 << 20);

    (void)state;
    assert_non_null(small);
    assert_non_null(large);
    memset(large, 'x', 10 << 20);
    assert_int_equal(small[9], 0);
    arena_fini(&arena);
}

/* What is cleared is zeroed, and lent out again from one block, however many there were. */
static void what_is_cleared_is_zeroed_and_one_block_is_kept(void **state)
{
    struct arena arena = { 0 };
    char *first, *again;

    (void)state;
    arena_clear(&arena);
    assert_null(arena.newest);
    for (int i = 0; i < 3000; i++)
        memset(arena_take(&arena, 1000), 'x', 1000);
    arena_clear(&arena);
    first = arena_take(&arena, 100000);
    for (size_t i = 0; i < 100000; i++)
        assert_int_equal(first[i], 0);
    arena_clear(&arena);
    again = arena_take(&arena, 10);
    assert_ptr_equal(again, first);
    memset(arena_take(&arena, 10 << 20), 'x', 10 << 20); // one that nobody keeps
    arena_clear(&arena);
    assert_null(arena.newest);
    arena_fini(&arena);
}

static void a_text_is_a_copy_and_none_is_none(void **state)
{
    struct arena arena = { 0 };
    char name[] = "tag-0042";
    char *copy = arena_text(&arena, name);

    (void)state;
    name[0] = 'x';
    assert_string_equal(copy, "tag-0042");
    assert_string_equal(arena_text(&arena, ""), "");
    assert_null(arena_text(&arena, NULL));
    arena_fini(&arena);
}

/* An arena of a million orders is mostly texts. */
static void texts_lie_close_and_pieces_stay_aligned(void **state)
{
    struct arena arena = { 0 };
    const char *one = arena_text(&arena, "14"), *two = arena_text(&arena, "15");
    const void *piece = arena_take(&arena, 8);

    (void)state;
    assert_int_equal(two - one, 3);
    assert_int_equal((uintptr_t)piece % 8, 0);
    assert_string_equal(one, "14");
    assert_string_equal(two, "15");
    arena_fini(&arena);
}

static void fini_leaves_it_empty_and_usable(void **state)
{
    struct arena arena = { 0 };

    (void)state;
    arena_fini(&arena);
    assert_non_null(arena_take(&arena, 1));
    arena_fini(&arena);
    assert_null(arena.newest);
    assert_non_null(arena_take(&arena, 1));
    arena_fini(&arena);
}

/* Whatever was taken since, over many blocks, is gone, and what is taken next is zeroed. */
static void back_is_where_it_stood(void **state)
{
    struct arena arena = { 0 };
    struct arena_place empty = arena_here(&arena), place;
    char *kept = arena_text(&arena, "kept"), *first, *again;

    (void)state;
    for (int round = 0; round < 3; round++) {
        place = arena_here(&arena);
        first = arena_take(&arena, 40);
        memset(first, 'x', 40);
        for (int i = 0; i < 5; i++)
            assert_non_null(arena_take(&arena, 50000));
        arena_back(&arena, place);
        again = arena_take(&arena, 40);
        assert_ptr_equal(again, first);
        for (int i = 0; i < 40; i++)
            assert_int_equal(again[i], 0);
    }
    assert_string_equal(kept, "kept");
    arena_back(&arena, empty);
    assert_null(arena.newest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(back_is_where_it_stood),
        cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(a_piece_may_be_larger_than_a_block),
        cmocka_unit_test(what_is_cleared_is_zeroed_and_one_block_is_kept),
        cmocka_unit_test(a_text_is_a_copy_and_none_is_none),
        cmocka_unit_test(texts_lie_close_and_pieces_stay_aligned),
        cmocka_unit_test(fini_leaves_it_empty_and_usable),
    };

    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
