/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl user: what it writes lets in, replaces and takes away, and it knows wrong usage. */
#include "adapter/http/users.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "support/scratch.h"
#include "support/test.h"

enum { SAID_ROOM = 4096 };

/* Runs `breachctl user ARGUMENTS` with `input` on stdin; what it prints, and its exit code. */
static int run(const char *input, const char *arguments, char said[SAID_ROOM])
{
    char line[1024];
    FILE *pipe;
    size_t n;

    scratch_write("input", input);
    snprintf(line, sizeof line, "%s user %s 2>&1 <input", BREACHCTL, arguments);
    pipe = popen(line, "re");
    assert_non_null(pipe);
    n = fread(said, 1, SAID_ROOM - 1, pipe);
    said[n] = '\0';
    return WEXITSTATUS(pclose(pipe));
}

static struct users *load(void)
{
    struct complaints complaints = { 0 };
    struct users *users = users_load("users", &complaints);

    assert_complaints("what was written", &complaints, "");
    return users;
}

static int mode_of(const char *name)
{
    struct stat what;

    assert_int_equal(stat(name, &what), 0);
    return what.st_mode & 0777;
}

static void who_is_added_comes_in_by_that_password_alone(void **state)
{
    char said[SAID_ROOM];
    struct users *users;
    const struct user *jones;
    (void)state;

    assert_int_equal(run("correct horse battery\n", "add jones --role room users", said), 0);
    assert_string_equal(said, "jones: room\n");
    assert_int_equal(mode_of("users"), 0600);
    users = load();
    jones = users_find(users, "jones");
    assert_non_null(jones);
    assert_int_equal(jones->role, USER_ROOM);
    assert_true(scrypt_matches(&jones->password, "correct horse battery"));
    assert_false(scrypt_matches(&jones->password, "correct horse"));
    users_destroy(users);
}

static void a_second_word_replaces_and_all_else_stays(void **state)
{
    char said[SAID_ROOM];
    struct users *users;
    FILE *file;
    (void)state;

    scratch_write("users", "# the desk\njones view -\n; night\npatel map -");
    assert_int_equal(chmod("users", 0640), 0);
    assert_int_equal(run("another password", "add --role map jones users", said), 0);
    assert_int_equal(mode_of("users"), 0640);
    users = load();
    assert_int_equal(users_count(users), 2);
    assert_string_equal(users_at(users, 0)->name, "jones");
    assert_true(users_at(users, 0)->has_password);
    users_destroy(users);
    assert_int_equal(run("", "remove jones users", said), 0);
    file = fopen("users", "re");
    said[fread(said, 1, SAID_ROOM - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(said, "# the desk\n; night\npatel map -\n");
}

static void all_are_listed(void **state)
{
    char said[SAID_ROOM];
    (void)state;

    scratch_write("users", "jones view -\npatel map -\n");
    assert_int_equal(run("", "list users", said), 0);
    assert_string_equal(said, "view  jones  by the proxy alone\nmap   patel  by the proxy alone\n");
    assert_int_equal(run("", "list --json users", said), 0);
    assert_non_null(strstr(said, "{\"name\":\"patel\",\"role\":\"map\",\"password\":false}\n"));
}

/* What is refused leaves the file, or that there is none, as it was; and nothing beside it. */
static void what_is_refused_changes_nothing(void **state)
{
    static const struct {
        const char *input, *arguments, *why;
        int code;
    } refused[] = {
        { "short\n", "add jones --role room users", "12 characters at least", 1 },
        { "", "add jones --role room users", "a line of stdin", 1 },
        { "correct horse battery", "remove jones users", "there is no jones", 1 },
        { "correct horse battery", "add jones --role room no/users", "No such file", 1 },
        { "correct horse battery", "add jones --role chief users", "none of view, room, map", 2 },
        { "correct horse battery", "add jones users", "--role goes with add", 2 },
        { "correct horse battery", "add j@nes --role room users", "letters, digits", 2 },
        { "correct horse battery", "add --role room users", "NAME and FILE", 2 },
        { "", "list --role room users", "--role goes with add", 2 },
        { "", "frob users", "none of add, list, remove", 2 },
        { "", "", "must be given", 2 },
    };
    char said[SAID_ROOM];
    (void)state;

    scratch_write("users", "patel map -\n");
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        int code = run(refused[i].input, refused[i].arguments, said);

        if (code != refused[i].code || strstr(said, refused[i].why) == NULL)
            fail_msg("%s: %d: %s", refused[i].arguments, code, said);
    }
    assert_int_equal(run("", "list users", said), 0);
    assert_string_equal(said, "map   patel  by the proxy alone\n");
    assert_int_equal(system("test \"$(ls | tr '\\n' ' ')\" = 'input users '"), 0);
}

static void a_file_that_is_no_users_file_is_left_alone(void **state)
{
    char said[SAID_ROOM];
    (void)state;

    scratch_write("users", "not a users file\n");
    assert_int_equal(run("correct horse battery", "add jones --role room users", said), 1);
    assert_non_null(strstr(said, "users: would be no good users file:1: not: role:"));
    assert_int_equal(system("test \"$(cat users)\" = 'not a users file'"), 0);
}

static void a_password_of_the_most_bytes_and_one_more(void **state)
{
    char said[SAID_ROOM], input[SCRYPT_PASSWORD_MAX + 3];
    (void)state;

    memset(input, 'p', sizeof input);
    strcpy(input + SCRYPT_PASSWORD_MAX, "\n");
    assert_int_equal(run(input, "add jones --role room users", said), 0);
    strcpy(input + SCRYPT_PASSWORD_MAX, "p\n");
    assert_int_equal(run(input, "add jones --role room users", said), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(who_is_added_comes_in_by_that_password_alone),
        scratch_test(a_second_word_replaces_and_all_else_stays),
        scratch_test(all_are_listed),
        scratch_test(what_is_refused_changes_nothing),
        scratch_test(a_file_that_is_no_users_file_is_left_alone),
        scratch_test(a_password_of_the_most_bytes_and_one_more),
    };

    return cmocka_run_group_tests_name("user", tests, NULL, NULL);
}
