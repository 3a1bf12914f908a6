/* SPDX-License-Identifier: Apache-2.0 */
/*
 * offline_config.h - settings and orders as breachd would read them, for commands that only look.
 */
#ifndef CTL_OFFLINE_CONFIG_H
#define CTL_OFFLINE_CONFIG_H

#include "ctl/command.h"

#include "core/rulebook.h"

struct offline_config {
    struct settings settings; /* its password wiped */
    struct civil civil;
    struct rulebook *rules;
};

/*
 * The breachd.conf at `conf` (NULL: the usual one) with its orders, or those of the folder
 * `orders`. Every complaint goes to stderr; false when there was an error.
 */
bool offline_config_open(const char *conf, const char *orders, struct offline_config *out,
                         struct fault *why);
/*
 * The same, for who must be served beside another town's slip: with `[site] reload = by-file` a
 * file that is bad is as it was last good, or left out, and named on stderr.
 */
bool offline_config_open_beside(const char *conf, const char *orders, struct offline_config *out,
                                struct fault *why);

/* The same without orders: its rules are NULL, and may be put there. */
bool offline_config_settings(const char *conf, struct offline_config *out, struct fault *why);

void offline_config_close(struct offline_config *config); /* zeroed is fine */

/*
 * The instant of "2020-06-17" (its local midnight; with `end`, that of the next day) or of an
 * RFC 3339 time, which is taken as it is.
 */
bool offline_config_instant(const struct offline_config *config, const char *text, bool end,
                            struct utc *out, struct fault *why);

#endif
