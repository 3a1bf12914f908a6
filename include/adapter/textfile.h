/* SPDX-License-Identifier: Apache-2.0 */
/* textfile.h - what an operator has named as a file, opened only if it is one; a text made one. */
#ifndef ADAPTER_TEXTFILE_H
#define ADAPTER_TEXTFILE_H

#include "core/fault.h"

#include <stdio.h>

/*
 * Opens the regular file at `path`, of at most `max` bytes, for reading; the caller closes it.
 * Never waits: a FIFO without a writer, a device or a folder is refused like a file that is not
 * there. On failure NULL, and the reason without the path.
 */
FILE *textfile_open(const char *path, long long max, struct fault *why);

/*
 * Moves past the byte order mark at the beginning of a file that was just opened. False when it is
 * no UTF-8: see lead.h. Of what can only be read once, nothing is read.
 */
bool textfile_skip_lead(FILE *file, struct fault *why);

/* All of `text` is on disk as the file `fd`, which is closed. Nothing of it stays in a buffer. */
bool textfile_write(int fd, const char *text);

#endif
