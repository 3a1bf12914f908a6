/* SPDX-License-Identifier: Apache-2.0 */
/* tuning.h - the same pings judged by two rules: what comes out otherwise. */
#ifndef CTL_TUNING_H
#define CTL_TUNING_H

#include "ctl/what_if.h"

/* Prints each difference, and how many there are; `config` for local time. Sorts both. */
bool tuning_compare(struct what_if *before, struct what_if *after,
                    const struct offline_config *config, bool json, struct fault *why);

#endif
