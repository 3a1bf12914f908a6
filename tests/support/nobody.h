/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nobody.h - root may read everything: what a file's mode forbids is tried as nobody. Between the
 * two calls the working folder can be entered by everybody; not being root, nothing is changed.
 */
#ifndef SUPPORT_NOBODY_H
#define SUPPORT_NOBODY_H

#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"

enum { NOBODY = 65534 };

static inline void nobody_begin(void)
{
    if (getuid() != 0)
        return;
    assert_int_equal(chmod(".", 0755), 0);
    assert_int_equal(seteuid(NOBODY), 0);
}

static inline void nobody_end(void)
{
    if (getuid() == 0)
        assert_int_equal(seteuid(0), 0);
}

#endif
