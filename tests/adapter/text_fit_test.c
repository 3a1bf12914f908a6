/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/text.h"

#include <jansson.h>
#include <string.h>

#include "support/dice.h"
#include "support/rows.h"

static const struct row {
    const char *says, *text;
    size_t room;
    const char *want;
} rows[] = {
    { "what fits stands", "inside by 42 m", 64, "inside by 42 m" },
    { "nothing is nothing", "", 4, "" },
    { "it fits with its zero", "abc", 4, "abc" },
    { "longer is cut, and seen to be", "abcd", 4, "\xE2\x80\xA6" },
    { "cut after a character", "abcdefgh", 8, "abcd\xE2\x80\xA6" },
    { "never in a character", "abc\xC3\xA9\xC3\xA9", 7, "abc\xE2\x80\xA6" },
    { "what is no UTF-8 is a question mark", "a\xFF\xC3", 64, "a??" },
    { "nor is a longer form than needed", "\xC0\x80\xE0\x80\x80\xF0\x80\x80\x80", 64, "?????????" },
    { "nor a half of a pair", "\xED\xA0\x80", 64, "???" },
    { "nor what is beyond", "\xF4\x90\x80\x80\xF5", 64, "?????" },
    { "four bytes are one", "\xF0\x9F\x9A\x93", 64, "\xF0\x9F\x9A\x93" },
};

static void it_is_fitted(void **state)
{
    const struct row *row = *state;
    char out[64];

    assert_string_equal(text_fit(row->text, out, row->room), row->want);
}

static void any_bytes_can_be_printed_as_json(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int i = 0; i < 20000; i++) {
        size_t n = dice_below(&dice, 40), room = 4 + dice_below(&dice, 40);
        char text[41], out[64];
        json_t *json;

        for (size_t k = 0; k < n; k++) // bytes that begin and go on with characters, often
            text[k] = (char)(dice_below(&dice, 2) == 0 ? 1 + dice_below(&dice, 255)
                                                       : 0x80 + dice_below(&dice, 128));
        text[n] = '\0';
        json = json_string(text_fit(text, out, room));
        assert_non_null(json);
        assert_true(strlen(out) < room);
        json_decref(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(any_bytes_can_be_printed_as_json) };

    return rows_hold("text_fit", rows, it_is_fitted) +
           cmocka_run_group_tests_name("text_fit", tests, NULL, NULL);
}
