/* SPDX-License-Identifier: Apache-2.0 */
/* A struct at rest: whatever its words are, they come back, and as many as before always fit. */
#include "core/pressed.h"

#include <stdint.h>
#include <string.h>

#include "support/dice.h"
#include "support/test.h"

enum { TURNS = 20000, WORDS_MAX = PRESSED_MAX / PRESSED_WORD };

static void whatever_it_is_it_comes_back(void **state)
{
    static uint64_t value[WORDS_MAX], blank[WORDS_MAX], back[WORDS_MAX];
    struct dice dice = dice_begin();
    struct pressed pressed = { 0 };

    (void)state;
    for (unsigned turn = 0; turn < TURNS; turn++) {
        size_t words = 1 + dice_below(&dice, turn % 10 == 0 ? WORDS_MAX : 70);
        unsigned odds = 1 + dice_below(&dice, 30);

        for (size_t i = 0; i < words; i++) {
            blank[i] = dice_below(&dice, 3);
            value[i] = dice_below(&dice, odds) == 0 ? dice_below(&dice, 1000) : blank[i];
        }
        assert_true(press(&pressed, value, blank, words * PRESSED_WORD));
        memset(back, 0xa5, sizeof back);
        unpress(&pressed, back, blank, words * PRESSED_WORD);
        assert_memory_equal(back, value, words * PRESSED_WORD);
        assert_true(words == WORDS_MAX || back[words] == 0xa5a5a5a5a5a5a5a5);
    }
    pressed_free(&pressed);
}

static void a_blank_one_takes_no_room_at_all(void **state)
{
    uint64_t value[100] = { [3] = 7 }, blank[100] = { [3] = 7 };
    struct pressed pressed = { 0 };

    (void)state;
    assert_true(press(&pressed, value, blank, sizeof value));
    assert_null(pressed.bytes);
    value[99] = 1;
    assert_true(press(&pressed, value, blank, sizeof value));
    assert_int_equal(pressed.size, 16 + 8); // a bit for each of the words, and one of them
    value[99] = 0;
    assert_true(press(&pressed, value, blank, sizeof value));
    assert_null(pressed.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_it_is_it_comes_back),
        cmocka_unit_test(a_blank_one_takes_no_room_at_all),
    };

    return cmocka_run_group_tests_name("pressed", tests, NULL, NULL);
}
