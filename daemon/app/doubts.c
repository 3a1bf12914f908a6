/* SPDX-License-Identifier: Apache-2.0 */
#include "app/doubts.h"

#include "adapter/certificate.h"

#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- who can read it ---- */

/* Files that open something, by what their keys are called. */
static const struct secret {
    size_t offset;
    const char *key;
} secrets[] = {
    { offsetof(struct settings, tls_key), "[http] tls-key" },
    { offsetof(struct settings, redis_key), "[redis] tls-key" },
    { offsetof(struct settings, redis_password), "[redis] password-file" },
    { offsetof(struct settings, mqtt_password), "[mqtt] password-file" },
    { offsetof(struct settings, signing_key), "signing-key" },
};

/* Whether others come as far as what the path names: each folder on the way lets them through. */
static bool is_reached(const char *path)
{
    char whole[PATH_MAX];
    struct stat what;

    if (realpath(path, whole) == NULL)
        return false;
    // The levels of one path.
    for (char *slash = strchr(whole + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (stat(whole, &what) != 0 || (what.st_mode & S_IXOTH) == 0)
            return false;
        *slash = '/';
    }
    return true;
}

static bool is_open(const char *path)
{
    struct stat what;

    return stat(path, &what) == 0 && (what.st_mode & S_IROTH) != 0 && is_reached(path);
}

static void find_secrets(const struct settings *settings, struct complaints *complaints)
{
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        const char *path = (const char *)settings + secrets[i].offset;

        if (path[0] != '\0' && is_open(path))
            complain_softly(complaints, settings->file, settings_line(settings, path),
                            "%s: everybody on this machine can read it: chmod o= %s",
                            secrets[i].key, path);
    }
}

/* Files that others can read, of all below the folder: shapes tell where people live too. */
static void count_open(const char *folder, size_t *out_open, size_t *out_all)
{
    char *const roots[] = { (char *)(uintptr_t)folder, NULL };
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    FTSENT *one;

    *out_open = *out_all = 0;
    // A file of the folder each turn, before a start is ready.
    while (walk != NULL && (one = fts_read(walk)) != NULL) {
        if (one->fts_info == FTS_D && (one->fts_statp->st_mode & S_IXOTH) == 0)
            fts_set(walk, one, FTS_SKIP);
        *out_all += one->fts_info == FTS_F;
        *out_open += one->fts_info == FTS_F && (one->fts_statp->st_mode & S_IROTH) != 0;
    }
    if (walk != NULL)
        fts_close(walk);
}

static void find_orders(const struct settings *settings, struct complaints *complaints)
{
    size_t n_open, n;

    if (settings->orders[0] == '\0' || !is_reached(settings->orders))
        return;
    count_open(settings->orders, &n_open, &n);
    if (n_open > 0)
        complain_softly(complaints, settings->orders, 0,
                        "%zu of its %zu files, which tell where people live, can be read by "
                        "everybody on this machine: chmod -R o= %s",
                        n_open, n, settings->orders);
}

/* ---- until when it is good ---- */

static void find_end(const struct settings *settings, const char *path, const char *key,
                     enum certificate_which which, struct utc now, struct complaints *complaints)
{
    static const int64_t day_ms = 24 * 60 * 60 * 1000;
    struct fault unheard; // config_load has told it
    char at[UTC_TEXT_MAX];
    struct utc end;

    if (path[0] == '\0' || !certificate_ends(path, which, &end, &unheard) ||
        end.ms > now.ms + DOUBTS_CERTIFICATE_DAYS * day_ms)
        return;
    utc_print(end, at);
    if (end.ms <= now.ms)
        complain_softly(complaints, settings->file, settings_line(settings, path),
                        "%s: %s: ended at %s", key, path, at);
    else
        complain_softly(complaints, settings->file, settings_line(settings, path),
                        "%s: %s: ends at %s, in %lld days", key, path, at,
                        (long long)((end.ms - now.ms) / day_ms));
}

static void find_ends(const struct settings *settings, struct utc now,
                      struct complaints *complaints)
{
    find_end(settings, settings->tls_certificate, "[http] tls-certificate", CERTIFICATE_FIRST, now,
             complaints);
    find_end(settings, settings->tls_client_ca, "tls-client-ca", CERTIFICATE_LAST, now, complaints);
    find_end(settings, settings->redis_certificate, "[redis] tls-certificate", CERTIFICATE_FIRST,
             now, complaints);
    find_end(settings, settings->redis_ca, "[redis] tls-ca", CERTIFICATE_LAST, now, complaints);
    find_end(settings, settings->mqtt_ca, "[mqtt] tls-ca", CERTIFICATE_LAST, now, complaints);
}

/* ---- what nobody has set ---- */

/* As config/breachd.conf has them; its region is that of Essex, where another site has another. */
static const char example_site[] = "example", example_place[] = "essex";
static const struct lonlat_box example_region = { { -0.05, 51.40 }, { 1.35, 52.12 } };

static bool is_same(const struct lonlat_box *a, const struct lonlat_box *b)
{
    return a->sw.lon == b->sw.lon && a->sw.lat == b->sw.lat && a->ne.lon == b->ne.lon &&
           a->ne.lat == b->ne.lat;
}

static void find_example(const struct settings *settings, struct complaints *complaints)
{
    if (strcmp(settings->site, example_site) == 0)
        complain_softly(complaints, settings->file, settings_line(settings, settings->site),
                        "name: %s is what was shipped: name the site, before it stands in alerts",
                        settings->site);
    if (is_same(&settings->region, &example_region) && strcmp(settings->site, example_place) != 0)
        complain_softly(complaints, settings->file, settings_line(settings, &settings->region),
                        "region: is what was shipped, that of Essex: zones elsewhere are refused");
}

void doubts_find(const struct settings *settings, struct utc now, struct complaints *complaints)
{
    find_example(settings, complaints);
    find_secrets(settings, complaints);
    find_orders(settings, complaints);
    find_ends(settings, now, complaints);
}

void doubts_of_ledger(const struct settings *settings, struct complaints *complaints)
{
    const char *slash = strrchr(settings->ledger, '/');
    char folder[SETTINGS_PATH_MAX];
    int line = settings_line(settings, settings->ledger);

    if (slash == NULL || settings->ledger[0] == '\0')
        return;
    memcpy(folder, settings->ledger, (size_t)(slash - settings->ledger));
    folder[slash - settings->ledger] = '\0';
    // Where there is none yet, systemd makes it.
    if (access(folder, R_OK | W_OK | X_OK) != 0 && errno != ENOENT)
        complain_softly(complaints, settings->file, line, "path: %s: cannot be written: %s", folder,
                        strerror(errno));
    else if (access(settings->ledger, R_OK | W_OK) != 0 && errno != ENOENT)
        complain_softly(complaints, settings->file, line, "path: %s: cannot be written: %s",
                        settings->ledger, strerror(errno));
}
