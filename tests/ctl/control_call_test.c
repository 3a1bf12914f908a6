/* SPDX-License-Identifier: Apache-2.0 */
/* A breachd that was stopped still has its socket: who asks it learns that, and goes. */
#include "ctl/control_call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/test.h"

enum { BACKLOG = 2, ASKING_MS = 60 };

static char folder[] = "/tmp/breachd-call-XXXXXX", ledger[64];

/* Listens and lets nobody in, as the kernel does for a process that does not run. */
static int stopped(void)
{
    char path[CONTROL_PATH_MAX];
    struct sockaddr_un at;
    struct fault why;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(ledger, sizeof ledger, "%s/ledger.db", folder);
    assert_true(control_address(control_path(ledger, path), &at, &why));
    assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, BACKLOG), 0);
    return fd;
}

/* Also once so many have asked that the kernel takes no more of them. */
static void who_does_not_answer_is_not_waited_for(void **state)
{
    char answer[CONTROL_ANSWER_MAX], path[CONTROL_PATH_MAX];
    int others[BACKLOG + 1], fd = stopped();
    struct sockaddr_un at;
    struct fault why;

    (void)state;
    assert_false(control_call_within(ledger, "hello\n", ASKING_MS, answer, &why));
    assert_non_null(strstr(why.text, "ledger.db-control: breachd does not answer within 1 s: is it "
                                     "stopped"));
    assert_true(control_address(control_path(ledger, path), &at, &why));
    for (int i = 0; i < BACKLOG + 1; i++) {
        others[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        (void)connect(others[i], (const struct sockaddr *)&at, sizeof at); // the last one is not
    }
    assert_false(control_call_within(ledger, "hello\n", ASKING_MS, answer, &why));
    assert_non_null(strstr(why.text, "breachd does not answer within 1 s"));
    for (int i = 0; i < BACKLOG + 1; i++)
        close(others[i]);
    close(fd);
    unlink(path);
}

static void nobody_there_is_another_matter(void **state)
{
    char answer[CONTROL_ANSWER_MAX];
    struct fault why;

    (void)state;
    assert_false(control_call_within(ledger, "hello\n", ASKING_MS, answer, &why));
    assert_non_null(strstr(why.text, "No such file or directory: does breachd run"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_does_not_answer_is_not_waited_for),
        cmocka_unit_test(nobody_there_is_another_matter),
    };
    int failed;

    if (mkdtemp(folder) == NULL)
        return 1;
    failed = cmocka_run_group_tests_name("control_call", tests, NULL, NULL);
    rmdir(folder);
    return failed;
}
