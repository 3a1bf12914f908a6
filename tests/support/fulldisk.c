/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fulldisk.c - a disk that is full while a file exists. Preloaded into breachd: as long as the file
 * named by FULLDISK_FLAG is there, whatever would make a file with "ledger" in its name grow, or
 * reach the disk, is refused with ENOSPC. Everything else goes on to the C library.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static bool full(int fd)
{
    const char *flag = getenv("FULLDISK_FLAG");
    char link[64], name[512];
    ssize_t length;

    if (flag == NULL || access(flag, F_OK) != 0)
        return false;
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    length = readlink(link, name, sizeof(name) - 1);
    if (length <= 0)
        return false;
    name[length] = '\0';
    return strstr(name, "ledger") != NULL;
}

static bool grows(int fd, off_t size)
{
    struct stat about;

    return fstat(fd, &about) == 0 && size > about.st_size;
}

static int refuse(void)
{
    errno = ENOSPC;
    return -1;
}

/*
 * The next one of that name: dlsym() gives an object pointer, ISO C has no cast from it to a
 * function.
 */
#define REAL(type, name, ...)                                                                      \
    type (*real)(__VA_ARGS__);                                                                     \
    *(void **)&real = dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *bytes, size_t size)
{
    REAL(ssize_t, write, int, const void *, size_t);
    return full(fd) ? refuse() : real(fd, bytes, size);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
    return full(fd) ? refuse() : real(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    return full(fd) ? refuse() : real(fd, bytes, size, at);
}

int ftruncate(int fd, off_t size)
{
    REAL(int, ftruncate, int, off_t);
    return full(fd) && grows(fd, size) ? refuse() : real(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    REAL(int, ftruncate64, int, off64_t);
    return full(fd) && grows(fd, size) ? refuse() : real(fd, size);
}

int fallocate(int fd, int mode, off_t at, off_t size)
{
    REAL(int, fallocate, int, int, off_t, off_t);
    return full(fd) ? refuse() : real(fd, mode, at, size);
}

int posix_fallocate(int fd, off_t at, off_t size)
{
    REAL(int, posix_fallocate, int, off_t, off_t);
    return full(fd) ? ENOSPC : real(fd, at, size);
}

int fdatasync(int fd)
{
    REAL(int, fdatasync, int);
    return full(fd) ? refuse() : real(fd);
}

int fsync(int fd)
{
    REAL(int, fsync, int);
    return full(fd) ? refuse() : real(fd);
}
