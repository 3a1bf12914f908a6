/* SPDX-License-Identifier: Apache-2.0 */
/* logged.h - what is logged between two calls, as a text in place of lines on stderr. */
#ifndef SUPPORT_LOGGED_H
#define SUPPORT_LOGGED_H

#include <sys/mman.h>
#include <unistd.h>

#include "support/test.h"

struct logged {
    int stderr_was, file;
    char text[4096];
};

static inline void logged_begin(struct logged *logged)
{
    *logged = (struct logged){ dup(STDERR_FILENO), memfd_create("log", MFD_CLOEXEC), "" };
    assert_true(dup2(logged->file, STDERR_FILENO) >= 0);
}

static inline void logged_end(struct logged *logged)
{
    assert_true(dup2(logged->stderr_was, STDERR_FILENO) >= 0);
    assert_true(pread(logged->file, logged->text, sizeof logged->text - 1, 0) >= 0);
    close(logged->file);
    close(logged->stderr_was);
}

#endif
