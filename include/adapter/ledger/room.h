/* SPDX-License-Identifier: Apache-2.0 */
/* room.h - how much room the ledger's disk has left, and what may still be written. */
#ifndef ADAPTER_LEDGER_ROOM_H
#define ADAPTER_LEDGER_ROOM_H

#include <stdint.h>

/*
 * Below `spare` bytes, but never more than an eighth of the disk, what opens, makes graver or
 * clears is written before all else: ROOM_TIGHT, nothing is told again, and of who sends more than
 * others no more pings are kept; below a quarter of that ROOM_DIRE, of nobody any ping of which
 * nothing is told.
 */
enum room { ROOM_AMPLE, ROOM_TIGHT, ROOM_DIRE, ROOMS };

/* For 48 MiB and a `spare` of 64: tight below 6 MiB, dire below 1.5 MiB. */
enum room room_of(uint64_t left, uint64_t size, uint64_t spare);

/* How much of it the ledger has, and how much of that holds something: bytes. */
struct ledger_size {
    uint64_t file, used; /* the database's file with its log; the pages that are in use */
};

/* "ample", "tight", "dire". */
const char *room_name(enum room room);

#endif
