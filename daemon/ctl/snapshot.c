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

static int is_ours(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name), ends = sizeof tail - 1;

    return n == sizeof head - 1 + sizeof "20201124T201405Z" - 1 + ends && n <= NAME_CHARS &&
           strncmp(entry->d_name, head, sizeof head - 1) == 0 &&
           strcmp(entry->d_name + n - ends, tail) == 0;
}

/* All but the newest `keep` go, once the newest is whole. */
static bool drop_older(const char *folder, size_t keep, struct fault *why)
{
    char path[PATH_TEXT_MAX];
    struct dirent **names = NULL;
    int n = scandir(folder, &names, is_ours, alphasort);
    bool ok = n >= 0 || fault_set(why, "%.300s: %s", folder, strerror(errno));

    for (int i = 0; i < n; i++) {
        snprintf(path, sizeof path, "%.*s/%.*s", SETTINGS_PATH_MAX, folder, NAME_CHARS,
                 names[i]->d_name);
        if ((size_t)(n - i) > keep && unlink(path) != 0 && ok)
            ok = fault_set(why, "%.300s: %s", path, strerror(errno));
        free(names[i]);
    }
    free(names);
    return ok;
}

/* ---- the command ---- */

struct wanted {
    const char *to;
    char path[PATH_TEXT_MAX];
    bool folder, group_given;
    gid_t group;
    size_t keep; // 0: all
};

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

static bool make(const struct ctl_source *source, const struct wanted *wanted, struct fault *why)
{
    struct meter meter;
    bool ok;

    meter_begin(&meter, "snapshot", 1);
    ok = snapshot_make(source->reader, wanted->path, on_progress, &meter, why);
    meter_end(&meter);
    if (ok && wanted->group_given && !give(wanted->path, wanted->group, why)) {
        unlink(wanted->path);
        ok = false;
    }
    return ok && (wanted->keep == 0 || drop_older(wanted->to, wanted->keep, why));
}

int ctl_snapshot(int argc, char **argv)
{
    struct ctl_source source = { 0 };
    struct ctl_options options;
    struct wanted wanted;
    struct fault why;
    int rest;
    bool ok;

    if (!ctl_options(argc, argv, &options, &rest) || rest + 1 != argc)
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
