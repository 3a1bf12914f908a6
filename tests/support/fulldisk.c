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
 *     quota N  of that disk N KiB are the ledger's, and all that it writes counts
 *
 * Everything else goes on to the C library.
 */
#include <dirent.h>
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
    HARM_DIRE,
    HARM_QUOTA
};

static _Atomic long quota; // bytes, as it was read last

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
    if (strncmp(word, "quota ", 6) == 0) {
        quota = atol(word + 6) * 1024;
        return HARM_QUOTA;
    }
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

static bool name_of(int fd, char name[512])
{
    char link[64];
    ssize_t length;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    length = readlink(link, name, 511);
    name[length > 0 ? length : 0] = '\0';
    return length > 0;
}

static enum harm harm_to(int fd)
{
    const char *flag = getenv("FULLDISK_FLAG");
    char name[512];

    if (flag == NULL || access(flag, F_OK) != 0 || !name_of(fd, name))
        return HARM_NONE;
    return strstr(name, "ledger") != NULL ? harm_of(flag) : HARM_NONE;
}

/* What the quota leaves; the ledger's files lie beside that of `fd`. */
static long left_beside(int fd)
{
    char name[512], *slash = name_of(fd, name) ? strrchr(name, '/') : NULL;
    const struct dirent *entry;
    struct stat about;
    long left = quota;
    DIR *folder;

    if (slash == NULL)
        return left;
    *slash = '\0';
    folder = opendir(name);
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (strncmp(entry->d_name, "ledger", 6) == 0 &&
            fstatat(dirfd(folder), entry->d_name, &about, 0) == 0)
            left -= about.st_size;
    }
    if (folder != NULL)
        closedir(folder);
    return left > 0 ? left : 0;
}

/* Whether the file may reach to `end`. */
static bool quota_allows(int fd, off_t end)
{
    struct stat about;

    return fstat(fd, &about) != 0 || end <= about.st_size || end - about.st_size <= left_beside(fd);
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
    return harm != HARM_NONE && harm != HARM_TIGHT && harm != HARM_DIRE && harm != HARM_QUOTA;
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
    if (harm == HARM_QUOTA && !quota_allows(fd, lseek(fd, 0, SEEK_CUR) + (off_t)size))
        return refuse(harm);
    return harms_writes(harm) ? refuse(harm) : real(fd, bytes, size);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    enum harm harm = harm_to(fd);
    REAL(ssize_t, pwrite, int, const void *, size_t, off_t);

    if (harm == HARM_TORN && size > 1)
        return real(fd, bytes, size / 2, at);
    if (harm == HARM_QUOTA && !quota_allows(fd, at + (off_t)size))
        return refuse(harm);
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

    if (harm == HARM_QUOTA && !quota_allows(fd, size))
        return refuse(harm);
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

    if (harm == HARM_QUOTA && !quota_allows(fd, at + size))
        return refuse(harm);
    return harms_writes(harm) ? refuse(harm) : real(fd, mode, at, size);
}

int posix_fallocate(int fd, off_t at, off_t size)
{
    enum harm harm = harm_to(fd);
    REAL(int, posix_fallocate, int, off_t, off_t);

    if (harm == HARM_QUOTA && !quota_allows(fd, at + size))
        return ENOSPC;
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
    if (rc == 0 && harm == HARM_QUOTA) {
        out->f_frsize = 1024;
        out->f_blocks = 48 * 1024;
        out->f_bavail = (fsblkcnt_t)(left_beside(fd) / 1024);
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
