/* SPDX-License-Identifier: Apache-2.0 */
/* civil_load.h - local time of an IANA time zone, asked of the C library. */
#ifndef ADAPTER_CIVIL_LOAD_H
#define ADAPTER_CIVIL_LOAD_H

#include "core/civil.h"
#include "core/fault.h"

/*
 * Every change of clocks of `name` ("Europe/London") from 2000 to 2100. Sets TZ of the process for
 * a moment: only before a second thread is there.
 */
bool civil_load(const char *name, struct civil *out, struct fault *why);

#endif
