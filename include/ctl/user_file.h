/* SPDX-License-Identifier: Apache-2.0 */
/* user_file.h - the users file is written anew, whole, with one line more, other, or less. */
#ifndef CTL_USER_FILE_H
#define CTL_USER_FILE_H

#include "adapter/http/users.h"

/*
 * Writes `line` in the place of the line of `name`, or at the end; NULL: takes that line away.
 * Remarks and other lines stay as they are. The file is replaced at once, by one of the same owner
 * and mode; one that was not there is its maker's, 0600. Who writes at the same time waits. False
 * with the reason, and then nothing has changed; also when it would not be a good users file.
 */
bool user_file_put(const char *path, const char *name, const char *line, struct fault *why);

#endif
