/* SPDX-License-Identifier: Apache-2.0 */
/* entry_id.h - the id of an entry of a Redis stream: "1795550400000-0". Pure. */
#ifndef ADAPTER_ENTRY_ID_H
#define ADAPTER_ENTRY_ID_H

#include <stdbool.h>
#include <stdint.h>

enum { ENTRY_ID_MAX = 48 }; /* bytes of one as text, with its end; Redis writes 41 at the most */

struct entry_id {
    uint64_t ms, seq;
};

/* Both numbers are wanted, in decimal; false for anything else. */
bool entry_id_read(const char *text, struct entry_id *out);

/* Whether `text` is an id after `than`. False when either is none. */
bool entry_id_after(const char *text, const char *than);

#endif
