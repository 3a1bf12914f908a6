/* SPDX-License-Identifier: Apache-2.0 */
/*
 * powercut.c - preloaded into breachd, notes in the file named by POWERCUT_NOTES how to undo each
 * write to a file with "ledger" in its name, and when that file was synced. After a kill -9 the
 * writes that no sync has covered can be taken back: what a machine shows that lost its power.
 */
#include "powercut.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(type, name, ...)                                                                      \
    type (*real)(__VA_ARGS__);                                                                     \
    *(void **)&real = dlsym(RTLD_NEXT, #name)

static int notes(void)
{
    const char *path = getenv("POWERCUT_NOTES");

    return path == NULL ? -1 : open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
}

static bool is_ledger(int fd, char out[POWERCUT_NAME_MAX])
{
    char link[64], path[512];
    const char *name;
    ssize_t length;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return false;
    path[length] = '\0';
    name = strrchr(path, '/');
    if (name == NULL || strstr(name, "ledger") == NULL || strstr(name, "-shm") != NULL)
        return false;
    strncpy(out, name + 1, POWERCUT_NAME_MAX - 1);
    return true;
}

static void note(const struct powercut_note *note, void *old)
{
    int fd = notes();
    struct iovec parts[] = { { (void *)(uintptr_t)note, sizeof *note }, { old, note->length } };

    if (fd < 0)
        return;
    if (writev(fd, parts, 2) != (ssize_t)(sizeof *note + note->length))
        abort(); // half a note would make all after it unreadable
    close(fd);
}

/* What stands where `size` bytes are about to be written. */
static void note_write(int fd, size_t size, off_t at)
{
    struct powercut_note one = { .at = at, .length = (uint32_t)size };
    char *old;
    REAL(ssize_t, pread, int, void *, size_t, off_t);

    if (!is_ledger(fd, one.name))
        return;
    old = calloc(1, size + 1);
    if (old == NULL || real(fd, old, size, at) < 0)
        abort();
    note(&one, old);
    free(old);
}

static int note_sync(int fd, int result)
{
    struct powercut_note one = { .sync = 1 };

    if (result == 0 && is_ledger(fd, one.name))
        note(&one, NULL);
    return result;
}

static ssize_t put(int fd, const void *bytes, size_t size, off_t at)
{
    REAL(ssize_t, pwrite, int, const void *, size_t, off_t);

    note_write(fd, size, at);
    return real(fd, bytes, size, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    return put(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
    return put(fd, bytes, size, at);
}

int fdatasync(int fd)
{
    REAL(int, fdatasync, int);
    return note_sync(fd, real(fd));
}

int fsync(int fd)
{
    REAL(int, fsync, int);
    return note_sync(fd, real(fd));
}
