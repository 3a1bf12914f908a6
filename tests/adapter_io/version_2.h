/* SPDX-License-Identifier: Apache-2.0 */
/*
 * version_2.h - a ledger as breachd made it before breachd-evidence/2 (store_schema.c and chain.c
 * of commit a7bdf15), and a life in it: texts, pings, of which one body was taken away and one is
 * evidence, alerts of an incident that is open and of one that is over, and what is known.
 */
#ifndef ADAPTER_IO_VERSION_2_H
#define ADAPTER_IO_VERSION_2_H

enum { VERSION_2_ENTRIES = 11 };

void version_2_make(const char *path);

#endif
