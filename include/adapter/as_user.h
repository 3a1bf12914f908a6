/* SPDX-License-Identifier: Apache-2.0 */
/* as_user.h - a part of a program as somebody else than root; of a program of one thread. */
#ifndef ADAPTER_AS_USER_H
#define ADAPTER_AS_USER_H

#include "core/fault.h"

/* Of systemd/breachd.service; and of breachd-web.service, which is in the first one's group too. */
#define SERVICE_USER "breachd"
#define WEB_USER     "breachd-web"

bool as_user_is(const char *name); /* there is one of that name */

/*
 * Whom files are read as. Root reads everything, and no service is root: what counts is what its
 * user can read. `asked` (--as); else `user`, when root asks of what `is_service` and there is one
 * of that name; else NULL: as who we are.
 */
const char *as_user_choose(const char *asked, bool is_service, const char *user);

/*
 * The exit code of `run`, for -n of `program`: in a child that is the user `name`, with that user's
 * groups, `group` beside them where there is one of that name (NULL: no other), and nothing of
 * ours; or here, as who we are (`name` is NULL). EXIT_FAILURE, said on stderr: there is no such
 * user, we may not become one, or the child was killed.
 */
int as_user_check(const char *program, const char *name, const char *group, int (*run)(void *arg),
                  void *arg);

/*
 * From here until as_user_leave files are opened as that user, with that user's groups. False and
 * why, with everything as it was: there is no such user, or we may not become one.
 */
bool as_user_enter(const char *name, struct fault *why);

/* Who we were before; ends the program where that cannot be had back. */
void as_user_leave(void);

#endif
