/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cursor.h - how far the record of alerts was read, kept over the end of the program in
 * $XDG_STATE_HOME/breachctl/PREFIX (~/.local/state where that is not set).
 */
#ifndef CTL_CURSOR_H
#define CTL_CURSOR_H

#include "adapter/entry_id.h"
#include "core/fault.h"
#include "core/instant.h"

#include <stdint.h>

enum { CURSOR_PATH_MAX = 1024 };

struct cursor {
    char id[ENTRY_ID_MAX]; /* of the stream's entry read last; "": none was, ever */
    uint64_t sequence;     /* of its alert; 0: not known */
    char path[CURSOR_PATH_MAX];
    bool moved;
};

/* Whether `text` can be a `since`. */
bool cursor_since_check(const char *text, struct fault *why);

/* `since` is a moment before now (moment.h) or a stream's id; NULL: where it stopped. */
bool cursor_open(struct cursor *mark, const char *prefix, const char *since, struct utc now,
                 struct fault *why);

/* Reads on to this entry: how many alerts are missing before it. */
uint64_t cursor_move(struct cursor *mark, const char *id, uint64_t sequence);

/* Writes it down if it has moved. What cannot be written is only read again. */
void cursor_save(struct cursor *mark);

#endif
