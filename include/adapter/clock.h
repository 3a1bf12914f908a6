/* SPDX-License-Identifier: Apache-2.0 */
/* clock.h - the only reader of clocks. */
#ifndef ADAPTER_CLOCK_H
#define ADAPTER_CLOCK_H

#include "core/instant.h"

struct utc clock_utc(void);
struct tick clock_tick(void);

#endif
