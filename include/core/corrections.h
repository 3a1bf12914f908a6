/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corrections.h - the newest moves of our clock. Each device, incident and custody has the number
 * of the newest that it went through (`corrected`), on disk too: so each goes through each once,
 * when it is next looked at, in whatever order, and though the process was killed in between.
 */
#ifndef CORE_CORRECTIONS_H
#define CORE_CORRECTIONS_H

#include "core/correction.h"

/* So many: what was not looked at, or not kept, for longer has missed those before them. */
enum { CORRECTIONS_MAX = 16, CORRECTIONS_NAME_MAX = 16 };

/* Zeroed is none ever. */
struct corrections {
    struct correction each[CORRECTIONS_MAX]; /* a ring */
    uint32_t numbers[CORRECTIONS_MAX];       /* from 1; 0: none */
    uint32_t newest;
};

void corrections_add(struct corrections *corrections, const struct correction *correction);

/*
 * Through all that it has not gone through yet, the oldest first, each by the time that was right
 * when our clock moved. True when anything moved, so that it is to be kept; what is not kept goes
 * through them again when it is recalled.
 */
bool corrections_device(const struct corrections *corrections, struct known_device *device);
bool corrections_incident(const struct corrections *corrections, struct incident *incident);
bool corrections_custody(const struct corrections *corrections, struct custody *custody);

/*
 * The newest as a row of the ledger: a name, which takes the place of one that is too old, and the
 * like of an incident. And back; false when the name is none of these.
 */
struct incident corrections_keep(const struct corrections *corrections,
                                 char name[CORRECTIONS_NAME_MAX]);
bool corrections_recall(struct corrections *corrections, const char *name,
                        const struct incident *kept);

#endif
