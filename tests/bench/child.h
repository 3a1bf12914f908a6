/* SPDX-License-Identifier: Apache-2.0 */
/* child.h - a breachd of the bench's own. What fails ends the bench, told on stderr. */
#ifndef BENCH_CHILD_H
#define BENCH_CHILD_H

#include <sys/types.h>

/* Its words on stdout are dropped, those on stderr are not. */
pid_t child_start(char *const argv[]);

/* A line of /proc/PID/status in MiB: "VmRSS:", "VmHWM:". */
double child_memory(pid_t pid, const char *line);

/* An abstract socket in NOTIFY_SOCKET, as systemd has one; it does not block. */
int child_notes(void);

#endif
