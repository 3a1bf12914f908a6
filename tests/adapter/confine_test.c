/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A child that is confined tries what a breachd that was taken over would, and does what breachd
 * goes on doing. Each child says by its exit code how far it came: 0 is all the way. The program
 * that it tries to become is false(1), for true(1) would say 0 too.
 */
#include "adapter/confine.h"

#include "adapter/undumpable.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"

enum { NOT_CONFINED = 100 };

/*
 * What `tries` comes to in a child; no sanitizer looks for leaks at its end, as that needs ptrace.
 */
static int in_a_child(int (*tries)(void *arg), void *arg)
{
    pid_t child = fork();
    int status;

    if (child == 0)
        _exit(tries(arg));
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    if (!WIFEXITED(status))
        fail_msg("the child was killed by signal %d", WTERMSIG(status));
    return WEXITSTATUS(status);
}

static bool confined(void)
{
    struct fault why;

    return confine(&why) || (fprintf(stderr, "%s\n", why.text), false);
}

/* ---- what is denied ---- */

/* By its number, with arguments that nothing good would come of. */
static int one_call(void *arg)
{
    const int *call = arg;
    long got;

    if (!confined())
        return NOT_CONFINED;
    errno = 0;
    got = syscall(*call, -1L, -1L, -1L, -1L, -1L, -1L);
    if (got == 0 && errno == 0)
        _exit(1); // the child of a fork
    return got == -1 && errno == EPERM ? 0 : 2;
}

static void each_denied_call_fails(void **state)
{
    size_t tried = 0;
    const char *name;
    (void)state;

    for (size_t i = 0; (name = confine_denied[i]) != NULL; i++) {
        int call = seccomp_syscall_resolve_name(name), code;

        if (call < 0)
            continue; // not of this machine
        code = in_a_child(one_call, &call);
        if (code != 0)
            fail_msg("%s is not denied: %d", name, code);
        tried++;
    }
    assert_true(tried > 50);
}

/* What the row of the list would have to be taken out for; whoever does, must do it here too. */
static void the_gravest_are_on_the_list(void **state)
{
    static const char *const gravest[] = { "execve",
                                           "execveat",
                                           "fork",
                                           "ptrace",
                                           "process_vm_readv",
                                           "process_vm_writev",
                                           "init_module",
                                           "finit_module",
                                           "delete_module",
                                           "kexec_load",
                                           "kexec_file_load",
                                           "bpf",
                                           "userfaultfd",
                                           "perf_event_open",
                                           "io_uring_setup",
                                           "mount",
                                           "setns",
                                           "unshare",
                                           "keyctl" };
    (void)state;

    for (size_t i = 0; i < sizeof gravest / sizeof *gravest; i++) {
        const char *name;
        size_t nth = 0;

        while ((name = confine_denied[nth]) != NULL && strcmp(name, gravest[i]) != 0)
            nth++;
        if (name == NULL)
            fail_msg("%s is not denied", gravest[i]);
    }
}

static int start_a_program(void *arg)
{
    char *const argv[] = { "false", NULL }, *const none[] = { NULL };
    pid_t child;

    (void)arg;
    if (!confined())
        return NOT_CONFINED;
    if (execve("/bin/false", argv, none) != -1 || errno != EPERM)
        return 1;
    if (posix_spawn(&child, "/bin/false", NULL, NULL, argv, none) == 0)
        return 2;
    if (system("true") == 0)
        return 3;
    return popen("false", "r") == NULL ? 0 : 4;
}

static void no_program_is_started(void **state)
{
    (void)state;
    assert_int_equal(in_a_child(start_a_program, NULL), 0);
}

/* Whatever stands in the upper half of the register: the kernel does not look there. */
static int become_two(void *arg)
{
    unsigned long flags = SIGCHLD;
    long got;

    (void)arg;
    if (!confined())
        return NOT_CONFINED;
    for (int i = 0; i < 2; i++, flags |= 1ul << 40) {
        got = syscall(SYS_clone, flags, 0L, 0L, 0L, 0L);
        if (got == 0)
            _exit(0);
        if (got != -1 || errno != EPERM)
            return 1;
    }
    got = syscall(SYS_clone3, NULL, 0L);
    return got == -1 && errno == ENOSYS ? 0 : 2;
}

