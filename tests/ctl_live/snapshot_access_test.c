/* SPDX-License-Identifier: Apache-2.0 */
/* Who looks at a copy without being root: each look is kept, with who it truly was. */
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

/* As somebody of the group alone; the exit code. */
static int run_as_member(struct testbed *testbed, gid_t group, const char *door,
                         const char *const *arguments)
{
    struct path said = testbed_path(testbed, "said"), complained = testbed_path(testbed, "err");
    char regid[32], groups[32], variable[160];
    const char *argv[20] = { "setpriv", "--reuid=65534", regid, groups, BREACHCTL_PROGRAM };
    const char *environment[] = { variable, NULL };
    struct child child;
    int status;

    snprintf(regid, sizeof regid, "--regid=65534");
    snprintf(groups, sizeof groups, "--groups=%d", (int)group);
    snprintf(variable, sizeof variable, "BREACHCTL_DOOR=%s", door);
    for (size_t i = 0; arguments[i] != NULL; i++)
        argv[5 + i] = arguments[i];
    child = child_start(&(struct command){
        .argv = argv, .out = said.text, .err = complained.text, .environment = environment });
    assert_true(child_ends(&child, PATIENCE_MS, &status));
    return WEXITSTATUS(status);
}

/* Without root, and without the right to see where people live in the orders. */
static void a_supervisor_explains_and_exports_from_it_and_each_look_is_kept(void **state)
{
    struct testbed *testbed = *state;
    struct path folder = testbed_path(testbed, "copies"), copy = testbed_path(testbed, "copies/c"),
                door = testbed_path(testbed, "door");
    const char *const explain[] = { "explain", "--ledger", copy.text, "--reason",
                                    "review",  "A/home/1", NULL };
    const char *const export[] = { "export", "--ledger", copy.text, "--reason",
                                   "court",  "A/home/1", NULL };
    const struct group *group = getgrnam("users");
    char runtime[160], *said;

    if (geteuid() != 0 || group == NULL)
        skip(); // whoever is not root cannot be somebody else
    snprintf(runtime, sizeof runtime, "RUNTIME_DIRECTORY=%s", testbed->dir);
    testbed_environment(testbed, runtime);
    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(mkdir(folder.text, 0755), 0);
    assert_int_equal(chmod(testbed->dir, 0711), 0);
    assert_int_equal(testbed_ctl(testbed, "snapshot", "--ledger",
                                 testbed_path(testbed, "ledger.db").text, "--group", "users",
                                 copy.text, NULL),
                     0);
    assert_int_equal(run_as_member(testbed, 65534, door.text, explain), 1); // of another group
    assert_int_equal(run_as_member(testbed, group->gr_gid, door.text, explain), 0);
    said = testbed_read(testbed, "said");
    assert_non_null(strstr(said, "> breach, critical, by rule"));
    free(said);
    assert_int_equal(run_as_member(testbed, group->gr_gid, door.text, export), 0);
    assert_int_equal(ctl_fixture_number(testbed,
                                        "SELECT count(*) FROM entry WHERE kind = 'access' AND "
                                        "json_extract(body, '$.uid') = 65534"),
                     2);
    testbed_close(testbed);
}

/* ---- the open door ---- */

enum { ANSWER_MAX = 512 };

/* As another user, with a program of his own; what the door says to it. */
static void ask_as(struct testbed *testbed, unsigned user, const char *chain, char *answer)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char line[512];
    ssize_t n;

    snprintf(line, sizeof line,
             "{\"errand\":\"access\",\"chain\":\"%s\",\"body\":\"{\\\"command\\\":\\\"explain\\\","
             "\\\"of\\\":\\\"A/home/1\\\",\\\"user\\\":\\\"root\\\",\\\"uid\\\":0,"
             "\\\"by\\\":\\\"Chief\\\",\\\"reason\\\":\\\"x\\\"}\"}\n",
             chain);
    strcpy(at.sun_path, testbed_path(testbed, "door").text);
    assert_int_equal(seteuid(user), 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(seteuid(0), 0);
    assert_int_equal(send(fd, line, strlen(line), MSG_NOSIGNAL), strlen(line));
    n = recv(fd, answer, ANSWER_MAX - 1, MSG_WAITALL); // until it hangs up
    assert_true(n > 0);
    answer[n] = '\0';
    close(fd);
}

#define FIRST  "SELECT lower(hex(digest)) FROM entry WHERE number = 1"
#define NEWEST "SELECT body FROM entry WHERE kind = 'access' ORDER BY number DESC LIMIT 1"

/* The kernel says who it is, and lines about no ledger of ours use up nobody's looks. */
static void who_looks_is_not_who_he_says_and_nobody_uses_up_the_looks_of_others(void **state)
{
    struct testbed *testbed = *state;
    char runtime[160], chain[80], body[256], answer[ANSWER_MAX];

    if (geteuid() != 0)
        skip(); // whoever is not root cannot be somebody else
    snprintf(runtime, sizeof runtime, "RUNTIME_DIRECTORY=%s", testbed->dir);
    testbed_environment(testbed, runtime);
    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(chmod(testbed->dir, 0711), 0);
    ctl_fixture_text(testbed, FIRST, chain, sizeof chain);
    ask_as(testbed, 65534, chain, answer);
    assert_non_null(strstr(answer, "\"done\":true"));
    ctl_fixture_text(testbed, NEWEST, body, sizeof body);
    assert_non_null(strstr(body, "\"uid\":65534,"));
    assert_non_null(strstr(body, "\"by\":\"Chief\",\"reason\":\"x\","
                                 "\"said\":{\"user\":\"root\",\"uid\":0}}"));
    for (int i = 0; i < 601; i++)
        ask_as(testbed, 65534, "0000", answer);
    assert_non_null(strstr(answer, "breachd holds another ledger"));
    for (int i = 0; i < 600; i++)
        ask_as(testbed, 65534, chain, answer);
    assert_non_null(strstr(answer, "too many looks in this hour"));
    ask_as(testbed, 65533, chain, answer);
    assert_non_null(strstr(answer, "\"done\":true"));
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_supervisor_explains_and_exports_from_it_and_each_look_is_kept),
        testbed_test(who_looks_is_not_who_he_says_and_nobody_uses_up_the_looks_of_others),
    };

    return cmocka_run_group_tests_name("snapshot_access", tests, NULL, NULL);
}
