/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/base64.h"

#include <string.h>

#include "support/dice.h"
#include "support/test.h"

static void bytes_are_the_texts_of_rfc_4648(void **state)
{
    static const char *const rows[][2] = { { "", "" },
                                           { "f", "Zg==" },
                                           { "fo", "Zm8=" },
                                           { "foo", "Zm9v" },
                                           { "foob", "Zm9vYg==" },
                                           { "fooba", "Zm9vYmE=" },
                                           { "foobar", "Zm9vYmFy" } };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char bytes[16];
        char text[16];
        size_t n;

        base64_print((const unsigned char *)rows[i][0], strlen(rows[i][0]), text);
        assert_string_equal(text, rows[i][1]);
        assert_true(base64_read(text, bytes, sizeof bytes, &n));
        assert_int_equal(n, strlen(rows[i][0]));
        assert_memory_equal(bytes, rows[i][0], n);
    }
}

static void any_bytes_come_back(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (size_t n = 0; n < 300; n++) {
        unsigned char bytes[300], back[300];
        char text[BASE64_CHARS(300) + 1];
        size_t read;

        for (size_t i = 0; i < n; i++)
            bytes[i] = (unsigned char)dice_below(&dice, 256);
        base64_print(bytes, n, text);
        assert_int_equal(strlen(text), BASE64_CHARS(n));
        assert_true(base64_read(text, back, n, &read));
        assert_int_equal(read, n);
        assert_memory_equal(back, bytes, n);
        if (n > 0)
            assert_false(base64_read(text, back, n - 1, &read)); // a byte too many
    }
}

static void what_is_none_is_refused(void **state)
{
    static const char *const none[] = { "Z",    "Zg",   "Zg=",      "Z===",  "====", "Zh==", "Zm9=",
                                        "Zg=A", "=g==", "Zg==Zg==", "Zm9\n", "Zm9-", "Z g=" };
    unsigned char bytes[16];
    size_t n;

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (base64_read(none[i], bytes, sizeof bytes, &n))
            fail_msg("%s", none[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_the_texts_of_rfc_4648),
        cmocka_unit_test(any_bytes_come_back),
        cmocka_unit_test(what_is_none_is_refused),
    };

    return cmocka_run_group_tests_name("base64", tests, NULL, NULL);
}
