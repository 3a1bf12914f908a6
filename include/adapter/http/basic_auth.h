/* SPDX-License-Identifier: Apache-2.0 */
/* basic_auth.h - whom an Authorization header of HTTP names. Pure. */
#ifndef ADAPTER_HTTP_BASIC_AUTH_H
#define ADAPTER_HTTP_BASIC_AUTH_H

#include "core/index.h"

enum { BASIC_AUTH_ENCODED_MAX = 1024, BASIC_AUTH_MAX = BASIC_AUTH_ENCODED_MAX / 4 * 3 + 1 };

/* Whether it begins as Basic does, be it good or not. */
bool basic_auth_is(const char *header);

/*
 * `Basic BASE64(USER:PASSWORD)` decoded into `both`: the user, and *out_password behind it. The
 * caller wipes `both`. False for what is no such header, or longer; NULL is no header.
 */
bool basic_auth_split(const char *header, char both[BASIC_AUTH_MAX], const char **out_password);

/*
 * The user of `Basic BASE64(USER:PASSWORD)`, when it could be a device's id. NULL is no header.
 * Says nothing of the password: whoever lets somebody in has to ask for that.
 */
bool basic_auth_user(const char *header, char out_user[NAME_MAX_CHARS + 1]);

#endif
