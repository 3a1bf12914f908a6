/* SPDX-License-Identifier: Apache-2.0 */
/* lawbook.h - settings and orders as breachd would read them, for commands that only look. */
#ifndef CTL_LAWBOOK_H
#define CTL_LAWBOOK_H

#include "ctl/command.h"

#include "core/rulebook.h"

struct lawbook {
    struct settings settings; /* its password wiped */
    struct civil civil;
    struct rulebook *rules;
};

/*
 * The breachd.conf at `conf` (NULL: the usual one) with its orders, or those of the folder
 * `orders`. Every complaint goes to stderr; false when there was an error.
 */
bool lawbook_open(const char *conf, const char *orders, struct lawbook *out, struct fault *why);
void lawbook_close(struct lawbook *book); /* zeroed is fine */

/*
 * The instant of "2020-06-17" (its local midnight; with `end`, that of the next day) or of an
 * RFC 3339 time, which is taken as it is.
 */
bool lawbook_instant(const struct lawbook *book, const char *text, bool end, struct utc *out,
                     struct fault *why);

#endif
