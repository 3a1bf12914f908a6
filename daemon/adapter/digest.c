/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/digest.h"

#include "adapter/number.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <string.h>

enum { HEX_STEP = 64 };

static EVP_MD *fetched;
static pthread_once_t fetch_once = PTHREAD_ONCE_INIT;

static void fetch(void)
{
    fetched = EVP_MD_fetch(NULL, "SHA256", NULL);
}

/* Looked up once, for that takes the library longer than a digest; NULL: it has none. */
static const EVP_MD *sha256(void)
{
    pthread_once(&fetch_once, fetch);
    return fetched;
}

void digest_begin(struct digest *digest)
{
    digest->n = 0;
    digest->sum = EVP_MD_CTX_new();
    digest->ok = digest->sum != NULL && EVP_DigestInit_ex(digest->sum, sha256(), NULL) == 1;
}

static void pass_on(struct digest *digest)
{
    digest->ok = digest->ok && EVP_DigestUpdate(digest->sum, digest->gathered, digest->n) == 1;
    digest->n = 0;
}

static void add(struct digest *digest, const void *bytes, size_t n)
{
    if (n > sizeof digest->gathered - digest->n)
        pass_on(digest);
    if (n > sizeof digest->gathered) {
        digest->ok = digest->ok && EVP_DigestUpdate(digest->sum, bytes, n) == 1;
        return;
    }
    memcpy(digest->gathered + digest->n, bytes, n);
    digest->n += n;
}

static void add_length(struct digest *digest, size_t n)
{
    char length[NUMBER_TEXT_MAX + 1];
    size_t chars = number_print_whole((int64_t)n, length);

    length[chars] = ':';
    add(digest, length, chars + 1);
}

void digest_bytes(struct digest *digest, const void *bytes, size_t n)
{
    add_length(digest, n);
    add(digest, bytes, n);
    add(digest, ",", 1);
}

void digest_text(struct digest *digest, const char *text)
{
    digest_bytes(digest, text, strlen(text));
}

void digest_number(struct digest *digest, int64_t number)
{
    char text[NUMBER_TEXT_MAX];
    size_t chars = number_print_whole(number, text);

    digest_bytes(digest, text, chars);
}

void digest_hex(struct digest *digest, const unsigned char *bytes, size_t n)
{
    char text[2 * HEX_STEP + 1];

    add_length(digest, 2 * n);
    for (size_t at = 0; at < n; at += HEX_STEP) {
        size_t step = n - at < HEX_STEP ? n - at : HEX_STEP;

        add(digest, digest_print(bytes + at, step, text), 2 * step);
    }
    add(digest, ",", 1);
}

bool digest_end(struct digest *digest, unsigned char out[DIGEST_BYTES])
{
    bool ok;

    pass_on(digest);
    ok = digest->ok && EVP_DigestFinal_ex(digest->sum, out, NULL) == 1;
    if (!ok)
        memset(out, 0, DIGEST_BYTES);
    EVP_MD_CTX_free(digest->sum);
    digest->sum = NULL;
    digest->ok = false;
    return ok;
}

bool digest_of(const void *bytes, size_t n, unsigned char out[DIGEST_BYTES])
{
    return sha256() != NULL && EVP_Digest(bytes, n, out, NULL, sha256(), NULL) == 1;
}

char *digest_print(const unsigned char *bytes, size_t n, char *text)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < n; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * n] = '\0';
    return text;
}
