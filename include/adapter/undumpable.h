/* SPDX-License-Identifier: Apache-2.0 */
/* undumpable.h - what is in memory, keys and places of people, is nowhere else. */
#ifndef ADAPTER_UNDUMPABLE_H
#define ADAPTER_UNDUMPABLE_H

/*
 * From now on no core of this process is written, whatever kills it: neither to a file nor to a
 * handler of core_pattern, which asks for no limit. Nor may another process of the same user attach
 * to it or read its memory; one with CAP_SYS_PTRACE, as root's gdb, still may. For the beginning,
 * before secrets are read. Where the kernel refuses, the rest goes on as it was.
 */
void undumpable(void);

#endif
