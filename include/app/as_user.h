/* SPDX-License-Identifier: Apache-2.0 */
/* as_user.h - a part of a program as somebody else than root. */
#ifndef APP_AS_USER_H
#define APP_AS_USER_H

#include "core/fault.h"

bool as_user_is(const char *name); /* there is one of that name */

/*
 * Runs `run` in a child that is that user, with that user's groups and nothing of ours; its exit
 * code. -1 and why: there is no such user, we may not become one, or the child was killed.
 */
int as_user_run(const char *name, int (*run)(void *arg), void *arg, struct fault *why);

#endif
