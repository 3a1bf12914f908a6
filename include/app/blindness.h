/* SPDX-License-Identifier: Apache-2.0 */
/*
 * blindness.h - breachd itself cannot see: its ledger does not commit, so no ping may be
 * acknowledged. Says so from the ledger's reserve, tries every second, and tells when it was over.
 */
#ifndef APP_BLINDNESS_H
#define APP_BLINDNESS_H

#include "core/fault.h"
#include "core/instant.h"
#include "core/track.h"

#include <stdbool.h>
#include <stdint.h>

struct ledger;
struct pipeline;

struct blindness {
    struct pipeline *pipeline;
    struct ledger *ledger;
    bool now;               /* blind at this moment */
    bool alert_kept;        /* the `blind` alert is on disk */
    struct utc since;       /* our clock */
    uint64_t ending;        /* the commit that tells its end; 0: none yet */
    bool owed;              /* its end did not fit into memory: told a second later */
    struct incident before; /* the site's incident as the ledger has it until then */
    char why[FAULT_TEXT_MAX];
};

/* A commit failed: refuses pings, and tells. */
void blindness_begin(struct blindness *blindness, const char *why);

/* Whether the alert `blind` was kept from the reserve. */
void blindness_on_reserve_put(struct blindness *blindness, bool ok);

/* Once a second: tries whether the ledger commits again. */
void blindness_tick(struct blindness *blindness);

/*
 * The ledger's answer to the try: if it commits again, recalls what is on disk, tells, and opens.
 */
void blindness_probed(struct blindness *blindness, bool ok);

/*
 * At start: tells from when to when nobody watched. A ledger whose last alert was `blind` gets its
 * `sighted`; else both are told, from when a breachd last lived; UTC_ALWAYS: none ever did.
 */
void blindness_recall(struct blindness *blindness, struct utc alive);

#endif
