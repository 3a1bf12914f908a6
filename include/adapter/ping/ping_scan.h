/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ping_scan.h - the plain ping of every day, read at sight: known members, each once, plain texts
 * and numbers, no escapes, ASCII alone. Whatever else a body holds, it says nothing of, and jansson
 * reads the same bytes: ping_json.h asks both in that order. What both read they read alike, to the
 * bit of each number (tests/fuzz/ping_scan_fuzz.c). Pure, and without heap.
 */
#ifndef ADAPTER_PING_PING_SCAN_H
#define ADAPTER_PING_PING_SCAN_H

#include "adapter/ping/ping_reader.h"

enum ping_scan_form {
    PING_SCAN_VALUE, /* one object, or one array of them */
    PING_SCAN_LINES  /* one object a line; blank lines do not count */
};

/* Of a longer body the rest is read twice: all of it must be plain before any is handed over. */
enum { PING_SCAN_KEPT = 128 };

/* Hands over each ping of the body. False, with nothing handed over: not all are plain ones. */
bool ping_scan(const char *bytes, size_t n, enum ping_scan_form form, ping_taker *take, void *arg);

/* One object and nothing else, which ping_settle has still to check; false: it is no plain one. */
bool ping_scan_one(const char *bytes, size_t n, struct ping *out);

#endif
