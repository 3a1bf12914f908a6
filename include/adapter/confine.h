/* SPDX-License-Identifier: Apache-2.0 */
/*
 * confine.h - what a breachd that runs never asks of the kernel, it can ask no more: who takes it
 * over, by a parser's fault, starts no program, reads no other process, loads nothing into the
 * kernel. By seccomp(2), for the process, all its threads, and all that come of them, for good.
 *
 * Why a list of what is denied, and not of what is allowed: what serves her is that the watch
 * goes on. A libc of next year that makes a thread or takes the time by a call that a list of
 * ours does not have would be killed, or fail, some night after an update, for everybody at
 * once. The list of what is allowed is the unit's (SystemCallFilter=@system-service without
 * @privileged and @resources): systemd keeps it up to date together with the libc. But it must
 * allow execve, as it stands before breachd itself is started; what stands here takes that
 * back, and holds without systemd too.
 *
 * Why EPERM, and not death: nothing of ours or of our libraries is known to make such a call, so
 * one is an attack, and dying would end it; but should a library try some day, in passing, then
 * breachd would die of it each time it starts, and nobody watches. The call fails, the watch goes
 * on, and the kernel's audit log says who tried what. clone3(2) alone fails with ENOSYS, as if this
 * kernel had none: its flags lie in memory where no filter sees them, and libc then takes clone(2),
 * whose flags tell a thread from a process. Calls of a foreign ABI (int 0x80, x32) kill: nobody
 * makes them by mistake.
 */
#ifndef ADAPTER_CONFINE_H
#define ADAPTER_CONFINE_H

#include "core/fault.h"

/*
 * False with the reason where the kernel has no seccomp, or forbids it: nothing has changed then.
 */
bool confine(struct fault *why);

/*
 * The same, once all threads run. Where it cannot be, that is logged, and all goes on: without it
 * she is watched over as well. Under a sanitizer, which looks for leaks by ptrace(2), it is not.
 */
void confine_for_good(void);

/* The calls that are denied whatever their arguments; NULL past the last. */
extern const char *const confine_denied[];

#endif
