/* SPDX-License-Identifier: Apache-2.0 */
/*
 * powercut.h - what powercut.c notes and who cuts the power reads: before a file with "ledger" in
 * its name is written to, what stood there; and when it was synced.
 */
#ifndef SUPPORT_POWERCUT_H
#define SUPPORT_POWERCUT_H

#include <stdint.h>

enum { POWERCUT_NAME_MAX = 32 };

/* `length` bytes follow: the old ones, zeros past the old end. A sync has a length of 0. */
struct powercut_note {
    char name[POWERCUT_NAME_MAX]; /* without its folder */
    int64_t at;
    uint32_t length;
    uint32_t sync; /* 1: all before it, of that file, is on disk */
};

#endif
