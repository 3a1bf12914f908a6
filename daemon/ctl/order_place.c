/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/order_place.h"

#include "adapter/civil_load.h"
#include "adapter/conf/ini.h"
#include "adapter/print.h"
#include "adapter/textfile.h"
#include "core/plural.h"
#include "core/rulebook.h"
#include "ctl/order_beside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_MAX_CHARS = SETTINGS_PATH_MAX + ORDER_FILE_NAME_MAX + 8, NEW_MODE = 0640 };

static bool say(const struct order_place *place, const char *name, struct fault *why)
{
    return fault_set(why, "%.200s/%.120s: %s", place->folder, name, strerror(errno));
}

bool order_place_open(const struct order_call *call, struct order_place *out, struct fault *why)
{
    struct ctl_options options = { .settings = call->settings };

    *out = (struct order_place){ .call = call, .fd = -1 };
    if (!ctl_settings(&options, &out->settings))
        return fault_set(why, "without settings no order can be checked: name them by -c FILE");
    settings_wipe(&out->settings);
    if (!civil_load(out->settings.timezone, &out->civil, why))
        return false;
    snprintf(out->folder, sizeof out->folder, "%s",
             call->orders != NULL ? call->orders : out->settings.orders);
    out->fd = open(out->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return out->fd >= 0 || fault_set(why, "%.300s: %s", out->folder, strerror(errno));
}

bool order_place_lock(const struct order_place *place, struct fault *why)
{
    return flock(place->fd, LOCK_EX) == 0 ||
           fault_set(why, "%.300s: cannot be locked: %s", place->folder, strerror(errno));
}

void order_place_close(struct order_place *place)
{
    if (place->fd >= 0)
        close(place->fd);
    place->fd = -1;
}

bool order_place_name(const struct order_call *call, const char *stem,
                      char out[ORDER_FILE_NAME_MAX], struct fault *why)
{
    const char *name = call->file != NULL ? call->file : stem;
    size_t n = strlen(name);

    if (n > 5 && strcmp(name + n - 5, ".conf") == 0)
        n -= 5;
    snprintf(out, ORDER_FILE_NAME_MAX, "%.*s", (int)(n < 100 ? n : 100), name);
    if (!name_valid(out) || out[0] == '.')
        return fault_set(why, "%.100s: no name of an order file: 1..64 letters, digits, - _ .",
                         name);
    strcat(out, ".conf");
    return true;
}

/* All of a regular file as one text. */
static char *read_all(int fd, struct fault *why)
{
    struct stat what;
    char *text = NULL;
    size_t n = 0;
    ssize_t got;

    if (fstat(fd, &what) != 0 || !S_ISREG(what.st_mode) || what.st_size > INI_FILE_LIMIT ||
        (text = malloc((size_t)what.st_size + 1)) == NULL) {
        fault_set(why, "no regular file of up to %d bytes", INI_FILE_LIMIT);
        return NULL;
    }
    while (n < (size_t)what.st_size && (got = read(fd, text + n, (size_t)what.st_size - n)) > 0)
        n += (size_t)got;
    text[n] = '\0';
    if (n == (size_t)what.st_size && strlen(text) == n)
        return text;
    fault_set(why, "holds a NUL, or was changed while it was read");
    free(text);
    return NULL;
}

char *order_place_read(const struct order_place *place, const char *name, bool *out_there,
                       struct fault *why)
{
    int fd = openat(place->fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct fault cause;
    char *text;

    *out_there = fd >= 0 || errno != ENOENT;
    if (fd < 0) {
        say(place, name, why);
        return NULL;
    }
    text = read_all(fd, &cause);
    close(fd);
    if (text == NULL)
        fault_set(why, "%.200s/%.120s: %s", place->folder, name, cause.text);
    return text;
}

/* Whether it is one of those files. */
static bool is_of(const struct order_place *place, const struct orderfile_draft *drafts, size_t n,
                  const char *file)
{
    size_t folder = strlen(place->folder);

    if (file == NULL || strncmp(file, place->folder, folder) != 0 || file[folder] != '/')
        return false;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(drafts[i].name, file + folder + 1) == 0)
            return true;
    }
    return false;
}

/* Every error; of warnings, if any, those of that file. */
static void tell(const struct order_place *place, const struct complaints *complaints,
                 const struct orderfile_draft *drafts, size_t n)
{
    size_t unshown = complaints->errors;

    for (size_t i = 0; i < complaints->n; i++) {
        const struct complaint *one = &complaints->kept[i];

        if (one->is_error || is_of(place, drafts, n, one->file))
            print_line(stderr, "%s%s", one->text, one->secret != NULL ? one->secret : "");
        unshown -= one->is_error;
    }
    if (unshown > 0)
        print_line(stderr, "and %zu more", unshown);
}

struct rulebook *order_place_check(const struct order_place *place,
                                   const struct orderfile_draft *drafts, size_t n, bool warnings)
{
    struct complaints complaints = { 0 };
    struct rulebook *rules = order_beside_load(place, drafts, n, &complaints);

    tell(place, &complaints, drafts, warnings ? n : 0);
    complaints_fini(&complaints);
    return rules;
}

void order_place_show(const char *text)
{
    while (*text != '\0') {
        size_t n = strcspn(text, "\n");

        print_bytes(stdout, text, n);
        print_line(stdout, "%s", "");
        text += n + (text[n] == '\n');
    }
    fflush(stdout);
}

