/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/http/scrypt.h"

#include "adapter/secret.h"

#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define COST "$scrypt$ln=15,r=8,p=1$"

enum {
    N = 1 << 15,
    R = 8,
    P = 1,
    MEMORY_MAX = 64 * 1024 * 1024, // 128 * N * R is 32 MiB, and some
    SALT_CHARS = 22,               // of base64 without padding
    HASH_CHARS = 43,
    ENCODED_MAX = 48
};

static bool derive(const char *password, const unsigned char salt[SCRYPT_SALT],
                   unsigned char out[SCRYPT_HASH])
{
    return EVP_PBE_scrypt(password, strlen(password), salt, SCRYPT_SALT, N, R, P, MEMORY_MAX, out,
                          SCRYPT_HASH) == 1;
}

bool scrypt_make(const char *password, struct scrypt *out)
{
    return secret_fill(out->salt, sizeof out->salt) && derive(password, out->salt, out->hash);
}

bool scrypt_matches(const struct scrypt *kept, const char *password)
{
    unsigned char hash[SCRYPT_HASH];
    bool same = derive(password, kept->salt, hash) && secret_equal(hash, kept->hash, sizeof hash);

    explicit_bzero(hash, sizeof hash);
    return same;
}

/* Without padding; `out` has room for ENCODED_MAX bytes. */
static void encode(const unsigned char *bytes, size_t n, char *out)
{
    EVP_EncodeBlock((unsigned char *)out, bytes, (int)n);
    out[strcspn(out, "=")] = '\0';
}

/* Of `chars` characters the `n` bytes, in the one way in which they can be written. */
static bool decode(const char *text, size_t chars, unsigned char *out, size_t n)
{
    unsigned char decoded[ENCODED_MAX];
    char padded[ENCODED_MAX + 1], again[ENCODED_MAX + 1];

    memset(padded, '=', sizeof padded);
    memcpy(padded, text, chars);
    if (EVP_DecodeBlock(decoded, (const unsigned char *)padded, (int)((chars + 3) / 4 * 4)) < 0)
        return false;
    encode(decoded, n, again);
    if (strlen(again) != chars || memcmp(again, text, chars) != 0)
        return false;
    memcpy(out, decoded, n);
    return true;
}

bool scrypt_read(const char *text, struct scrypt *out, struct fault *why)
{
    const size_t cost = strlen(COST);
    struct scrypt read;

    if (strncmp(text, COST, cost) != 0)
        return fault_set(why,
                         "the password is not like " COST "SALT$HASH: breachctl user makes it");
    text += cost;
    if (strlen(text) != SALT_CHARS + 1 + HASH_CHARS || text[SALT_CHARS] != '$' ||
        !decode(text, SALT_CHARS, read.salt, SCRYPT_SALT) ||
        !decode(text + SALT_CHARS + 1, HASH_CHARS, read.hash, SCRYPT_HASH))
        return fault_set(why, "the password's salt and hash are not %d and %d characters of base64",
                         SALT_CHARS, HASH_CHARS);
    *out = read;
    return true;
}

char *scrypt_print(const struct scrypt *kept, char text[SCRYPT_TEXT_MAX])
{
    char salt[ENCODED_MAX], hash[ENCODED_MAX];

    encode(kept->salt, SCRYPT_SALT, salt);
    encode(kept->hash, SCRYPT_HASH, hash);
    snprintf(text, SCRYPT_TEXT_MAX, COST "%.22s$%.43s", salt, hash);
    return text;
}
