/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scrypt.h - passwords of people as scrypt (RFC 7914) keeps them, in the text of the PHC string
 * format: `$scrypt$ln=15,r=8,p=1$SALT$HASH`, in base64 without padding. One cost for all, so that
 * who asks cannot tell one user from another, or from nobody, by the time that it takes: 32 MiB and
 * some 0.1 s of a core.
 */
#ifndef ADAPTER_HTTP_SCRYPT_H
#define ADAPTER_HTTP_SCRYPT_H

#include "core/fault.h"

enum {
    SCRYPT_SALT = 16,
    SCRYPT_HASH = 32,
    SCRYPT_PASSWORD_MAX = 256, /* bytes of a password */
    SCRYPT_TEXT_MAX = 96       /* of its text with the zero, 89 */
};

struct scrypt {
    unsigned char salt[SCRYPT_SALT], hash[SCRYPT_HASH];
};

/* Of a password, with a salt of chance. False when randomness or memory is out. Any thread may. */
bool scrypt_make(const char *password, struct scrypt *out);

/* Takes as long whatever the password is. False also when memory is out. Any thread may. */
bool scrypt_matches(const struct scrypt *kept, const char *password);

/* Reads the text; *why repeats nothing of it. */
bool scrypt_read(const char *text, struct scrypt *out, struct fault *why);
char *scrypt_print(const struct scrypt *kept, char text[SCRYPT_TEXT_MAX]); /* returns `text` */

#endif
