/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/staging.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const files[] = { STAGING_LEDGER,         STAGING_LEDGER "-journal",
                                     STAGING_LEDGER "-wal",  STAGING_LEDGER "-shm",
                                     STAGING_LEDGER "-lock", STAGING_LEDGER "-reserve",
                                     STAGING_ARCHIVE,        STAGING_SIGNATURE };

static bool say(const char *path, struct fault *why)
{
    return fault_set(why, "%.300s: %s", path, strerror(errno));
}

/* ---- the folder ---- */

/* Made by us alone: nobody else may put anything into it. */
static bool is_private(const struct stat *about)
{
    return S_ISDIR(about->st_mode) && about->st_uid == geteuid() && (about->st_mode & 0077) == 0;
}

/* *out_gone: whoever held it has removed it meanwhile. */
static bool lock(struct staging *staging, bool *out_gone, struct fault *why)
{
    struct stat held, named;

    *out_gone = false;
    staging->fd = open(staging->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (staging->fd < 0 || fstat(staging->fd, &held) != 0 || !is_private(&held))
        return fault_set(why, "%.300s: is there, and no folder that breachctl made: move it away",
                         staging->folder);
    if (flock(staging->fd, LOCK_EX) != 0)
        return say(staging->folder, why);
    *out_gone = stat(staging->folder, &named) != 0 || named.st_ino != held.st_ino;
    return true;
}

static void let_go(struct staging *staging)
{
    if (staging->fd >= 0)
        close(staging->fd);
    staging->fd = -1;
}

static void empty(const struct staging *staging)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlinkat(staging->fd, files[i], 0);
}

static int is_entry(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static bool is_empty(const struct staging *staging)
{
    struct dirent **names = NULL;
    int n = scandir(staging->folder, &names, is_entry, alphasort);

    for (int i = 0; i < n; i++)
        free(names[i]);
    free(names);
    return n == 0;
}

bool staging_open(struct staging *out, const char *target, struct fault *why)
{
    bool gone, ok;

    *out = (struct staging){ .fd = -1 };
    if (snprintf(out->folder, sizeof out->folder, "%s.part", target) >= (int)sizeof out->folder)
        return fault_set(why, "%.100s...: longer than %d bytes", target, SETTINGS_PATH_MAX);
    do {
        let_go(out);
        if (mkdir(out->folder, 0700) != 0 && errno != EEXIST)
            return say(out->folder, why);
        ok = lock(out, &gone, why);
    } while (ok && gone);
    if (ok) {
        empty(out);
        ok = is_empty(out) ||
             fault_set(why, "%.300s: something is in it that breachctl did not make: move it away",
                       out->folder);
    }
    if (!ok)
        let_go(out);
    return ok;
}

void staging_close(struct staging *staging)
{
    if (staging->fd < 0)
        return;
    empty(staging);
    rmdir(staging->folder);
    let_go(staging);
}

/* ---- files ---- */

char *staging_path(const struct staging *staging, const char *file, char out[STAGING_PATH_MAX])
{
    snprintf(out, STAGING_PATH_MAX, "%.*s/%s", STAGING_PATH_MAX - 24, staging->folder, file);
    return out;
}

static bool sync_folder_of(const char *path)
{
    char *copy = strdup(path);
    int fd = copy != NULL ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    free(copy);
    return ok;
}

bool staging_publish(const struct staging *staging, const char *file, const char *path,
                     struct fault *why)
{
    bool ok = renameat2(staging->fd, file, AT_FDCWD, path, RENAME_NOREPLACE) == 0;

    // Not every file system knows that; those know links.
    if (!ok && (errno == EINVAL || errno == ENOSYS))
        ok = linkat(staging->fd, file, AT_FDCWD, path, 0) == 0;
    return (ok && sync_folder_of(path)) || say(path, why);
}
