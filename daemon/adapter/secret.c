/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/secret.h"

#include "adapter/digest.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>

bool secret_fill(unsigned char *out, size_t n)
{
    return RAND_bytes(out, (int)n) == 1;
}

bool secret_make(char text[SECRET_HEX])
{
    unsigned char bytes[SECRET_BYTES];
    bool made = secret_fill(bytes, sizeof bytes);

    if (made)
        digest_print(bytes, sizeof bytes, text);
    explicit_bzero(bytes, sizeof bytes);
    return made;
}

bool secret_equal(const void *one, const void *other, size_t n)
{
    return CRYPTO_memcmp(one, other, n) == 0;
}

bool secret_text_equal(const char *one, const char *other)
{
    size_t n = strlen(one);

    return strlen(other) == n && secret_equal(one, other, n);
}
