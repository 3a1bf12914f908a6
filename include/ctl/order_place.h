/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order_place.h - a file on its way into the folder of orders: shown, checked with all the others,
 * then moved into place at once. Meanwhile the folder is locked, so two do not undo each other;
 * breachd takes no lock, and never sees half a file.
 */
#ifndef CTL_ORDER_PLACE_H
#define CTL_ORDER_PLACE_H

#include "adapter/conf/orderfile.h"
#include "core/civil.h"
#include "ctl/order.h"

struct order_place {
    const struct order_call *call;
    struct settings settings; /* its password wiped */
    struct civil civil;
    char folder[SETTINGS_PATH_MAX];
    int fd; /* of the folder */
};

enum { ORDER_FILE_NAME_MAX = 128 };

/* Reads the settings; every complaint goes to stderr. */
bool order_place_open(const struct order_call *call, struct order_place *out, struct fault *why);
void order_place_close(struct order_place *place); /* also after false */

/* Waits for who is at it; until order_place_put has come back, or order_place_close. */
bool order_place_lock(const struct order_place *place, struct fault *why);

/* `NAME.conf` of what --file says, or else of `stem`. False when it can be no order file's name. */
bool order_place_name(const struct order_call *call, const char *stem,
                      char out[ORDER_FILE_NAME_MAX], struct fault *why);

/* The whole of a file of the folder; the caller frees. NULL and why; *out_there: there is one. */
char *order_place_read(const struct order_place *place, const char *name, bool *out_there,
                       struct fault *why);

/*
 * All orders with these files among them in place of those of their names; with none all as they
 * are. Errors, and if wanted the files' own warnings, go to stderr. The caller destroys what comes
 * back; NULL: refused.
 */
struct rulebook *order_place_check(const struct order_place *place,
                                   const struct orderfile_draft *drafts, size_t n, bool warnings);

/*
 * Checks, and unless --dry-run was said moves it into place: over a file of that name, keeping its
 * owner and mode, when `over`, and where a link leads, so that it stays one; else there must be
 * none, and the folder's group may read it.
 */
bool order_place_put(const struct order_place *place, const char *name, const char *text, bool over,
                     struct fault *why);

/*
 * Over the file of that name as above, without a look at the others and without a word: who calls
 * has checked it with them, in a folder that is locked.
 */
bool order_place_write(const struct order_place *place, const char *name, const char *text,
                       struct fault *why);

/* How what was written comes in force, on stderr. */
void order_place_tell_reload(const struct order_place *place);

/* The text on stdout, line by line. */
void order_place_show(const char *text);

#endif
