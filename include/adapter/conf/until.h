/* SPDX-License-Identifier: Apache-2.0 */
/* until.h - until when the control room keeps something quiet, as it says so. Pure. */
#ifndef ADAPTER_CONF_UNTIL_H
#define ADAPTER_CONF_UNTIL_H

#include "core/fault.h"
#include "core/instant.h"

/*
 * An instant (2020-06-23T20:00:00Z), wherever it lies, or how long from `now` on: 1 ms to 8h, and
 * the minute more that another clock may be ahead. Who says so may have no clock that agrees with
 * ours. False with what it is not in *why.
 */
bool until_parse(const char *text, struct utc now, struct utc *out, struct fault *why);

#endif
