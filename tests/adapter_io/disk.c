/* SPDX-License-Identifier: Apache-2.0 */
#include "disk.h"

#include "support/testbed.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include "support/test.h"

static void set_limit(rlim_t bytes)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

void disk_fill(void)
{
    signal(SIGXFSZ, SIG_IGN); // so that a write fails, as on a full disk, and does not kill
    fflush(NULL);
    set_limit(0);
}

void disk_clear(void)
{
    set_limit(RLIM_INFINITY);
}

int disk_teardown(void **state)
{
    disk_clear();
    return testbed_teardown(state);
}
