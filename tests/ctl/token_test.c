/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl token: what it prints opens the door, and it knows wrong usage. */
#include "adapter/http/tokens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "support/scratch.h"
#include "support/test.h"

enum { SAID_ROOM = 4096 };

/* Runs `breachctl token ARGUMENTS`; what it prints, and its exit code. */
static int run(const char *arguments, char said[SAID_ROOM])
{
    char line[1024];
    FILE *pipe;
    size_t n;

    snprintf(line, sizeof line, "%s token %s 2>&1", BREACHCTL, arguments);
    pipe = popen(line, "re");
    assert_non_null(pipe);
    n = fread(said, 1, SAID_ROOM - 1, pipe);
    said[n] = '\0';
    return WEXITSTATUS(pclose(pipe));
}

/* The token of what was printed, and a tokens file of its line. */
static struct tokens *load_said(const char *said, char secret[TOKEN_MADE_CHARS + 1])
{
    struct complaints complaints = { 0 };
    const char *line = strstr(said, "tokens file: ");
    struct tokens *tokens;

    assert_int_equal(sscanf(said, "token, shown once: %51s", secret), 1);
    assert_non_null(line);
    scratch_write("tokens", line + strlen("tokens file: "));
    tokens = tokens_load("tokens", &complaints);
    assert_complaints("the line that was printed", &complaints, "");
    return tokens;
}

static void a_token_for_devices_opens_for_them(void **state)
{
    char said[SAID_ROOM], secret[TOKEN_MADE_CHARS + 1];
    struct tokens *tokens;
    const struct token *token;
    (void)state;

    assert_int_equal(run("gateway --devices tag-1,tag-2", said), 0);
    tokens = load_said(said, secret);
    token = tokens_find(tokens, secret);
    assert_non_null(token);
    assert_string_equal(token->name, "gateway");
    assert_true(token_covers(token, "tag-1") && token_covers(token, "tag-2"));
    assert_false(token_covers(token, "tag-3"));
    tokens_destroy(tokens);
}

static void any_and_operator_are_what_they_say(void **state)
{
    char said[SAID_ROOM], secret[TOKEN_MADE_CHARS + 1];
    struct tokens *tokens;
    (void)state;

    assert_int_equal(run("--any gateway", said), 0);
    tokens = load_said(said, secret);
    assert_int_equal(tokens_find(tokens, secret)->kind, TOKEN_ANY);
    tokens_destroy(tokens);
    assert_int_equal(run("prometheus --operator", said), 0);
    tokens = load_said(said, secret);
    assert_int_equal(tokens_find(tokens, secret)->kind, TOKEN_OPERATOR);
    tokens_destroy(tokens);
    assert_int_equal(run("desk --room", said), 0);
    tokens = load_said(said, secret);
    assert_int_equal(tokens_find(tokens, secret)->kind, TOKEN_ROOM);
    tokens_destroy(tokens);
    assert_int_equal(run("page --map", said), 0);
    tokens = load_said(said, secret);
    assert_int_equal(tokens_find(tokens, secret)->kind, TOKEN_MAP);
    tokens_destroy(tokens);
}

static void wrong_usage_is_two_and_makes_nothing(void **state)
{
    static const char *const wrong[] = { "",
                                         "gateway",
                                         "--any",
                                         "gateway --any --operator",
                                         "gateway --devices",
                                         "gateway --devices ''",
                                         "gateway --devices tag-1,",
                                         "gateway --devices 'tag-1, tag-2'",
                                         "gateway --devices operator",
                                         "gateway --devices map",
                                         "gateway --devices '*'",
                                         "g@teway --any",
                                         "a b --any",
                                         "gateway --colour red" };
    char said[SAID_ROOM];
    (void)state;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (run(wrong[i], said) != 2 || strstr(said, "shown once") != NULL)
            fail_msg("%s: %s", wrong[i], said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(a_token_for_devices_opens_for_them),
        scratch_test(any_and_operator_are_what_they_say),
        cmocka_unit_test(wrong_usage_is_two_and_makes_nothing),
    };

    return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
