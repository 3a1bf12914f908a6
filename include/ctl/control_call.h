/* SPDX-License-Identifier: Apache-2.0 */
/* control_call.h - asks the breachd that has a ledger, by the socket beside it (control.h). */
#ifndef CTL_CONTROL_CALL_H
#define CTL_CONTROL_CALL_H

#include "adapter/control.h"
#include "ctl/command.h"

/*
 * Where the running breachd has its ledger, by what breachd.conf says of it, however wrong the rest
 * may be: that is what breachd is to judge. False when that file cannot be read, or names no site,
 * as any other file.
 */
bool control_call_ledger(const struct ctl_options *options, char out[SETTINGS_PATH_MAX],
                         struct fault *why);

/*
 * In milliseconds: what breachd knows it says at once; a reload is done when everybody was judged,
 * and one that was begun before it is waited for too.
 */
enum { CONTROL_CALL_MS = 10 * 1000, CONTROL_RELOAD_MS = 10 * 60 * 1000 };

/*
 * A line, with its end, and the line that is answered. False and why: nobody answers, or nothing
 * comes for so long.
 */
bool control_call_within(const char *ledger, const char *question, int64_t ms,
                         char out[CONTROL_ANSWER_MAX], struct fault *why);

/* The same within CONTROL_CALL_MS. */
bool control_call(const char *ledger, const char *question, char out[CONTROL_ANSWER_MAX],
                  struct fault *why);

#endif
