/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/init_value.h"

#include "adapter/certificate_make.h"
#include "adapter/civil_load.h"
#include "adapter/redis_target.h"
#include "adapter/textfile.h"
#include "core/index.h"
#include "ctl/command.h"
#include "ctl/init_redis.h"
#include "ctl/token.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PEM_FILE_MAX = 16 * 1024 * 1024 };

/* A breachd.conf of this one value, as a file that is nowhere; -1: it cannot be had. */
static int open_alone(const struct init_key *of, const char *value)
{
    int fd = memfd_create("breachd.conf", MFD_CLOEXEC), copy = fd < 0 ? -1 : dup(fd);
    FILE *file = copy < 0 ? NULL : fdopen(copy, "w");
    bool ok = file != NULL && fprintf(file, "[%s]\n%s = %s\n", of->section, of->key, value) > 0;

    // There will be some, so a door may be open to others.
    if (ok && of == &init_keys[INIT_LISTEN])
        ok = fprintf(file, "tokens = tokens\n") > 0;
    if (file != NULL)
        ok = fclose(file) == 0 && ok;
    else if (copy >= 0)
        close(copy);
    if (ok)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* What settings.c says of the value's own line; of what else is missing it is not asked. */
static bool is_good(const struct init_key *of, const char *value, struct fault *why)
{
    char path[64], where[128];
    struct complaints complaints = { 0 };
    struct settings settings;
    bool ok = true;
    int fd = open_alone(of, value);

    if (fd < 0)
        return fault_set(why, "cannot be checked: %s", strerror(errno));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    snprintf(where, sizeof where, "%s:2: %s: ", path, of->key);
    settings_load(path, &settings, &complaints);
    for (size_t i = 0; ok && i < complaints.n; i++) {
        const char *said = complaints.kept[i].text;

        if (complaints.kept[i].is_error && strncmp(said, where, strlen(where)) == 0)
            ok = fault_set(why, "%.400s", said + strlen(where));
    }
    settings_wipe(&settings);
    complaints_fini(&complaints);
    close(fd);
    return ok;
}

/* A line of an INI file that says what was meant. */
static bool is_line(const char *value, struct fault *why)
{
    if (strpbrk(value, "\r\n") != NULL)
        return fault_set(why, "holds a line end");
    return strchr(value, ';') == NULL || fault_set(why, "; would begin a comment");
}

/* Settings take a path by their own folder; here it is by ours. */
static bool take_file(char value[ASK_MAX], struct fault *why)
{
    struct fault cause;
    FILE *file = textfile_open(value, PEM_FILE_MAX, &cause);
    char whole[PATH_MAX];

    if (file == NULL)
        return fault_set(why, "%.300s: %s", value, cause.text);
    fclose(file);
    if (realpath(value, whole) == NULL || strlen(whole) >= SETTINGS_PATH_MAX)
        return fault_set(why, "%.300s: a path longer than %d bytes", value, SETTINGS_PATH_MAX - 1);
    strcpy(value, whole);
    return is_line(value, why);
}

/* Each is the name of its token, and of a file. */
static bool is_once(const char *devices, struct fault *why)
{
    for (const char *one = devices; one != NULL; one = strchr(one, ',')) {
        size_t n;

        one += *one == ',';
        n = strcspn(one, ",");
        if (n == strlen(INIT_OPERATOR_TOKEN) && strncmp(one, INIT_OPERATOR_TOKEN, n) == 0)
            return fault_set(why, "%s: is the name of the operator's token", INIT_OPERATOR_TOKEN);
        for (const char *other = strchr(one, ','); other != NULL; other = strchr(other, ',')) {
            other++;
            if (strcspn(other, ",") == n && strncmp(one, other, n) == 0)
                return fault_set(why, "%.*s: stands there twice", (int)(n < 100 ? n : 100), one);
        }
    }
    return true;
}

static bool are_devices(const char *value, struct fault *why)
{
    if (value[0] == '\0')
        return true;
    if (!token_devices_valid(value))
        return fault_set(why, "%.100s: not ids of devices, parted by commas", value);
    return is_once(value, why);
}

/* Its user gets rights, and so must be nobody else of redis.acl. */
static bool is_redis(const char *value, struct fault *why)
{
    struct redis_target target;

    if (!redis_target_parse(value, "/", &target, why))
        return false;
    return target.user[0] == '\0' || init_redis_user_valid(target.user, why);
}

bool init_value_take(struct init_answers *answers, size_t nth, struct fault *why)
{
    const struct init_key *of = &init_keys[nth];
    char *value = answers->of[nth];
    struct civil civil;

    if (!is_line(value, why))
        return false;
    if (of->section != NULL && !is_good(of, value, why))
        return false;
    if (nth == INIT_TIMEZONE)
        return civil_load(value, &civil, why);
    if (nth == INIT_REDIS)
        return is_redis(value, why);
    if (nth == INIT_DEVICES)
        return are_devices(value, why);
    if (nth == INIT_HOST)
        return certificate_names_valid(value, why);
    if (nth == INIT_TLS_KEY || (nth == INIT_TLS && init_key_concerns(answers, INIT_TLS_KEY)))
        return take_file(value, why);
    return true;
}
