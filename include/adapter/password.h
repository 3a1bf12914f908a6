/* SPDX-License-Identifier: Apache-2.0 */
/* password.h - a password, out of the file that an operator names for it. */
#ifndef ADAPTER_PASSWORD_H
#define ADAPTER_PASSWORD_H

#include "core/fault.h"

#include <stdbool.h>

enum { PASSWORD_CHARS_MAX = 510, PASSWORD_MAX = PASSWORD_CHARS_MAX + 2 };

/*
 * The first line of the regular file at `path`, which ends at LF, CR or the end of the file,
 * without a byte order mark before it. Never waits, nor cuts anything short: a FIFO, a device, a
 * folder, a line of 511 characters or with a NUL in it, and an empty one are refused. The reason
 * names the path and no byte of the file. Who else may read the file is not asked: the secrets that
 * are mounted into a container can be read by all in it.
 */
bool password_read(const char *path, char out[PASSWORD_MAX], struct fault *why);

#endif
