/* SPDX-License-Identifier: Apache-2.0 */
/*
 * syscalls.h - stands between SQLite and the kernel: counts what it writes and syncs, and ends the
 * process by SIGKILL just before one of them.
 */
#ifndef ADAPTER_IO_SYSCALLS_H
#define ADAPTER_IO_SYSCALLS_H

extern long syscalls_writes, syscalls_syncs, syscalls_bytes; /* bytes of the writes */

/* Before the call of that number from now, of either kind; 0: never. */
extern long syscalls_kill_at;

/* Instead of the kernel's syncs; NULL: those. */
extern int (*syscalls_sync)(int fd);

#endif
