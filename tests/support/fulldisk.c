/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fulldisk.c - a disk that fails while a file exists. Preloaded into breachd: as long as the file
 * named by FULLDISK_FLAG is there, what would make a file with "ledger" in its name grow, or reach
 * the disk, is refused as the file's first word says:
 *
 *     ENOSPC   all of it, with that error; so does any other word
 *     EIO      the same with EIO
 *     sync     writes go on, but fsync() and fdatasync() fail with EIO
 *     torn     the first half of each write is done, and then there is no more space
 *     once     one refusal with ENOSPC, and the file is taken away
 *     stall    writes go on, and a sync waits until the file says something else, or is gone
 *     kill     writes go on, and the first fsync() or fdatasync() is the end of the process
 *     tight    writes go on, and fstatvfs() says that there is not much room left
 *     dire     the same, and hardly any
 *
 * Everything else goes on to the C library.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <unistd.h>

enum harm {
    HARM_NONE,
    HARM_FULL,
    HARM_BROKEN,
    HARM_SYNC,
    HARM_TORN,
    HARM_ONCE,
    HARM_STALL,
    HARM_KILL,
    HARM_TIGHT,
    HARM_DIRE
};

static enum harm harm_of(const char *flag)
{
    char word[16] = "";
    int fd = open(flag, O_RDONLY | O_CLOEXEC);
    ssize_t length;

    if (fd < 0)
        return HARM_NONE;
    length = read(fd, word, sizeof word - 1);
    close(fd);
    word[length > 0 ? strcspn(word, "\n") : 0] = '\0';
    return strcmp(word, "EIO") == 0     ? HARM_BROKEN
           : strcmp(word, "sync") == 0  ? HARM_SYNC
           : strcmp(word, "torn") == 0  ? HARM_TORN
           : strcmp(word, "once") == 0  ? HARM_ONCE
           : strcmp(word, "stall") == 0 ? HARM_STALL
           : strcmp(word, "kill") == 0  ? HARM_KILL
           : strcmp(word, "tight") == 0 ? HARM_TIGHT
           : strcmp(word, "dire") == 0  ? HARM_DIRE
                                        : HARM_FULL;
}

static enum harm harm_to(int fd)
{
    const char *flag = getenv("FULLDISK_FLAG");
    char link[64], name[512];
    ssize_t length;

    if (flag == NULL || access(flag, F_OK) != 0)
        return HARM_NONE;
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    length = readlink(link, name, sizeof(name) - 1);
    if (length <= 0)
        return HARM_NONE;
    name[length] = '\0';
    return strstr(name, "ledger") != NULL ? harm_of(flag) : HARM_NONE;
}

static int error_of(enum harm harm)
{
    if (harm == HARM_KILL)
        kill(getpid(), SIGKILL);
    if (harm == HARM_ONCE)
        unlink(getenv("FULLDISK_FLAG"));
    return harm == HARM_BROKEN || harm == HARM_SYNC ? EIO : ENOSPC;
}

static int refuse(enum harm harm)
{
    errno = error_of(harm);
    return -1;
}

static bool harms_writes(enum harm harm)
{
    return harm == HARM_FULL || harm == HARM_BROKEN || harm == HARM_TORN || harm == HARM_ONCE;
}

static bool harms_syncs(enum harm harm)
{
    return harm != HARM_NONE && harm != HARM_TIGHT && harm != HARM_DIRE;
}

static bool grows(int fd, off_t size)
{
    struct stat about;

    return fstat(fd, &about) == 0 && size > about.st_size;
}

/*
 * The next one of that name: dlsym() gives an object pointer, ISO C
 * has no cast from it to a function.
 */
#define REAL(type, name, ...)                                                                      \
    type (*real)(__VA_ARGS__);                                                                     \
    *(void **)&real = dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *bytes, size_t size)
{
    enum harm harm = harm_to(fd);
    REAL(ssize_t, write, int, const void *, size_t);

    if (harm == HARM_TORN && size > 1)
        return real(fd, bytes, size / 2);
    return harms_writes(harm) ? refuse(harm) : real(fd, bytes, size);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    enum harm harm = harm_to(fd);
    REAL(ssize_t, pwrite, int, const void *, size_t, off_t);

    if (harm == HARM_TORN && size > 1)
        return real(fd, bytes, size / 2, at);
    return harms_writes(harm) ? refuse(harm) : real(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
    return pwrite(fd, bytes, size, at);
}

int ftruncate(int fd, off_t size)
{
    enum harm harm = harm_to(fd);
    REAL(int, ftruncate, int, off_t);

    return harms_writes(harm) && grows(fd, size) ? refuse(harm) : real(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    return ftruncate(fd, size);
}

int fallocate(int fd, int mode, off_t at, off_t size)
{
    enum harm harm = harm_to(fd);
    REAL(int, fallocate, int, int, off_t, off_t);

    return harms_writes(harm) ? refuse(harm) : real(fd, mode, at, size);
}

int posix_fallocate(int fd, off_t at, off_t size)
{
    enum harm harm = harm_to(fd);
    REAL(int, posix_fallocate, int, off_t, off_t);

    return harms_writes(harm) ? error_of(harm) : real(fd, at, size);
}

/* As of a disk of 48 MiB, of which breachd keeps 6. */
int fstatvfs(int fd, struct statvfs *out)
{
    enum harm harm = harm_to(fd);
    REAL(int, fstatvfs, int, struct statvfs *);
    int rc = real(fd, out);

    if (rc == 0 && (harm == HARM_TIGHT || harm == HARM_DIRE)) {
        out->f_frsize = 1024 * 1024;
        out->f_blocks = 48;
        out->f_bavail = harm == HARM_TIGHT ? 4 : 1;
    }
    return rc;
}

int fstatvfs64(int fd, struct statvfs64 *out)
{
    return fstatvfs(fd, (struct statvfs *)out);
}

static enum harm harm_to_sync(int fd)
{
    enum harm harm;

    while ((harm = harm_to(fd)) == HARM_STALL)
        poll(NULL, 0, 1);
    return harm;
}

int fdatasync(int fd)
{
    enum harm harm = harm_to_sync(fd);
    REAL(int, fdatasync, int);

    return harms_syncs(harm) ? refuse(harm) : real(fd);
}

int fsync(int fd)
{
    enum harm harm = harm_to_sync(fd);
    REAL(int, fsync, int);

    return harms_syncs(harm) ? refuse(harm) : real(fd);
}
