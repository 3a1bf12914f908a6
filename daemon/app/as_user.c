/* SPDX-License-Identifier: Apache-2.0 */
#include "app/as_user.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

bool as_user_is(const char *name)
{
    // cppcheck-suppress getpwnamCalled ; one thread, as it forks
    return getpwnam(name) != NULL;
}

int as_user_run(const char *name, int (*run)(void *arg), void *arg, struct fault *why)
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
        if (initgroups(name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 ||
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
