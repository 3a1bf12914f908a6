/* SPDX-License-Identifier: Apache-2.0 */
/* check.h - breachd -n: what is wrong with the files, or what they say; and what was last good. */
#ifndef APP_CHECK_H
#define APP_CHECK_H

#include <stdbool.h>

/*
 * Everything that is wrong on stderr, with secrets or without, or one page on stdout; then by which
 * texts a start or a running breachd goes on, where some were ever good. `user` is who we are when
 * root checks what that user can read; NULL: nobody in particular. The exit code.
 */
int check_files(const char *path, const char *user, bool with_secrets);

#endif
