/* SPDX-License-Identifier: Apache-2.0 */
/* The users file, and passwords in it. */
#include "adapter/http/users.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/rows.h"
#include "support/scratch.h"

#define SALT "AAECAwQFBgcICQoLDA0ODw"
#define HASH "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define GOOD "$scrypt$ln=15,r=8,p=1$" SALT "$" HASH

#define COST_WANTED                                                                                \
    "the password is not like $scrypt$ln=15,r=8,p=1$SALT$HASH: breachctl user makes it\n"
#define BASE64_WANTED "the password's salt and hash are not 22 and 43 characters of base64\n"

static const struct row {
    const char *says, *text, *want;
} rows[] = {
    { "an empty file", "", "" },
    { "a remark and an empty line", "# a\n\n  ; b\n", "" },
    { "each role", "a view " GOOD "\nb room " GOOD "\nc map " GOOD "\n", "" },
    { "who has no password", "a view -\n", "" },
    { "tabs, and a line break of Windows", "a\tview\t" GOOD "\t\r\n", "" },
    { "a byte order mark",
      "\xEF\xBB\xBF"
      "a view -\n",
      "" },
    { "UTF-16", "\xFF\xFEt", "users:1: UTF-16, not UTF-8: save it as UTF-8\n" },

    { "a bad name", "a@b view -\n", "users:1: name: not 1..64 letters, digits, - _ .\n" },
    { "a role that is none, maybe a password", "a hunter2 -\n",
      "users:1: a: role: is none of view, room, map\n" },
    { "no role", "a\n", "users:1: a: role: is none of view, room, map\n" },
    { "no password", "a view\n", "users:1: a: " COST_WANTED },
    { "a password that is none, not repeated", "a view hunter2\n", "users:1: a: " COST_WANTED },
    { "another cost", "a view $scrypt$ln=10,r=8,p=1$" SALT "$" HASH "\n",
      "users:1: a: " COST_WANTED },
    { "a short salt", "a view $scrypt$ln=15,r=8,p=1$AAEC$" HASH "\n",
      "users:1: a: " BASE64_WANTED },
    { "a short hash", "a view $scrypt$ln=15,r=8,p=1$" SALT "$AAAA\n",
      "users:1: a: " BASE64_WANTED },
    { "no base64", "a view $scrypt$ln=15,r=8,p=1$AAECAwQFBgcICQoLDA0OD!$" HASH "\n",
      "users:1: a: " BASE64_WANTED },
    { "bits beyond the end of the salt",
      "a view $scrypt$ln=15,r=8,p=1$AAECAwQFBgcICQoLDA0OD/$" HASH "\n",
      "users:1: a: " BASE64_WANTED },
    { "padding", "a view $scrypt$ln=15,r=8,p=1$AAECAwQFBgcICQoLDA0ODw==$" HASH "\n",
      "users:1: a: " BASE64_WANTED },
    { "more behind", "a view " GOOD " x\n", "users:1: a: more behind the password\n" },
    { "a name twice", "a view -\n\na room -\n", "users:3: a: stands there twice\n" },
    { "all that is wrong", "a\nb view x\n",
      "users:1: a: role: is none of view, room, map\nusers:2: b: " COST_WANTED },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct complaints complaints = { 0 };
    struct users *users;

    scratch_write("users", row->text);
    users = users_load("users", &complaints);
    assert_int_equal(users != NULL, row->want[0] == '\0');
    assert_complaints(row->says, &complaints, row->want);
    users_destroy(users);
}

static void what_cannot_be_opened_is_told(void **state)
{
    struct complaints complaints = { 0 };
    (void)state;

    assert_null(users_load("nothing", &complaints));
    assert_complaints("no file", &complaints, "nothing: users: No such file or directory\n");
}

static void a_nul_and_a_long_line_are_told(void **state)
{
    char text[USERS_LINE_MAX + 20];
    struct complaints complaints = { 0 };
    (void)state;

    scratch_write_bytes("users", "a view -\0x\n", 11);
    assert_null(users_load("users", &complaints));
    assert_complaints("a NUL", &complaints, "users:1: holds a NUL\n");
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    scratch_write("users", text);
    assert_null(users_load("users", &complaints));
    assert_complaints("a long line", &complaints, "users:1: longer than 255 characters\n");
}

static void one_more_than_there_may_be_is_told(void **state)
{
    struct complaints complaints = { 0 };
    char *text = malloc(32 * (USERS_MAX + 1)), *at = text;
    struct users *users;
    (void)state;

    for (int i = 0; i < USERS_MAX; i++)
        at += sprintf(at, "u%d view -\n", i);
    scratch_write("users", text);
    users = users_load("users", &complaints);
    assert_non_null(users);
    assert_int_equal(users_count(users), USERS_MAX);
    assert_string_equal(users_at(users, USERS_MAX - 1)->name, "u999");
    users_destroy(users);
    strcpy(at, "more view -\n");
    scratch_write("users", text);
    assert_null(users_load("users", &complaints));
    assert_complaints("one more", &complaints, "users:1001: more than 1000 users\n");
    free(text);
}

static void who_is_there_is_found(void **state)
{
    struct complaints complaints = { 0 };
    struct users *users;
    (void)state;

    scratch_write("users", "jones map " GOOD "\npatel view -\n");
    users = users_load("users", &complaints);
    assert_non_null(users);
    assert_int_equal(users_find(users, "jones")->role, USER_MAP);
    assert_true(users_find(users, "jones")->has_password);
    assert_false(users_find(users, "patel")->has_password);
    assert_null(users_find(users, "Jones"));
    assert_null(users_find(users, ""));
    assert_null(users_find(users, "no\nname"));
    users_destroy(users);
}

/* RFC 7914, 12, has no vector of this cost; this one is of Python's hashlib.scrypt. */
static void a_password_of_elsewhere_is_known(void **state)
{
    static const char kept[] = "$scrypt$ln=15,r=8,p=1$" SALT "$"
                               "xy6UCICz8Vv/P6JqOkkUD4DOmhxN0tXSe6sQAUBxupQ";
    struct scrypt scrypt;
    struct fault why;
    char text[SCRYPT_TEXT_MAX];
    (void)state;

    assert_true(scrypt_read(kept, &scrypt, &why));
    assert_string_equal(scrypt_print(&scrypt, text), kept);
    assert_true(scrypt_matches(&scrypt, "correct horse battery"));
    assert_false(scrypt_matches(&scrypt, "correct horse batterz"));
    assert_false(scrypt_matches(&scrypt, ""));
}

static void what_is_made_matches_and_has_a_salt_of_its_own(void **state)
{
    struct scrypt one, other;
    (void)state;

    assert_true(scrypt_make("a password", &one) && scrypt_make("a password", &other));
    assert_memory_not_equal(one.salt, other.salt, sizeof one.salt);
    assert_memory_not_equal(one.hash, other.hash, sizeof one.hash);
    assert_true(scrypt_matches(&one, "a password"));
    one.hash[SCRYPT_HASH - 1] ^= 1;
    assert_false(scrypt_matches(&one, "a password"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(what_cannot_be_opened_is_told),
        scratch_test(a_nul_and_a_long_line_are_told),
        scratch_test(one_more_than_there_may_be_is_told),
        scratch_test(who_is_there_is_found),
        cmocka_unit_test(a_password_of_elsewhere_is_known),
        cmocka_unit_test(what_is_made_matches_and_has_a_salt_of_its_own),
    };

    return rows_hold_in("users", rows, row_holds, scratch_setup, scratch_teardown) +
           cmocka_run_group_tests_name("users", tests, NULL, NULL);
}
