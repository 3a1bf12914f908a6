/* SPDX-License-Identifier: Apache-2.0 */
/* The cookie that is ours, among whatever stands in the header. */
#include "web/cookie.h"

#include <string.h>

#include "support/rows.h"
#include "support/test.h"

#define ID    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "ff23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct row {
    const char *says, *header;
    bool secure, found;
} rows[] = {
    { "no header", NULL, false, false },
    { "an empty one", "", false, false },
    { "ours", "breachd=" ID, false, true },
    { "ours by TLS", "__Host-breachd=" ID, true, true },
    { "ours among others", "a=b; breachd=" ID "; c=d", false, true },
    { "no blank behind the semicolon", "a=b;breachd=" ID ";c", false, true },
    { "blanks around", "  breachd=" ID "\t ; x", false, true },
    { "by TLS the plain one is nothing", "breachd=" ID, true, false },
    { "without TLS the other is nothing", "__Host-breachd=" ID, false, false },
    { "twice", "breachd=" ID "; breachd=" OTHER, false, false },
    { "twice the same", "breachd=" ID "; breachd=" ID, false, false },
    { "a name that ends like it", "xbreachd=" ID, false, false },
    { "a name that begins like it", "breachdx=" ID, false, false },
    { "too short",
      "breachd="
      "0123",
      false, false },
    { "too long", "breachd=" ID "0", false, false },
    { "a large letter", "breachd=A123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      false, false },
    { "in quotes", "breachd=\"" ID "\"", false, false },
    { "empty", "breachd=", false, false },
    { "no value", "breachd", false, false },
    { "semicolons alone", ";;; ;", false, false },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    char id[SECRET_HEX] = "";

    assert_int_equal(cookie_read(row->header, row->secure, id), row->found);
    assert_string_equal(id, row->found ? ID : "");
}

static void what_is_set_is_kept_from_scripts_and_other_sites(void **state)
{
    char text[COOKIE_TEXT_MAX];
    (void)state;

    assert_string_equal(cookie_print(ID, true, text),
                        "__Host-breachd=" ID "; Path=/; HttpOnly; SameSite=Strict; Secure");
    assert_string_equal(cookie_print(ID, false, text),
                        "breachd=" ID "; Path=/; HttpOnly; SameSite=Strict");
    assert_string_equal(cookie_print("", true, text), "__Host-breachd=; Path=/; HttpOnly; "
                                                      "SameSite=Strict; Secure; Max-Age=0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_set_is_kept_from_scripts_and_other_sites),
    };

    return rows_hold("cookie", rows, row_holds) +
           cmocka_run_group_tests_name("cookie", tests, NULL, NULL);
}
