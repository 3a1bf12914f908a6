/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recording.h - pings of a file, to be judged again: NDJSON, CSV, GPX, or the evidence that a
 * ledger kept. Which it is, its first bytes tell.
 */
#ifndef CTL_RECORDING_H
#define CTL_RECORDING_H

#include "core/fault.h"
#include "core/ping.h"

#include <stddef.h>

/* A ping, and when breachd had it; 0: the file does not say. */
struct recorded {
    struct ping ping;
    struct utc now;
};

struct recording {
    struct recorded *pings;
    size_t n, room;
    size_t refused; /* what was no ping */
    struct fault first_refusal;
    bool exported; /* CSV or GPX: its order need not be that in which pings came */
    bool broken;   /* out of memory */
};

#define RECORDING_BYTES_MAX (1LL << 30)

/* `device` is whose pings they are where the file does not say; may be NULL. */
bool recording_read(const char *path, const char *device, struct recording *out, struct fault *why);
void recording_fini(struct recording *recording); /* zeroed is fine */

#endif
