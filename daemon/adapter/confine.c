/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/confine.h"

#include "adapter/log.h"
#include "adapter/sanitizer.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>

/*
 * A call that this machine or this libseccomp does not know is passed over. Where the unit does not
 * refuse it, adjtimex(2) is asked how our clock stands, so it is not denied here; to set the clock
 * needs a capability that we have not. Where it does, sd-bus (timedate.c) makes do with a socket.
 */
const char *const confine_denied[] = {
    // Another program, another process; threads are made by clone(2), see below.
    "execve", "execveat", "fork", "vfork",
    // The memory and the descriptors of others.
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd",
    // The kernel's own code, and the ways into it that it was most often attacked by.
    "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "bpf",
    "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register",
    "modify_ldt", "iopl", "ioperm", "lookup_dcookie", "uselib", "_sysctl", "nfsservctl",
    // Another view of the file system; files past their folders.
    "mount", "umount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen",
    "fsconfig", "fsmount", "fspick", "mount_setattr", "setns", "unshare", "open_by_handle_at",
    "fanotify_init", "quotactl", "quotactl_fd",
    // The kernel's keys.
    "add_key", "request_key", "keyctl",
    // The machine: its clock, its name, its log, its swap, whether it runs.
    "settimeofday", "clock_settime", "stime", "sethostname", "setdomainname", "syslog", "acct",
    "swapon", "swapoff", "reboot", "vhangup", "personality", NULL
};

static int deny(scmp_filter_ctx filter, const char *name)
{
    int call = seccomp_syscall_resolve_name(name);

    return call == __NR_SCMP_ERROR ? 0 : seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0);
}

/* The kernel looks at 32 bits of both, so the rest of the register must not hide them. */
static int deny_by_arguments(scmp_filter_ctx filter)
{
    int rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                              SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));

    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    if (rc == 0) // see undumpable.h
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prctl), 1,
                              SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX, PR_SET_DUMPABLE));
    return rc;
}

bool confine(struct fault *why)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int rc = filter != NULL ? 0 : -ENOMEM;

    if (rc == 0)
        rc = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1); // the ledger's thread runs already
    if (rc == 0)
        seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1); // a kernel without is no reason
    for (size_t i = 0; rc == 0 && confine_denied[i] != NULL; i++)
        rc = deny(filter, confine_denied[i]);
    if (rc == 0)
        rc = deny_by_arguments(filter);
    if (rc == 0)
        rc = seccomp_load(filter); // it sets no_new_privs first
    seccomp_release(filter);
    return rc == 0 || fault_set(why, "seccomp: %s", strerror(-rc));
}

void confine_for_good(void)
{
    struct fault why;

    if (UNDER_SANITIZER)
        log_info("confine: not under a sanitizer: it looks for leaks by ptrace");
    else if (!confine(&why))
        log_warning("confine: %s: what breachd never asks of the kernel is not denied", why.text);
}
