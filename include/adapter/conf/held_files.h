/* SPDX-License-Identifier: Apache-2.0 */
/*
 * held_files.h - `[site] reload = by-file`: which files of orders are held, that is kept as they
 * were last good, so that the others can come into force. Nothing that was in force may go by that:
 * while one file is held, so is each that would let an order, a zone or a device go.
 */
#ifndef ADAPTER_CONF_HELD_FILES_H
#define ADAPTER_CONF_HELD_FILES_H

#include "adapter/complaints.h"
#include "adapter/source.h"
#include "core/rulebook.h"

enum { HELD_FILES_MAX = 64, HELD_FILES_ROUNDS_MAX = 8 };

struct held_files {
    char *of[HELD_FILES_MAX]; /* source_name() of each */
    size_t n;
};

void held_files_fini(struct held_files *held);

/* A file by its path, whatever is the reason; false: it is held already, or there is no room. */
bool held_files_add(struct held_files *held, const char *called);
void held_files_remove(struct held_files *held, const char *called);

/* Those of them that never were good, so that nothing of them is in force. */
size_t held_files_left_out(const struct held_files *held, const struct last_good *last);

/* "2 files as last good, 1 file left out, which never was good", of `n` in all. Returns `out`. */
enum { HELD_FILES_TEXT_MAX = 80 };
const char *held_files_print(size_t n, size_t left_out, char out[HELD_FILES_TEXT_MAX]);

/*
 * Holds each file below `folder` of which an error is told. False, and it is of no use, where not
 * all errors are of such files, where one is held already, or says what it said when it was last
 * good: then what is wrong lies in another one; and where files clash as they are, before any is
 * held: which of them is meant nobody knows.
 */
bool held_files_take_bad(struct held_files *held, const struct last_good *last, const char *folder,
                         const struct complaints *said);

/*
 * Holds each file that has changed since it was last good, and without whose former text something
 * is lost in `rules` of an order that had not ended by `now`; complains of it, as of a file below
 * `folder`. How many those are.
 */
size_t held_files_take_losers(struct held_files *held, const struct last_good *last,
                              const char *folder, const struct rulebook *rules, struct utc now,
                              struct complaints *complaints);

#endif
