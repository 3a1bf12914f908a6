/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/signature.h"

#include "adapter/textfile.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>

enum { SIGNATURE_BYTES = 64, KEY_FILE_MAX = 64 * 1024 };

static EVP_PKEY *read_key(const char *path, struct fault *why)
{
    struct fault cause;
    FILE *file = textfile_open(path, KEY_FILE_MAX, &cause);
    EVP_PKEY *key = file != NULL ? PEM_read_PrivateKey(file, NULL, NULL, "") : NULL;

    if (file == NULL)
        fault_set(why, "%.300s: %.200s", path, cause.text);
    else if (key == NULL)
        fault_set(why, "%.300s: no private key in PEM form without a passphrase", path);
    else if (EVP_PKEY_id(key) != EVP_PKEY_ED25519) {
        fault_set(why, "%.300s: not an Ed25519 key", path);
        EVP_PKEY_free(key);
        key = NULL;
    }
    if (file != NULL)
        fclose(file);
    return key;
}

static bool sign(EVP_PKEY *key, const void *bytes, size_t n, char out[SIGNATURE_TEXT])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char signature[SIGNATURE_BYTES];
    size_t length = sizeof signature;
    bool ok = context != NULL && EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
              EVP_DigestSign(context, signature, &length, bytes, n) == 1;

    EVP_MD_CTX_free(context);
    return ok && EVP_EncodeBlock((unsigned char *)out, signature, (int)length) > 0;
}

static bool print_public(EVP_PKEY *key, char out[SIGNATURE_KEY_MAX])
{
    BIO *memory = BIO_new(BIO_s_mem());
    int n = memory != NULL && PEM_write_bio_PUBKEY(memory, key) == 1
                ? BIO_read(memory, out, SIGNATURE_KEY_MAX - 1)
                : 0;

    BIO_free(memory);
    if (n > 0)
        out[n] = '\0';
    return n > 0;
}

bool signature_make(const char *path, const void *bytes, size_t n, char out[SIGNATURE_TEXT],
                    char out_key[SIGNATURE_KEY_MAX], struct fault *why)
{
    EVP_PKEY *key = read_key(path, why);
    bool ok;

    if (key == NULL)
        return false;
    ok = (sign(key, bytes, n, out) && print_public(key, out_key)) ||
         fault_set(why, "%.300s: cannot sign with it", path);
    EVP_PKEY_free(key);
    return ok;
}
