/* SPDX-License-Identifier: Apache-2.0 */
/* order.h - `breachctl order`: orders written, checked, imported and ended without an editor. */
#ifndef CTL_ORDER_H
#define CTL_ORDER_H

#include "ctl/command.h"
#include "ctl/order_keys.h"

/* What the command line says; NULL is not given. */
struct order_call {
    const char *settings, *orders; /* -c FILE, --orders DIR */
    const char *file;              /* --file NAME, in the folder */
    const char *at;                /* --at TIME, of `end` */
    const char *layer, *crs;       /* of what is imported */
    const char *grid;              /* --grid EASTING,NORTHING in place of a centre */
    bool dry_run, ask, replace, update;
    const char *keys[ORDER_KEYS]; /* by number of order_keys */
};

/* Each returns an exit code, after its reason on stderr. */
int order_new(const struct order_call *call);
int order_check(const struct order_call *call, const char *file);
int order_import(const struct order_call *call, const char *file);
int order_end(const struct order_call *call, const char *id);

#endif
