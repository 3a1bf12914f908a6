/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/child.h"

#include <err.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

pid_t child_start(char *const argv[])
{
    pid_t pid = fork();

    if (pid < 0)
        err(1, "fork");
    if (pid == 0) {
        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
        execvp(argv[0], argv);
        warn("%s", argv[0]);
        _exit(127);
    }
    return pid;
}

double child_memory(pid_t pid, const char *line)
{
    char path[64], text[256];
    double kib = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    file = fopen(path, "re");
    if (file == NULL)
        err(1, "%s", path);
    while (fgets(text, sizeof text, file) != NULL)
        if (strncmp(text, line, strlen(line)) == 0)
            kib = strtod(text + strlen(line), NULL);
    fclose(file);
    return kib / 1024;
}

int child_notes(void)
{
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    char text[64];
    int n = snprintf(text, sizeof text, "@breachd-bench-%d", (int)getpid());
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    memcpy(name.sun_path + 1, text + 1, (size_t)n - 1);
    if (fd < 0 || bind(fd, (struct sockaddr *)&name,
                       (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)n)) != 0)
        err(1, "%s", text);
    setenv("NOTIFY_SOCKET", text, 1);
    return fd;
}
