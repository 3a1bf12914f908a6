/* SPDX-License-Identifier: Apache-2.0 */
/* cookie.h - the cookie that a session goes by (RFC 6265). Pure. */
#ifndef WEB_COOKIE_H
#define WEB_COOKIE_H

#include "adapter/secret.h"

enum { COOKIE_TEXT_MAX = 160 };

/*
 * The session's id in a Cookie header (NULL: none came): what our name has, when it stands there
 * once and is 64 lower-case hex digits. `secure`: by TLS, where its name is __Host-breachd, which
 * no other host and no plain page can set; else breachd.
 */
bool cookie_read(const char *header, bool secure, char out[SECRET_HEX]);

/* The value of a Set-Cookie header; an id "" takes the cookie away. Returns `text`. */
char *cookie_print(const char *id, bool secure, char text[COOKIE_TEXT_MAX]);

#endif
