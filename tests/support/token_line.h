/* SPDX-License-Identifier: Apache-2.0 */
/* token_line.h - the line of a token in the file of tokens, as `breachctl token` prints it. */
#ifndef SUPPORT_TOKEN_LINE_H
#define SUPPORT_TOKEN_LINE_H

#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

static inline void token_line(FILE *out, const char *name, const char *secret, const char *scope)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];

    SHA256((const unsigned char *)secret, strlen(secret), hash);
    fprintf(out, "%s ", name);
    for (size_t i = 0; i < sizeof hash; i++)
        fprintf(out, "%02x", hash[i]);
    fprintf(out, " %s\n", scope);
}

#endif
