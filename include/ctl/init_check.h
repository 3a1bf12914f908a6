/* SPDX-License-Identifier: Apache-2.0 */
/* init_check.h - what the breachd that is installed says of files not in their place yet. */
#ifndef CTL_INIT_CHECK_H
#define CTL_INIT_CHECK_H

#include "ctl/init_stage.h"

#include <limits.h>

/*
 * The path of breachd: that of the same build, or of the same prefix, before any other. False and
 * why: there is none.
 */
bool init_check_program(char out[PATH_MAX], struct fault *why);

/*
 * Runs `breachd -n` on the stage, as `user` where there is one. What it says goes to stderr, as if
 * it were in its place already. False and why: it refuses, or there is none.
 */
bool init_check(const struct init_stage *stage, const char *user, struct fault *why);

#endif
