/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testbed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/test.h"

int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool wait_for(int fd, short events, int64_t deadline)
{
    struct pollfd wanted = { .fd = fd, .events = events };
    int64_t left;
    int ready;

    do {
        left = deadline - now_ms();
        ready = poll(&wanted, 1, left > 0 ? (int)left : 0);
    } while ((ready == 0 && left > 0) || (ready < 0 && errno == EINTR));
    return ready > 0;
}

static void redirect(const char *path, int flags, int onto)
{
    int fd = open(path == NULL ? "/dev/null" : path, flags, 0644);

    if (fd < 0 || dup2(fd, onto) < 0)
        _exit(126);
}

/* The child dies with the test program, so that not even a crash of ours leaves a server behind. */
static _Noreturn void become(const struct command *command)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    redirect(command->in, O_RDONLY, STDIN_FILENO);
    redirect(command->out, O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
    redirect(command->err, O_WRONLY | O_CREAT | O_APPEND, STDERR_FILENO);
    for (const char *const *add = command->environment; add != NULL && *add != NULL; add++)
        putenv((char *)*add);
    // execvp() promises to change none of its arguments; its type is older than const.
    execvp(command->argv[0], (char *const *)command->argv);
    dprintf(STDERR_FILENO, "%s: %s\n", command->argv[0], strerror(errno));
    _exit(127);
}

struct child child_start(const struct command *command)
{
    struct child child = { .pid = fork() };

    assert_true(child.pid >= 0);
    if (child.pid == 0)
        become(command);
    child.pidfd = pidfd_open(child.pid, 0);
    assert_true(child.pidfd >= 0);
    return child;
}

bool child_lives(const struct child *child)
{
    return child->pid != 0 && !wait_for(child->pidfd, POLLIN, 0);
}

bool child_ends(struct child *child, int64_t ms, int *out_status)
{
    if (!wait_for(child->pidfd, POLLIN, now_ms() + ms))
        return false;
    if (waitpid(child->pid, out_status, 0) != child->pid)
        return false;
    close(child->pidfd);
    *child = (struct child){ 0 };
    return true;
}

void child_kill(struct child *child)
{
    int status;

    if (child->pid == 0)
        return;
    kill(child->pid, SIGKILL);
    child_ends(child, PATIENCE_MS, &status);
}