static void no_process_is_made(void **state)
{
    (void)state;
    assert_int_equal(in_a_child(become_two, NULL), 0);
}

static int read_another(void *arg)
{
    pid_t parent = getppid();

    (void)arg;
    if (!confined())
        return NOT_CONFINED;
    if (ptrace(PTRACE_ATTACH, parent, NULL, NULL) != -1 || errno != EPERM)
        return 1;
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1 && errno == EPERM ? 0 : 2;
}

static void nobody_is_looked_at(void **state)
{
    (void)state;
    assert_int_equal(in_a_child(read_another, NULL), 0);
}

/* A thread that ran before is confined with the rest. */
static sem_t go;

static void *wait_and_execute(void *arg)
{
    char *const none[] = { NULL };

    sem_wait(&go);
    if (execve("/bin/false", none, none) == -1 && errno == EPERM)
        *(bool *)arg = true;
    return NULL;
}

static int an_older_thread(void *arg)
{
    bool denied = false;
    pthread_t thread;

    (void)arg;
    sem_init(&go, 0, 0);
    if (pthread_create(&thread, NULL, wait_and_execute, &denied) != 0)
        return 1;
    if (!confined())
        return NOT_CONFINED;
    sem_post(&go);
    pthread_join(thread, NULL);
    return denied ? 0 : 2;
}

static void a_thread_that_runs_already_is_confined_too(void **state)
{
    (void)state;
    assert_int_equal(in_a_child(an_older_thread, NULL), 0);
}

/* ---- what goes on ---- */

static void *note(void *arg)
{
    *(bool *)arg = true;
    return NULL;
}

static int work(void *arg)
{
    struct timex clock = { .modes = 0 };
    struct addrinfo *found = NULL;
    bool ran = false;
    pthread_t thread;
    int timer, pair[2];
    char bytes[8];

    (void)arg;
    if (!confined())
        return NOT_CONFINED;
    if (pthread_create(&thread, NULL, note, &ran) != 0 || pthread_join(thread, NULL) != 0 || !ran)
        return 1;
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        return 2;
    timer = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (timer < 0 ||
        timerfd_settime(timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET,
                        &(struct itimerspec){ .it_value = { 1ll << 32, 0 } }, NULL) != 0)
        return 3;
    if (adjtimex(&clock) < 0)
        return 4;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return 5;
    if (open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0)
        return 6;
    if (getaddrinfo("localhost", NULL, NULL, &found) != 0)
        return 7;
    freeaddrinfo(found);
    return 0;
}

static void what_breachd_does_goes_on(void **state)
{
    (void)state;
    assert_int_equal(in_a_child(work, NULL), 0);
}

/* ---- no cores ---- */

static int be_undumpable(void *arg)
{
    struct rlimit core;

    (void)arg;
    undumpable();
    if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
        return 1;
    if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0 || core.rlim_max != 0)
        return 2;
    if (!confined())
        return NOT_CONFINED;
    // Nor does it become so again, whatever stands in the upper half of the register.
    if (syscall(SYS_prctl, (long)PR_SET_DUMPABLE, 1L, 0L, 0L, 0L) == 0)
        return 3;
    if (syscall(SYS_prctl, (long)PR_SET_DUMPABLE | 1l << 40, 1L, 0L, 0L, 0L) == 0)
        return 4;
    return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : 5;
}

static void no_core_is_left_of_it(void **state)
{
    (void)state;
    assert_int_equal(in_a_child(be_undumpable, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_denied_call_fails),
        cmocka_unit_test(the_gravest_are_on_the_list),
        cmocka_unit_test(no_program_is_started),
        cmocka_unit_test(no_process_is_made),
        cmocka_unit_test(nobody_is_looked_at),
        cmocka_unit_test(a_thread_that_runs_already_is_confined_too),
        cmocka_unit_test(what_breachd_does_goes_on),
        cmocka_unit_test(no_core_is_left_of_it),
    };

    return cmocka_run_group_tests_name("confine", tests, NULL, NULL);
}
