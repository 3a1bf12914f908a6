/* SPDX-License-Identifier: Apache-2.0 */
/*
 * numbering.h - after which number a new ledger counts its incidents and what it tells of
 * devices. No id of an alert may come again over a site's life, though a ledger may be
 * lost, and with it what was counted.
 */
#ifndef CORE_NUMBERING_H
#define CORE_NUMBERING_H

#include "core/instant.h"

/* A clock that shows a time before it was never set. */
#define NUMBERING_EPOCH ((struct utc){ INT64_C(1767225600000) }) /* 2026-01-01T00:00:00Z */

/* What may lie above the clock's number: what was counted faster than a second each. */
enum { NUMBERING_AHEAD_MAX = 1 << 24 };

/*
 * 0 when it is sure that the site has told nothing yet (`used` false). Else the seconds since
 * NUMBERING_EPOCH, or `seen`, the highest number in an id of the site that is known, when that is
 * higher, by NUMBERING_AHEAD_MAX at most: no zone has an incident a second for long, so a later
 * ledger counts above all that an earlier one can have reached. A clock that was never set says
 * nothing: then a number above all that clocks give until 2094, by `chance`.
 */
uint32_t numbering_start(bool used, struct utc now, uint32_t seen, uint32_t chance);

#endif
