/* SPDX-License-Identifier: Apache-2.0 */
/*
 * last_good.h - the texts of settings and orders as they were when they were last good, in one file
 * beside the ledger, LEDGER-rules:
 *
 *     breachd-rules 1
 *     settings DIGEST SIZE PATH         and behind that line so many bytes, and a line end
 *     orders DIGEST SIZE PATH           the same, one for each file, in the order of their names
 *     shape DIGEST SIZE PATH<tab>ORDERS of a GeoJSON file that ORDERS names
 *     order ID UNTIL                    of each order; milliseconds since 1970
 *     end AT TEXT DIGEST                when; a digest of all texts with their paths; of all of it
 *
 * Digests are SHA-256 as digest.h makes them. A file in which one byte is not as it was written is
 * no last good text at all.
 */
#ifndef ADAPTER_LAST_GOOD_H
#define ADAPTER_LAST_GOOD_H

#include "adapter/digest.h"
#include "core/fault.h"
#include "core/instant.h"

#include <stddef.h>

enum last_good_kind { LAST_GOOD_SETTINGS, LAST_GOOD_ORDERS, LAST_GOOD_SHAPE, LAST_GOOD_KINDS };

enum { LAST_GOOD_PATH_MAX = 1024 + 16, LAST_GOOD_LINE_MAX = 4096 };
#define LAST_GOOD_MAX (INT64_C(4) * 1024 * 1024 * 1024)

/* LEDGER-rules, the file beside a ledger. Returns `out`. */
const char *last_good_path(const char *ledger, char out[LAST_GOOD_PATH_MAX]);

/* ---- read ---- */

struct last_good;

struct last_good_text {
    const char *name; /* its path; of a shape with a tab and the file of orders that names it */
    const char *bytes;
    size_t n;
    char digest[DIGEST_HEX];
};

/* An order that was among them. */
struct last_good_order {
    const char *id;
    struct utc until;
};

/*
 * All of it, verified. NULL with the reason; when there is no such file, *out_there is false.
 * A file that others may write is refused.
 */
struct last_good *last_good_read(const char *path, bool *out_there, struct fault *why);
void last_good_free(struct last_good *last); /* NULL is fine */

const char *last_good_digest(const struct last_good *last); /* of all texts */
struct utc last_good_at(const struct last_good *last);

/* Number `nth` of a kind, NULL past the last; and by its name, NULL when there is none. */
const struct last_good_text *last_good_nth(const struct last_good *last, enum last_good_kind kind,
                                           size_t nth);
const struct last_good_text *last_good_find(const struct last_good *last, enum last_good_kind kind,
                                            const char *name);

/* The shapes that a file of orders names: the first, and the next; NULL past the last. */
const struct last_good_text *last_good_shape(const struct last_good *last, const char *orders);
const struct last_good_text *last_good_next_shape(const struct last_good *last,
                                                  const struct last_good_text *shape);

/* NULL when there are no more, or none of this id. */
const struct last_good_order *last_good_order(const struct last_good *last, size_t nth);
const struct last_good_order *last_good_find_order(const struct last_good *last, const char *id);

/* ---- written ---- */

struct last_good_copy;

/* NULL when memory is out. What fails from here on is told by last_good_copy_end. */
struct last_good_copy *last_good_copy_create(void);

/* Takes the new file away, unless it was put in place. NULL is fine. */
void last_good_copy_destroy(struct last_good_copy *copy);

/*
 * From here on all of it goes into PATH.new, the settings that were added before too; NULL:
 * nowhere, only the digest is wanted.
 */
void last_good_copy_to(struct last_good_copy *copy, const char *path);

/* As they are read. A shape that the same file of orders names again must be the same. */
void last_good_copy_add(struct last_good_copy *copy, enum last_good_kind kind, const char *name,
                        const void *bytes, size_t n);

void last_good_copy_order(struct last_good_copy *copy, const char *id, struct utc until);

/*
 * The end, not yet on disk nor in its place. False with the first reason why not. *out_digest is
 * that of all texts, also where no file is written.
 */
bool last_good_copy_end(struct last_good_copy *copy, struct utc at, char out_digest[DIGEST_HEX],
                        struct fault *why);

/* Waits until it is on disk, and puts it in its place, of what was last good before. */
bool last_good_copy_commit(struct last_good_copy *copy, struct fault *why);

#endif
