/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snapshot.c - a copy of the ledger for a backup, or for a group of people who may explain and
 * export without being root; of those in a folder the newest few stay.
 */
#include "adapter/ledger/snapshot.h"

#include "adapter/clock.h"
#include "adapter/conf/units.h"
#include "adapter/print.h"
#include "ctl/command.h"
#include "ctl/meter.h"
#include "ctl/staging.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH_TEXT_MAX = SETTINGS_PATH_MAX + 64, KEEP_MOST = 10000, NAME_CHARS = 30 };

/* ledger-20201124T201405Z.db: by name they are in the order of time. */
static const char head[] = "ledger-", tail[] = ".db";

static void on_progress(uint64_t done, uint64_t total, void *arg)
{
    struct meter *meter = arg;

    meter->total = total;
    meter_at(meter, done);
}

struct wanted {
    const char *to;
    char path[PATH_TEXT_MAX];
    bool folder, group_given;
    gid_t group;
    size_t keep; // 0: all
};

/* ---- whose it is ---- */

static bool find_group(const char *name, gid_t *out, struct fault *why)
{
    // cppcheck-suppress getgrnamCalled ; breachctl has one thread
    const struct group *group = getgrnam(name);

    if (group == NULL)
        return fault_set(why, "--group: %.64s: no such group", name);
    *out = group->gr_gid;
    return true;
}

/* Its group may read it, and nobody else but its owner. */
static bool give(const char *path, gid_t group, struct fault *why)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    bool ok = fd >= 0 && fchown(fd, (uid_t)-1, group) == 0 && fchmod(fd, 0640) == 0;

    if (!ok)
        fault_set(why, "%.300s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

/* ---- in a folder ---- */

static bool is_folder(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static void name_it(const char *folder, char path[PATH_TEXT_MAX])
{
    time_t now = (time_t)(clock_utc().ms / 1000);
    struct tm utc;
    char time[32];

    gmtime_r(&now, &utc);
    strftime(time, sizeof time, "%Y%m%dT%H%M%SZ", &utc);
    snprintf(path, PATH_TEXT_MAX, "%s/%s%s%s", folder, head, time, tail);
}

/* Such a name, digit by digit: another one is somebody's own. */
static int is_ours(const struct dirent *entry)
{
    static const char like[] = "ledger-00000000T000000Z.db";
    const char *name = entry->d_name;
    size_t i = 0;

    while (like[i] != '\0' &&
           (like[i] == '0' ? isdigit((unsigned char)name[i]) != 0 : name[i] == like[i]))
        i++;
    return like[i] == '\0' && name[i] == '\0';
}

/* A file of our own making that has all of a ledger: an older breachctl left others when killed. */
static bool is_whole(const char *path)
{
    char journal[PATH_TEXT_MAX + 16];
    struct stat about;

    snprintf(journal, sizeof journal, "%s-journal", path);
    return lstat(path, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0 &&
           access(journal, F_OK) != 0;
}

/*
 * Of those older than ours, all but the newest `keep` go, ours counted. What has a name of the
 * future is not older, and no reason to let go of a good one.
 */
static bool drop_older(const struct wanted *wanted, struct fault *why)
{
    const char *ours = strrchr(wanted->path, '/') + 1;
    char path[PATH_TEXT_MAX];
    struct dirent **names = NULL;
    int n = scandir(wanted->to, &names, is_ours, alphasort);
    bool ok = n >= 0 || fault_set(why, "%.300s: %s", wanted->to, strerror(errno));
    size_t kept = 1;

    for (int i = n - 1; i >= 0; i--) {
        int order = strcmp(names[i]->d_name, ours);

        snprintf(path, sizeof path, "%.*s/%.*s", SETTINGS_PATH_MAX, wanted->to, NAME_CHARS,
                 names[i]->d_name);
        if (order > 0)
            print_line(stderr, "breachctl: %s: is of the future, and not counted by --keep", path);
        else if (order < 0 && is_whole(path) && ++kept > wanted->keep && unlink(path) != 0 && ok)
            ok = fault_set(why, "%.300s: %s", path, strerror(errno));
        free(names[i]);
    }
    free(names);
    return ok;
}

/* ---- the command ---- */

/* False, and said, when a value can never be right. */
static bool read_wanted(const struct ctl_options *options, const char *to, struct wanted *out)
{
    struct fault why;
    double keep = 0;

    *out = (struct wanted){ .to = to, .folder = is_folder(to) };
    if (options->group != NULL) {
        out->group_given = find_group(options->group, &out->group, &why);
        if (!out->group_given)
            return ctl_wrong("%s", why.text) != CTL_USAGE;
    }
    if (options->keep != NULL && !out->folder)
        return ctl_wrong("--keep: %.100s is no folder", to) != CTL_USAGE;
    if (options->keep != NULL && !unit_parse(UNIT_COUNT, options->keep, 1, KEEP_MOST, &keep, &why))
        return ctl_wrong("--keep: %s", why.text) != CTL_USAGE;
    out->keep = (size_t)keep;
    if (out->folder)
        name_it(to, out->path);
    else
        snprintf(out->path, sizeof out->path, "%s", to);
    return true;
}

/* In its own name only once it is whole. */
static bool fill(const struct ctl_source *source, const struct wanted *wanted,
                 const struct staging *staging, struct fault *why)
{
    char copy[STAGING_PATH_MAX];
    struct meter meter;
    bool ok;

    staging_path(staging, STAGING_LEDGER, copy);
    meter_begin(&meter, "snapshot", 1);
    ok = snapshot_make(source->reader, copy, on_progress, &meter, why);
    meter_end(&meter);
    return ok && (!wanted->group_given || give(copy, wanted->group, why)) &&
           staging_publish(staging, STAGING_LEDGER, wanted->path, why);
}

static bool make(const struct ctl_source *source, const struct wanted *wanted, struct fault *why)
{
    struct staging staging;
    char part[PATH_TEXT_MAX];
    bool ok;

    if (access(wanted->path, F_OK) == 0)
        return fault_set(why, "%.300s: %s", wanted->path, strerror(EEXIST));
    // One name in a folder, so that what was left there is found.
    snprintf(part, sizeof part, "%.*s/ledger", SETTINGS_PATH_MAX, wanted->to);
    if (!staging_open(&staging, wanted->folder ? part : wanted->path, why))
        return false;
    ok = fill(source, wanted, &staging, why);
    staging_close(&staging);
    return ok && (wanted->keep == 0 || drop_older(wanted, why));
}

int ctl_snapshot(int argc, char **argv)
{
    struct ctl_source source = { 0 };
    struct ctl_options options;
    struct wanted wanted;
    struct fault why;
    int rest;
    bool ok;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_one(argc, argv, rest, "FILE|FOLDER"))
        return ctl_misused("snapshot");
    if (!read_wanted(&options, argv[rest], &wanted))
        return CTL_USAGE;
    ok = ctl_source_open(&options, &source, &why) && make(&source, &wanted, &why);
    ctl_source_close(&source);
    if (!ok)
        return ctl_refuse("%s", why.text);
    print_line(stdout, "%s", wanted.path);
    return CTL_DONE;
}
