/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/user_file.h"

#include "adapter/textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_LIMIT = 1024 * 1024, NEW_MODE = 0600 };

struct writing {
    const char *path;
    char fresh[PATH_MAX];
    int folder; // locked
    FILE *from, *file;
};

static bool say(const struct writing *writing, struct fault *why)
{
    return fault_set(why, "%.300s: %s", writing->path, strerror(errno));
}

/* The folder, so that the lock does not go with the file that is replaced. */
static bool lock_folder(struct writing *writing, struct fault *why)
{
    const char *slash = strrchr(writing->path, '/');
    char folder[PATH_MAX];
    int n = slash == NULL ? snprintf(folder, sizeof folder, ".")
                          : snprintf(folder, sizeof folder, "%.*s",
                                     (int)(slash == writing->path ? 1 : slash - writing->path),
                                     writing->path);

    if (n >= PATH_MAX ||
        snprintf(writing->fresh, PATH_MAX, "%s.XXXXXX", writing->path) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return say(writing, why);
    }
    writing->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return (writing->folder >= 0 && flock(writing->folder, LOCK_EX) == 0) || say(writing, why);
}

/* What was there, if anything was; the fresh one is as it is. */
static bool open_both(struct writing *writing, struct fault *why)
{
    struct stat was = { .st_mode = NEW_MODE };
    struct fault cause;
    int fd;

    writing->from = textfile_open(writing->path, FILE_LIMIT, &cause);
    if (writing->from == NULL && errno != ENOENT)
        return fault_set(why, "%.300s: %s", writing->path, cause.text);
    fd = mkstemp(writing->fresh);
    if (fd < 0) {
        writing->fresh[0] = '\0';
        return say(writing, why);
    }
    writing->file = fdopen(fd, "w");
    if (writing->file == NULL) {
        close(fd);
        return say(writing, why);
    }
    if (writing->from == NULL)
        return fchmod(fd, NEW_MODE) == 0 || say(writing, why);
    return (fstat(fileno(writing->from), &was) == 0 && fchown(fd, was.st_uid, was.st_gid) == 0 &&
            fchmod(fd, was.st_mode & 0660) == 0) ||
           say(writing, why);
}

static bool is_of(const char *line, const char *name)
{
    size_t n = strlen(name);

    line += strspn(line, " \t");
    return strncmp(line, name, n) == 0 && strchr(" \t\r\n", line[n]) != NULL;
}

static void copy(struct writing *writing, const char *name, const char *line)
{
    char *one = NULL;
    size_t room = 0;
    ssize_t n;

    while (writing->from != NULL && (n = getline(&one, &room, writing->from)) > 0) {
        if (!is_of(one, name)) {
            fprintf(writing->file, "%s%s", one, one[n - 1] == '\n' ? "" : "\n");
            continue;
        }
        if (line != NULL)
            fprintf(writing->file, "%s\n", line);
        line = NULL;
    }
    if (line != NULL)
        fprintf(writing->file, "%s\n", line);
    free(one);
}

/* What breachd-web would complain of is not put in place. */
static bool check(const struct writing *writing, struct fault *why)
{
    struct complaints complaints = { 0 };
    struct users *users = users_load(writing->fresh, &complaints);
    bool good = users != NULL;

    if (!good) // behind the name of the file that is to be one
        fault_set(why, "%.300s: would be no good users file%.150s", writing->path,
                  complaints.n > 0 ? complaints.kept[0].text + strlen(writing->fresh)
                                   : ": " FAULT_MEMORY);
    users_destroy(users);
    complaints_fini(&complaints);
    return good;
}

static bool put_in_place(struct writing *writing, struct fault *why)
{
    if (fflush(writing->file) != 0 || ferror(writing->file) || fsync(fileno(writing->file)) != 0)
        return say(writing, why);
    if (!check(writing, why))
        return false;
    if (rename(writing->fresh, writing->path) != 0)
        return say(writing, why);
    writing->fresh[0] = '\0';
    fsync(writing->folder); // else an earlier one may be found after a power cut, and it is whole
    return true;
}

bool user_file_put(const char *path, const char *name, const char *line, struct fault *why)
{
    struct writing writing = { .path = path, .folder = -1 };
    bool done = false;

    if (!lock_folder(&writing, why))
        writing.fresh[0] = '\0';
    else if (open_both(&writing, why)) {
        copy(&writing, name, line);
        done = put_in_place(&writing, why);
    }
    if (writing.from != NULL)
        fclose(writing.from);
    if (writing.file != NULL)
        fclose(writing.file);
    if (writing.fresh[0] != '\0')
        unlink(writing.fresh);
    if (writing.folder >= 0)
        close(writing.folder);
    return done;
}
