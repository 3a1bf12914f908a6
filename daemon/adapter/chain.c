/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/chain.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX_CHARS = 256, KIND_MAX_CHARS = 32 };

bool chain_digest(const void *bytes, size_t n, unsigned char out[CHAIN_DIGEST])
{
    return EVP_Digest(bytes, n, out, NULL, EVP_sha256(), NULL) == 1;
}

char *chain_hex(const unsigned char digest[CHAIN_DIGEST], char text[CHAIN_HEX])
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < CHAIN_DIGEST; i++) {
        text[2 * i] = digits[digest[i] >> 4];
        text[2 * i + 1] = digits[digest[i] & 15];
    }
    text[CHAIN_HEX - 1] = '\0';
    return text;
}

bool chain_extend(struct chain *chain, const char *kind, struct utc at,
                  const unsigned char body[CHAIN_DIGEST])
{
    char before[CHAIN_HEX], of_body[CHAIN_HEX], line[LINE_MAX_CHARS];
    unsigned char digest[CHAIN_DIGEST];
    int n = snprintf(line, sizeof line, "%s %" PRIu64 " %.*s %" PRId64 " %s\n",
                     chain_hex(chain->digest, before), chain->number + 1, KIND_MAX_CHARS, kind,
                     at.ms, chain_hex(body, of_body));

    if (n < 0 || !chain_digest(line, (size_t)n, digest))
        return false;
    memcpy(chain->digest, digest, CHAIN_DIGEST);
    chain->number++;
    return true;
}
