/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl init: what it asks, and what it says is next. */
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init_fixture.h"

/* ---- questions ---- */

static void questions_have_defaults_and_come_back_after_a_bad_answer(void **state)
{
    (void)state;
    assert_ended(run("a b\ntrial\n\n\n\n\n\n\ntag-1\nredis://wall@h\n\ny\n", "first --ask"), 0,
                 "letters, digits, - _ .)");
    assert_non_null(strstr(complained, "  \"a b\" is not 1..64 letters"));
    assert_non_null(strstr(complained, "[49.8,-8.7 60.9,1.8]: "));
    assert_non_null(strstr(complained, "[Europe/London]: "));
    assert_non_null(strstr(complained, "[self-signed]: "));
    assert_non_null(strstr(complained, "[redis://breachd@127.0.0.1:6379/0]: "));
    assert_non_null(strstr(complained, "  user: wall: is another user's name"));
    assert_non_null(strstr(text_of("first/breachd.conf"), "name = trial\n"));
    assert_true(scratch_has("first/secrets/tag-1.header"));
}

static void what_a_flag_says_is_not_asked_for(void **state)
{
    (void)state;
    assert_ended(run("\n\ny\n", "first --ask --site trial --region '49.8,-8.7 60.9,1.8' "
                                "--timezone Europe/London --listen unix:http.sock --ledger l.db "
                                "--tls none --redis redis://127.0.0.1"),
                 0, "devices that get a token");
    assert_null(strstr(complained, "this site's name"));
    assert_null(strstr(complained, "TLS:"));
}

static void a_no_or_no_answer_makes_nothing(void **state)
{
    static const char *const ends[] = { "", "trial\n", "trial\n\n\n\n\n\n\n\n\nn\n",
                                        "trial\n\n\n\n\n\n\n\n\n" };
    (void)state;

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        assert_ended(run(ends[i], "first --ask"), 1, "nothing was made");
        assert_int_equal(scratch_count("."), 3);
    }
}

/* Until its end; what it has said is in `said`. Its exit code. */
static int listen_to(int terminal, pid_t pid)
{
    size_t n = 0;
    ssize_t got;
    int status;

    while (n < INIT_ROOM - 1 && (got = read(terminal, said + n, INIT_ROOM - 1 - n)) > 0)
        n += (size_t)got;
    said[n] = '\0';
    close(terminal);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* At a terminal nobody need say --ask. */
static void a_terminal_is_asked(void **state)
{
    static const char answers[] = "trial\n\n\n\n\n\n\n\n\ny\n";
    int terminal;
    pid_t pid = forkpty(&terminal, NULL, NULL, NULL);
    (void)state;

    if (pid == 0) {
        execl(BREACHCTL, "breachctl", "init", "first", (char *)NULL);
        _exit(127);
    }
    assert_true(pid > 0);
    assert_int_equal(write(terminal, answers, sizeof answers - 1), sizeof answers - 1);
    assert_int_equal(listen_to(terminal, pid), 0);
    assert_non_null(strstr(said, "this site's name"));
    assert_non_null(strstr(text_of("first/breachd.conf"), "name = trial\n"));
}

/* ---- what is said ---- */

static void what_is_next_is_said_as_commands(void **state)
{
    static const char *const lines[] = {
        "first is made, and breachd -n takes it.\n",
        "\n    breachctl order new -c first/breachd.conf\n",
        "\n    redis-server --dir first --aclfile redis.acl --port 6379 --appendonly yes\n",
        "/breachd -c first/breachd.conf\n",
        "\n    curl --cacert first/tls/breachd.pem -H @first/secrets/tag-1.header \\\n",
        "'{\"device\":\"tag-1\",\"time\":'$(date +%s)',\"lat\":55.3500,\"lon\":-3.4500,",
        "\n        https://localhost:8750/v1/pings\n",
        "\n    export BREACHCTL_REDIS=redis://room@127.0.0.1:6379/0\n",
        "\n    export BREACHCTL_PASSWORD_FILE=first/secrets/room.password\n",
        "\n    export REDISCLI_AUTH=$(cat first/secrets/default.password)\n",
    };
    (void)state;

    assert_ended(run("", "first " GIVEN "--devices tag-1"), 0, "");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (strstr(said, lines[i]) == NULL)
            fail_msg("does not say: %s\nbut: %s", lines[i], said);
    }
    assert_non_null(strstr(said, "\nbreachd:\n    /")); // sbin is not in everybody's PATH
    assert_ended(run("", "second " GIVEN "--listen unix:http.sock"), 0, "");
    assert_non_null(strstr(said, "--unix-socket second/http.sock http://localhost/v1/pings\n"));
    assert_ended(run("", "third " GIVEN "--listen 192.0.2.1:80"), 0, "");
    assert_non_null(strstr(said, "        https://192.0.2.1:80/v1/pings\n"));
    assert_ended(run("", "fourth " GIVEN "--redis rediss://breachd@redis.example"), 0, "");
    assert_non_null(strstr(said, "Redis at rediss://breachd@redis.example needs the users of "
                                 "fourth/redis.acl"));
    assert_null(strstr(said, "redis-server"));
}

/* What an ACL SETUSER of a manual page says behind the password, its lines joined. */
static void read_manual(const char *page, const char *user, char out[2048])
{
    char path[256], head[64];
    const char *at;
    size_t n = 0;

    snprintf(path, sizeof path, SOURCE_FOLDER "/daemon/%s", page);
    snprintf(head, sizeof head, "ACL SETUSER %s on >PASSWORD ", user);
    at = strstr(text_of(path), head);
    assert_non_null(at);
    for (at += strlen(head); strncmp(at, "\n.Ed", 4) != 0; at++) {
        if (strncmp(at, "\\e\n", 3) == 0)
            at += 2 + strspn(at + 3, " ");
        else
            out[n++] = *at;
    }
    out[n] = '\0';
}

static void the_rights_in_redis_are_those_of_the_manual(void **state)
{
    char rights[2048], *selector;
    (void)state;

    assert_ended(run("", "first " GIVEN), 0, "");
    read_manual("breachd.8", "breachd", rights);
    assert_non_null(strstr(text_of("first/redis.acl"), rights));
    read_manual("breachctl.1", "room", rights);
    assert_non_null(strstr(text_of("first/redis.acl"), rights));
    selector = strstr(rights, " (");
    assert_non_null(selector);
    strcpy(selector, "\nuser web "); // before it stands the wall's line
    assert_non_null(strstr(text_of("first/redis.acl"), rights));
    read_manual("breachd-web.8", "web", rights);
    assert_non_null(strstr(text_of("first/redis.acl"), rights));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(questions_have_defaults_and_come_back_after_a_bad_answer),
        scratch_test(what_a_flag_says_is_not_asked_for),
        scratch_test(a_no_or_no_answer_makes_nothing),
        scratch_test(a_terminal_is_asked),
        scratch_test(what_is_next_is_said_as_commands),
        scratch_test(the_rights_in_redis_are_those_of_the_manual),
    };

    return cmocka_run_group_tests_name("init_asked", tests, NULL, NULL);
}
