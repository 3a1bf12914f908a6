/* SPDX-License-Identifier: Apache-2.0 */
/* own_last.h - whether what was last good is of this breachd, its site and its ledger. */
#ifndef APP_OWN_LAST_H
#define APP_OWN_LAST_H

#include "adapter/last_good.h"
#include "app/config.h"

/*
 * `seen` is what could be read of the breachd.conf at `path`; a site that it does not tell is no
 * reason. False with the reason, "is of …, not of …".
 */
bool own_last_is(const struct last_good *last, const char *path, const struct config_seen *seen,
                 struct fault *why);

/* The ledger that these settings name, or its default. */
const char *own_last_ledger(const struct config_seen *seen);

#endif
