/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/init_stage.h"

#include "adapter/textfile.h"
#include "ctl/init_shipped.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool say(const char *folder, const char *name, struct fault *why)
{
    return fault_set(why, "%.300s/%.100s: %s", folder, name, strerror(errno));
}

/* ---- begin and end ---- */

static bool find_user(struct init_stage *stage, const char *user, struct fault *why)
{
    // cppcheck-suppress getpwnamCalled ; breachctl has one thread
    const struct passwd *found = user != NULL ? getpwnam(user) : NULL;

    if (user == NULL)
        return true;
    if (found == NULL)
        return fault_set(why, "%.64s: no such user", user);
    stage->given = true;
    stage->uid = found->pw_uid;
    stage->gid = found->pw_gid;
    return true;
}

static size_t count(const char *const *names)
{
    size_t n = 0;

    while (names[n] != NULL)
        n++;
    return n;
}

/*
 * Whether there is a folder, and none of the names in it but one that was shipped; the last of them
 * is told first.
 */
static bool check_paths(struct init_stage *stage, const char *const *names, struct fault *why)
{
    stage->target_fd = open(stage->target, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    stage->there = stage->target_fd >= 0;
    if (!stage->there && errno == ENOENT)
        return true;
    if (!stage->there)
        return fault_set(why, "%.300s: %s", stage->target, strerror(errno));
    for (size_t n = count(names); n-- > 0;) {
        if (faccessat(stage->target_fd, names[n], F_OK, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (init_shipped_is(stage->target_fd, names[n]))
            stage->shipped = names[n];
        else
            return fault_set(why,
                             "%.300s/%.100s: is there already, and stays as it is: move it away, "
                             "or name another folder",
                             stage->target, names[n]);
    }
    return true;
}

/* Beside a target that is new, so that a rename is all; else in it, on the same disk. */
static bool make(struct init_stage *stage, struct fault *why)
{
    const char *slash = strrchr(stage->target, '/');
    int folder = slash != NULL ? (int)(slash - stage->target) + 1 : 0, n;

    if (stage->there)
        n = snprintf(stage->path, INIT_PATH_MAX, "%s/.init-XXXXXX", stage->target);
    else
        n = snprintf(stage->path, INIT_PATH_MAX, "%.*s.%s.init-XXXXXX", folder, stage->target,
                     stage->target + folder);
    if (n >= INIT_PATH_MAX || mkdtemp(stage->path) == NULL) {
        stage->path[0] = '\0';
        return fault_set(why, "%.300s: cannot be made: %s", stage->target,
                         n >= INIT_PATH_MAX ? strerror(ENAMETOOLONG) : strerror(errno));
    }
    stage->fd = open(stage->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return stage->fd >= 0 || fault_set(why, "%.300s: %s", stage->path, strerror(errno));
}

static void hold_signals(sigset_t *out_before)
{
    sigset_t stops;

    sigemptyset(&stops);
    sigaddset(&stops, SIGHUP);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    sigprocmask(SIG_BLOCK, &stops, out_before);
}

/* root's own, and readable by the group; or simply ours. */
static bool give(const struct init_stage *stage, int fd, enum init_reader reader, bool folder)
{
    bool theirs = stage->given && reader != INIT_OPERATOR;
    uid_t uid = reader == INIT_SECRET ? stage->uid : (uid_t)-1;
    mode_t mode = theirs && reader == INIT_READ ? 0040 : 0;

    if (theirs && fchown(fd, uid, stage->gid) != 0)
        return false;
    return fchmod(fd, folder ? 0700 | mode | mode >> 2 : 0600 | mode) == 0;
}

bool init_stage_begin(struct init_stage *stage, const char *target, const char *user,
                      const char *const *names, struct fault *why)
{
    *stage = (struct init_stage){ .fd = -1, .target_fd = -1 };
    hold_signals(&stage->mask);
    if (strlen(target) >= INIT_PATH_MAX)
        return fault_set(why, "%.100s…: %s", target, strerror(ENAMETOOLONG));
    strcpy(stage->target, target);
    if (!find_user(stage, user, why) || !check_paths(stage, names, why) || !make(stage, why))
        return false;
    return give(stage, stage->fd, INIT_READ, true) ||
           fault_set(why, "%.300s: %s", stage->path, strerror(errno));
}

static void drop(const char *path)
{
    char *const roots[] = { (char *)(uintptr_t)path, NULL };
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    FTSENT *one;

    while (walk != NULL && (one = fts_read(walk)) != NULL) {
        if (one->fts_info == FTS_DP)
            rmdir(one->fts_accpath);
        else if (one->fts_info != FTS_D)
            unlink(one->fts_accpath);
    }
    if (walk != NULL)
        fts_close(walk);
}

void init_stage_end(struct init_stage *stage)
{
    if (stage->path[0] != '\0')
        drop(stage->path);
    if (stage->fd >= 0)
        close(stage->fd);
    if (stage->target_fd >= 0)
        close(stage->target_fd);
    stage->path[0] = '\0';
    stage->fd = stage->target_fd = -1;
    sigprocmask(SIG_SETMASK, &stage->mask, NULL);
}

/* ---- what is in it ---- */

bool init_stage_folder(const struct init_stage *stage, const char *name, enum init_reader reader,
                       struct fault *why)
{
    char own[INIT_PATH_MAX];
    int fd = -1;
    bool ok;

    if (stage->there && faccessat(stage->target_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        snprintf(own, sizeof own, "../%.200s", name);
        return symlinkat(own, stage->fd, name) == 0 || say(stage->path, name, why);
    }
    ok = mkdirat(stage->fd, name, 0700) == 0 &&
         (fd = openat(stage->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0 &&
         give(stage, fd, reader, true);

    if (!ok)
        say(stage->path, name, why);
    if (fd >= 0)
        close(fd);
    return ok;
}

bool init_stage_file(const struct init_stage *stage, const char *name, const char *text,
                     enum init_reader reader, struct fault *why)
{
    int fd = openat(stage->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
        return say(stage->path, name, why);
    if (!give(stage, fd, reader, false)) {
        say(stage->path, name, why);
        close(fd);
        return false;
    }
    return textfile_write(fd, text) || say(stage->path, name, why);
}

/* ---- into its place ---- */

/*
 * A folder is not moved over one that holds something, and a file over none at all. What is not
 * there was not wanted, and a link says that the target has its own.
 */
static bool move_one(int from, int to, const char *name, bool *out_moved)
{
    struct stat what;

    *out_moved = false;
    if (fstatat(from, name, &what, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT;
    if (S_ISLNK(what.st_mode))
        return true;
    if (S_ISDIR(what.st_mode))
        *out_moved = renameat(from, name, to, name) == 0;
    else
        *out_moved = linkat(from, name, to, name, 0) == 0 && unlinkat(from, name, 0) == 0;
    return *out_moved;
}

static bool move_each(const struct init_stage *stage, const char *const *names, struct fault *why)
{
    bool moved[INIT_NAMES_MAX] = { 0 }, back;
    size_t n = 0;

    while (names[n] != NULL && move_one(stage->fd, stage->target_fd, names[n], &moved[n]))
        n++;
    if (names[n] == NULL)
        return fsync(stage->target_fd) == 0 || say(stage->target, "", why);
    say(stage->target, names[n], why);
    while (n-- > 0) {
        if (moved[n])
            move_one(stage->target_fd, stage->fd, names[n], &back);
    }
    return false;
}

static bool move_whole(struct init_stage *stage, struct fault *why)
{
    char parent[INIT_PATH_MAX];
    char *slash;
    int fd;
    bool ok;

    if (rename(stage->path, stage->target) != 0)
        return fault_set(why, "%.300s: %s", stage->target, strerror(errno));
    stage->path[0] = '\0';
    strcpy(parent, stage->target);
    slash = strrchr(parent, '/');
    if (slash != NULL)
        slash[slash == parent] = '\0';
    fd = open(slash != NULL ? parent : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ok = fd >= 0 && fsync(fd) == 0;
    if (!ok)
        fault_set(why, "%.300s: is there, but the disk does not say so: %s", stage->target,
                  strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Out of the way, or back; nothing is written over. */
static bool move_shipped(const struct init_stage *stage, bool back, struct fault *why)
{
    char aside[INIT_PATH_MAX];
    const char *name = stage->shipped;

    snprintf(aside, sizeof aside, "%s" INIT_SHIPPED_END, name);
    return renameat2(stage->target_fd, back ? aside : name, stage->target_fd, back ? name : aside,
                     RENAME_NOREPLACE) == 0 ||
           say(stage->target, aside, why);
}

bool init_stage_move(struct init_stage *stage, const char *const *names, struct fault *why)
{
    struct fault unsaid;

    if (!stage->there)
        return move_whole(stage, why);
    if (stage->shipped != NULL && !move_shipped(stage, false, why))
        return false;
    if (move_each(stage, names, why))
        return true;
    if (stage->shipped != NULL)
        move_shipped(stage, true, &unsaid);
    return false;
}
