/* SPDX-License-Identifier: Apache-2.0 */
/* syscalls.c - the program's own symbols come before those of libc for a shared library too. */
#include "syscalls.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

long syscalls_writes, syscalls_syncs, syscalls_bytes, syscalls_kill_at;
int (*syscalls_sync)(int fd);

static void step(long *count)
{
    ++*count;
    if (syscalls_kill_at > 0 && --syscalls_kill_at == 0)
        kill(getpid(), SIGKILL);
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
    step(&syscalls_writes);
    syscalls_bytes += (long)n;
    return syscall(SYS_pwrite64, fd, bytes, n, at);
}

int ftruncate64(int fd, off64_t length)
{
    step(&syscalls_writes);
    return (int)syscall(SYS_ftruncate, fd, length);
}

int unlink(const char *path)
{
    step(&syscalls_writes);
    return (int)syscall(SYS_unlinkat, -100 /* AT_FDCWD */, path, 0);
}

static int sync_by(long call, int fd)
{
    step(&syscalls_syncs);
    return syscalls_sync != NULL ? syscalls_sync(fd) : (int)syscall(call, fd);
}

int fdatasync(int fd)
{
    return sync_by(SYS_fdatasync, fd);
}

int fsync(int fd)
{
    return sync_by(SYS_fsync, fd);
}
