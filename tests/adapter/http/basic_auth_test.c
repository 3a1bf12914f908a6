/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/http/basic_auth.h"

#include <stdio.h>
#include <string.h>

#include "support/rows.h"

/* `want` NULL: nobody. */
static const struct row {
    const char *says, *header, *want;
} rows[] = {
    { "a user with a password", "Basic dGFnLTAwNDI6c2VjcmV0", "tag-0042" },
    { "the scheme in any case", "bAsIc dGFnLTAwNDI6c2VjcmV0", "tag-0042" },
    { "blanks before the code", "Basic    dGFnLTAwNDI6c2VjcmV0", "tag-0042" },
    { "a password of colons", "Basic dGFnLTE6Ojo6", "tag-1" },
    { "no password", "Basic dGFnLTAwNDI6", "tag-0042" },
    { "no header", NULL, NULL },
    { "an empty header", "", NULL },
    { "another scheme", "Bearer dGFnLTAwNDI6c2VjcmV0", NULL },
    { "nothing behind the scheme", "Basic ", NULL },
    { "no colon", "Basic dGFnLTAwNDI=", NULL },
    { "no user", "Basic OnNlY3JldA==", NULL },
    { "a user that is no device's id", "Basic amFuZSBkb2U6eA==", NULL },
    { "a zero within the user", "Basic dGFnADE6eA==", NULL },
    { "no base64", "Basic t@g-0042:secret", NULL },
    { "base64 cut short", "Basic dGFnLTAwNDI6c2VjcmV", NULL },
};

static void that_is_the_user(void **state)
{
    const struct row *row = *state;
    char user[NAME_MAX_CHARS + 1] = "untouched";
    bool ok = basic_auth_user(row->header, user);

    assert_int_equal(ok, row->want != NULL);
    assert_string_equal(user, ok ? row->want : "untouched");
}

/* Over 1,024 characters it is not even decoded. */
static void a_long_header_names_nobody(void **state)
{
    char header[2048] = "Basic ", user[NAME_MAX_CHARS + 1];

    (void)state;
    for (size_t n = 0; n < 1024 / 4; n++)
        strcat(header, "Ojo6"); // ":::"
    memcpy(header + 6, "dGFnLTE6", 8);
    assert_true(basic_auth_user(header, user));
    strcat(header, "Ojo6");
    assert_false(basic_auth_user(header, user));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_long_header_names_nobody) };

    return rows_hold("users", rows, that_is_the_user) +
           cmocka_run_group_tests_name("basic_auth", tests, NULL, NULL);
}
