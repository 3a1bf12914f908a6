/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rightings.h - the newest moves of our clock. Each device, incident and custody has the number of
 * the newest that it went through (`righted`), on disk too: so each goes through each once, when
 * it is next looked at, in whatever order, and though the process was killed in between.
 */
#ifndef CORE_RIGHTINGS_H
#define CORE_RIGHTINGS_H

#include "core/righting.h"

/* So many: what was not looked at, or not kept, for longer has missed those before them. */
enum { RIGHTINGS_MAX = 16, RIGHTINGS_NAME_MAX = 16 };

/* Zeroed is none ever. */
struct rightings {
    struct righting each[RIGHTINGS_MAX]; /* a ring */
    uint32_t numbers[RIGHTINGS_MAX];     /* from 1; 0: none */
    uint32_t newest;
};

void rightings_add(struct rightings *rightings, const struct righting *righting);

/*
 * Through all that it has not gone through yet, the oldest first, each by the time that was right
 * when our clock moved. True when anything moved, so that it is to be kept; what is not kept goes
 * through them again when it is recalled.
 */
bool rightings_device(const struct rightings *rightings, struct known_device *device);
bool rightings_incident(const struct rightings *rightings, struct incident *incident);
bool rightings_custody(const struct rightings *rightings, struct custody *custody);

/*
 * The newest as a row of the ledger: a name, which takes the place of one that is too old, and the
 * like of an incident. And back; false when the name is none of these.
 */
struct incident rightings_keep(const struct rightings *rightings, char name[RIGHTINGS_NAME_MAX]);
bool rightings_recall(struct rightings *rightings, const char *name, const struct incident *kept);

#endif