/* Who may read what is there may read what comes; else who may read what is in the folder. */
static bool give_rights(const struct order_place *place, const char *name, int fd, bool over)
{
    struct stat what;

    if (over)
        return fstatat(place->fd, name, &what, 0) == 0 &&
               (what.st_uid == geteuid() || fchown(fd, what.st_uid, (gid_t)-1) == 0) &&
               fchown(fd, (uid_t)-1, what.st_gid) == 0 && fchmod(fd, what.st_mode & 07777) == 0;
    return fstat(place->fd, &what) == 0 && fchown(fd, (uid_t)-1, what.st_gid) == 0 &&
           fchmod(fd, NEW_MODE) == 0;
}

/* Where a file itself lies, and its name there: a link stays, and what it leads to is written. */
struct spot {
    int fd;
    char name[NAME_MAX + 1];
};

static bool follow(const struct order_place *place, const char *name, struct spot *out)
{
    char path[PATH_MAX_CHARS], *itself, *slash;

    snprintf(path, sizeof path, "%s/%s", place->folder, name);
    itself = realpath(path, NULL);
    slash = itself != NULL ? strrchr(itself, '/') : NULL;
    if (slash != NULL) {
        *slash = '\0';
        out->fd = open(itself[0] != '\0' ? itself : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        snprintf(out->name, sizeof out->name, "%s", slash + 1);
    }
    free(itself);
    return slash != NULL && out->fd >= 0;
}

static bool find_spot(const struct order_place *place, const char *name, bool over,
                      struct spot *out)
{
    struct stat what;

    *out = (struct spot){ .fd = -1 };
    if (over && fstatat(place->fd, name, &what, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(what.st_mode))
        return follow(place, name, out);
    out->fd = fcntl(place->fd, F_DUPFD_CLOEXEC, 0);
    snprintf(out->name, sizeof out->name, "%s", name);
    return out->fd >= 0;
}

/* Written beside, under a name that breachd does not read, then named as it shall be. */
static bool move_in(const struct order_place *place, const char *name, const char *text, bool over,
                    struct fault *why)
{
    char beside[NAME_MAX + 8];
    struct spot spot;
    int fd;
    bool ok;

    if (!find_spot(place, name, over, &spot))
        return say(place, name, why);
    snprintf(beside, sizeof beside, ".%s.new", spot.name);
    unlinkat(spot.fd, beside, 0); // of one that was killed here: the lock is ours
    fd = openat(spot.fd, beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    ok = fd >= 0;
    if (ok && !give_rights(place, name, fd, over)) {
        close(fd);
        ok = false;
    }
    ok = ok && textfile_write(fd, text) &&
         (over ? renameat(spot.fd, beside, spot.fd, spot.name)
               : linkat(spot.fd, beside, spot.fd, spot.name, 0)) == 0;
    if (!ok)
        say(place, name, why);
    if (!ok || !over)
        unlinkat(spot.fd, beside, 0);
    if (ok && fsync(spot.fd) != 0)
        ok = say(place, name, why);
    close(spot.fd);
    return ok;
}

/* Whether breachd reads it by these settings: --orders may name any folder. */
static bool is_read(const struct order_place *place)
{
    struct stat ours, read;

    return fstat(place->fd, &ours) == 0 && stat(place->settings.orders, &read) == 0 &&
           ours.st_dev == read.st_dev && ours.st_ino == read.st_ino;
}

void order_place_tell_reload(const struct order_place *place)
{
    const struct ctl_options options = { .settings = place->call->settings };
    const char *settings = ctl_settings_path(&options);

    if (!is_read(place))
        print_line(stderr, "breachctl: in force nowhere: %s has another folder, %s", settings,
                   place->settings.orders);
    else if (ctl_settings_are_service(settings))
        print_line(stderr, "breachctl: in force after a reload: systemctl reload breachd");
    else
        print_line(stderr, "breachctl: in force after a reload: breachctl reload -c %s", settings);
}

/* What is there now, in words. */
static void tell_done(const struct order_place *place, const char *name,
                      const struct rulebook_counts *counts)
{
    if (place->call->dry_run) {
        print_line(stderr, "breachctl: checked: %zu order%s, %zu zone%s; nothing was written",
                   counts->orders, plural(counts->orders), counts->exclusions,
                   plural(counts->exclusions));
        return;
    }
    print_line(stderr, "breachctl: %s/%s is in place; with it there are %zu order%s, %zu zone%s",
               place->folder, name, counts->orders, plural(counts->orders), counts->exclusions,
               plural(counts->exclusions));
    order_place_tell_reload(place);
}

static bool put_locked(const struct order_place *place, const char *name, const char *text,
                       bool over, struct fault *why)
{
    struct orderfile_draft draft = { name, text };
    struct rulebook *rules;
    struct rulebook_counts counts;

    if (!over && faccessat(place->fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return fault_set(why, "%.200s/%.120s: is there already, and stays as it is", place->folder,
                         name);
    rules = order_place_check(place, &draft, 1, true);
    if (rules == NULL)
        return fault_set(why, "refused: nothing in %.300s was changed", place->folder);
    counts = rulebook_counts(rules);
    rulebook_destroy(rules);
    if (!place->call->dry_run && !move_in(place, name, text, over, why))
        return false;
    tell_done(place, name, &counts);
    return true;
}

bool order_place_write(const struct order_place *place, const char *name, const char *text,
                       struct fault *why)
{
    return move_in(place, name, text, true, why);
}

bool order_place_put(const struct order_place *place, const char *name, const char *text, bool over,
                     struct fault *why)
{
    bool ok = order_place_lock(place, why) && put_locked(place, name, text, over, why);

    flock(place->fd, LOCK_UN);
    return ok;
}
