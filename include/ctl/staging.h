/* SPDX-License-Identifier: Apache-2.0 */
/*
 * staging.h - a folder TARGET.part beside a file that is being made, so that nothing half made has
 * the file's name, and what a breachctl that was killed leaves is found and removed by the next.
 */
#ifndef CTL_STAGING_H
#define CTL_STAGING_H

#include "adapter/conf/settings.h"
#include "core/fault.h"

enum { STAGING_PATH_MAX = SETTINGS_PATH_MAX + 96 };

/* The files that there may be in it; SQLite and the store make some beside STAGING_LEDGER. */
#define STAGING_LEDGER    "ledger.db"
#define STAGING_ARCHIVE   "ledger.gz"
#define STAGING_SIGNATURE "ledger.gz.sig"

struct staging {
    char folder[STAGING_PATH_MAX];
    int fd; /* of the folder, locked; -1: it is not open */
};

/*
 * Makes the folder, or empties one that was left; waits for who is at work in it. Refused, with
 * nothing touched, when something else has its name or is in it.
 */
bool staging_open(struct staging *out, const char *target, struct fault *why);

/* The path of a file in it. Returns `out`. */
char *staging_path(const struct staging *staging, const char *file, char out[STAGING_PATH_MAX]);

/* Gives the file, which is on disk, the name `path`: never over another one. */
bool staging_publish(const struct staging *staging, const char *file, const char *path,
                     struct fault *why);

/* Removes the folder and what is left in it. One that is not open is fine. */
void staging_close(struct staging *staging);

#endif
