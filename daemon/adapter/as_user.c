/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/as_user.h"

#include "adapter/print.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GROUPS_MAX = 1024 }; // who is in more is told that it cannot be

bool as_user_is(const char *name)
{
    // cppcheck-suppress getpwnamCalled ; one thread, as it forks
    return getpwnam(name) != NULL;
}

const char *as_user_choose(const char *asked, bool is_service, const char *user)
{
    if (asked != NULL || geteuid() != 0 || !is_service)
        return asked;
    return as_user_is(user) ? user : NULL;
}

/* Of a group that is not there nobody can be. */
static bool join(const char *name)
{
    // cppcheck-suppress getgrnamCalled ; one thread, as it was forked
    const struct group *group = name != NULL ? getgrnam(name) : NULL;
    gid_t groups[GROUPS_MAX + 1];
    int n = group != NULL ? getgroups(GROUPS_MAX, groups) : 0;

    if (group == NULL)
        return true;
    if (n < 0)
        return false;
    groups[n] = group->gr_gid;
    return setgroups((size_t)n + 1, groups) == 0;
}

/* -1 and why: it did not run to its end as that user. */
static int run_as(const char *name, const char *group, int (*run)(void *arg), void *arg,
                  struct fault *why)
{
    // cppcheck-suppress getpwnamCalled ; one thread, as it forks
    const struct passwd *user = getpwnam(name);
    int status = -1;
    pid_t pid;

    if (user == NULL)
        return fault_set(why, "%.60s: no such user", name), -1;
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        if (initgroups(name, user->pw_gid) != 0 || !join(group) || setgid(user->pw_gid) != 0 ||
            setuid(user->pw_uid) != 0)
            _exit(127);
        exit(run(arg));
    }
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) != 127)
        return WEXITSTATUS(status);
    fault_set(why, "%.60s: cannot be that user here", name);
    return -1;
}

int as_user_check(const char *program, const char *name, const char *group, int (*run)(void *arg),
                  void *arg)
{
    struct fault why;
    int code;

    if (name == NULL)
        return run(arg);
    code = run_as(name, group, run, arg, &why);
    if (code < 0)
        print_line(stderr, "%s: %s", program, why.text);
    return code < 0 ? EXIT_FAILURE : code;
}

/* ---- for a while ---- */

/* Who we were: the effective ids, and the groups, which only root could have changed. */
static struct before {
    uid_t uid;
    gid_t gid, *groups;
    int n;
} before;

static bool keep_groups(void)
{
    before.n = getgroups(0, NULL);
    before.groups = before.n >= 0 ? calloc((size_t)before.n + 1, sizeof *before.groups) : NULL;
    return before.groups != NULL && getgroups(before.n, before.groups) == before.n;
}

bool as_user_enter(const char *name, struct fault *why)
{
    // cppcheck-suppress getpwnamCalled ; one thread
    const struct passwd *user = getpwnam(name);

    if (user == NULL)
        return fault_set(why, "%.60s: no such user", name);
    before = (struct before){ .uid = geteuid(), .gid = getegid() };
    if (keep_groups() && initgroups(name, user->pw_gid) == 0) {
        if (setegid(user->pw_gid) == 0 && seteuid(user->pw_uid) == 0)
            return true;
        as_user_leave();
    } else {
        free(before.groups);
        before.groups = NULL;
    }
    return fault_set(why, "%.60s: cannot be that user here", name);
}

void as_user_leave(void)
{
    if (seteuid(before.uid) != 0 || setegid(before.gid) != 0 ||
        setgroups((size_t)before.n, before.groups) != 0)
        abort(); // as who we are now nothing that follows would be right
    free(before.groups);
    before.groups = NULL;
}
