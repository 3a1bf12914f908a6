/* SPDX-License-Identifier: Apache-2.0 */
/*
 * numbered.h - after which number the site counts its incidents and what it tells of devices: 0, or
 * of the clock where Redis did not say at the first start that it is new; see core/numbering.h.
 */
#ifndef TORTURE_NUMBERED_H
#define TORTURE_NUMBERED_H

#include "core/instant.h"
#include "tally.h"

/*
 * As the ledger has it. A difference of the site is noted where it is neither 0 nor of the clock
 * since `began`, and where it is 0 though Redis was `deaf` at the first start.
 */
uint32_t numbered_read(const char *ledger, struct utc began, bool deaf, struct tally *tally);

/* Whether a site that began then may count after that number, `now` being the last moment. */
bool numbered_may_be(uint32_t numbered_after, struct utc began, struct utc now, bool deaf);

#endif
