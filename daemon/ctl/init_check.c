/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/init_check.h"

#include "adapter/print.h"
#include "ctl/init_files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { SAID_LINE_MAX = 4096 };

bool init_check_program(char out[PATH_MAX], struct fault *why)
{
    static const char *const from_here[] = { "breachd", "../sbin/breachd" };
    static const char *const installed[] = { "/usr/sbin/breachd", "/usr/local/sbin/breachd" };
    char here[PATH_MAX], path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", here, sizeof here - 1);

    while (n > 0 && here[n - 1] != '/')
        n--;
    for (size_t i = 0; n > 0 && i < 2; i++) {
        if (snprintf(path, PATH_MAX, "%.*s%s", (int)n, here, from_here[i]) < PATH_MAX &&
            access(path, X_OK) == 0 && realpath(path, out) != NULL)
            return true;
    }
    for (size_t i = 0; i < 2; i++) {
        if (access(strcpy(out, installed[i]), X_OK) == 0)
            return true;
    }
    return fault_set(why, "breachd, which checks what is made, is neither beside breachctl nor in "
                          "/usr/sbin or /usr/local/sbin");
}

/* A line of its, with the stage's path as the target's. */
static void show(const struct init_stage *stage, const char *line)
{
    size_t n = strlen(stage->path);

    for (const char *at; (at = strstr(line, stage->path)) != NULL; line = at + n) {
        print_bytes(stderr, line, (size_t)(at - line));
        print_part(stderr, "%s", stage->target);
    }
    print_line(stderr, "%.*s", (int)strcspn(line, "\n"), line);
}

static void show_all(const struct init_stage *stage, int fd)
{
    char line[SAID_LINE_MAX];
    FILE *file = fdopen(fd, "r");

    if (file == NULL) {
        close(fd);
        return;
    }
    while (fgets(line, sizeof line, file) != NULL)
        show(stage, line);
    fclose(file);
}

/* Its stderr is `out`, and the page of stdout is of what is not in place yet. */
static bool start(const char *const *argv, int out, pid_t *out_pid)
{
    posix_spawn_file_actions_t actions;
    char *words[8] = { 0 };
    int code;

    for (size_t i = 0; argv[i] != NULL; i++)
        words[i] = (char *)(uintptr_t)argv[i];
    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    code = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    code = code != 0 ? code : posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
    code = code != 0 ? code : posix_spawn(out_pid, argv[0], &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    errno = code;
    return code == 0;
}

static bool run(const struct init_stage *stage, const char *const *argv, struct fault *why)
{
    int ends[2], status = -1;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return fault_set(why, "%s", strerror(errno));
    if (!start(argv, ends[1], &pid)) {
        fault_set(why, "%.300s: %s", argv[0], strerror(errno));
        close(ends[0]);
        close(ends[1]);
        return false;
    }
    close(ends[1]);
    show_all(stage, ends[0]);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
           fault_set(why, "breachd -n refuses it: nothing was made");
}

bool init_check(const struct init_stage *stage, const char *user, struct fault *why)
{
    char program[PATH_MAX], conf[INIT_PATH_MAX + 32];
    const char *argv[] = { program, "-n", "-c", conf, user != NULL ? "--as" : NULL, user, NULL };

    snprintf(conf, sizeof conf, "%s/" INIT_CONF, stage->path);
    return init_check_program(program, why) && run(stage, argv, why);
}
