/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/certificate_make.h"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* RFC 1035, 2.3.4, as text. */
enum { HOST_MAX = 253, LABEL_MAX = 63, PEM_MAX = 16 * 1024, SERIAL_BYTES = 16 };

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

/* ---- names ---- */

static bool is_address(const char *name)
{
    unsigned char bytes[sizeof(struct in6_addr)];

    return inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1;
}

static bool is_host(const char *name)
{
    name += strncmp(name, "*.", 2) == 0 ? 2 : 0;
    for (;;) { // a label each turn, until the name ends
        size_t n = strspn(name, letters);

        if (n < 1 || n > LABEL_MAX)
            return false;
        if (name[n] == '\0')
            return true;
        if (name[n] != '.')
            return false;
        name += n + 1;
    }
}

/* The first of them, and where the next one begins; NULL: it is the last. False: it is none. */
static bool take_name(const char *names, char out[HOST_MAX + 1], const char **out_next,
                      struct fault *why)
{
    size_t n = strcspn(names, ",");

    snprintf(out, HOST_MAX + 1, "%.*s", (int)(n < HOST_MAX ? n : HOST_MAX), names);
    *out_next = names[n] == ',' ? names + n + 1 : NULL;
    return (n <= HOST_MAX && (is_address(out) || is_host(out))) ||
           fault_set(why, "\"%.100s\" is neither a host name nor an address", out);
}

bool certificate_names_valid(const char *names, struct fault *why)
{
    char name[HOST_MAX + 1];

    for (size_t n = 1; names != NULL; n++) {
        if (n > CERTIFICATE_NAMES_MAX)
            return fault_set(why, "more than %d names", CERTIFICATE_NAMES_MAX);
        if (!take_name(names, name, &names, why))
            return false;
    }
    return true;
}

/* In OpenSSL's words, "DNS:localhost,IP:127.0.0.1": the names were looked at. */
static void print_names(const char *names, char *out, size_t room)
{
    struct fault seen;
    char name[HOST_MAX + 1];
    size_t n = 0;

    while (names != NULL && take_name(names, name, &names, &seen) && n < room)
        n += (size_t)snprintf(out + n, room - n, "%s%s:%s", n > 0 ? "," : "",
                              is_address(name) ? "IP" : "DNS", name);
}

/* ---- the certificate ---- */

static bool set_serial(X509 *made)
{
    unsigned char bytes[SERIAL_BYTES];
    BIGNUM *number = NULL;
    bool ok = RAND_bytes(bytes, sizeof bytes) == 1;

    bytes[0] &= 0x7f; // RFC 5280, 4.1.2.2: positive,
    bytes[0] |= 0x40; // and here never 0
    number = ok ? BN_bin2bn(bytes, sizeof bytes, NULL) : NULL;
    ok = number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(made)) != NULL;
    BN_free(number);
    return ok;
}

/* From an hour ago: a sender's clock may be behind. */
static bool set_times(X509 *made, struct utc now, struct utc *out_end)
{
    time_t first = (time_t)(now.ms / 1000) - 3600,
           last = first + (time_t)CERTIFICATE_MADE_DAYS * 24 * 3600;

    *out_end = (struct utc){ (int64_t)last * 1000 };
    return ASN1_TIME_set(X509_getm_notBefore(made), first) != NULL &&
           ASN1_TIME_set(X509_getm_notAfter(made), last) != NULL;
}

static bool set_names(X509 *made)
{
    X509_NAME *name = X509_get_subject_name(made);

    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"breachd",
                                      -1, -1, 0) == 1 &&
           X509_set_issuer_name(made, name) == 1;
}

static bool extend(X509 *made, int nid, const char *value)
{
    X509_EXTENSION *extension;
    X509V3_CTX context;
    bool ok;

    X509V3_set_ctx(&context, made, made, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    ok = extension != NULL && X509_add_ext(made, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return ok;
}

static bool fill(X509 *made, EVP_PKEY *key, const char *names, struct utc now, struct utc *out_end)
{
    char all[CERTIFICATE_NAMES_MAX * (HOST_MAX + 8)];

    print_names(names, all, sizeof all);
    return X509_set_version(made, X509_VERSION_3) == 1 && set_serial(made) &&
           set_times(made, now, out_end) && set_names(made) && X509_set_pubkey(made, key) == 1 &&
           extend(made, NID_basic_constraints, "critical,CA:FALSE") &&
           extend(made, NID_key_usage, "critical,digitalSignature") &&
           extend(made, NID_ext_key_usage, "serverAuth") &&
           extend(made, NID_subject_key_identifier, "hash") &&
           extend(made, NID_subject_alt_name, all) && X509_sign(made, key, EVP_sha256()) > 0;
}

/* ---- as PEM ---- */

/* What was written to a memory BIO, with an end; NULL when memory is out. */
static char *text_of(BIO *memory)
{
    char *bytes, *text;
    long n = BIO_get_mem_data(memory, &bytes);

    text = n > 0 && n <= PEM_MAX ? malloc((size_t)n + 1) : NULL;
    if (text != NULL) {
        memcpy(text, bytes, (size_t)n);
        text[n] = '\0';
    }
    return text;
}

/* Of secure memory, which is wiped when it is freed. */
static char *print_key(EVP_PKEY *key)
{
    BIO *memory = BIO_new(BIO_s_secmem());
    char *text = NULL;

    if (memory != NULL && PEM_write_bio_PrivateKey(memory, key, NULL, NULL, 0, NULL, NULL) == 1)
        text = text_of(memory);
    BIO_free(memory);
    return text;
}

static char *print_certificate(X509 *made)
{
    BIO *memory = BIO_new(BIO_s_mem());
    char *text = NULL;

    if (memory != NULL && PEM_write_bio_X509(memory, made) == 1)
        text = text_of(memory);
    BIO_free(memory);
    return text;
}

bool certificate_make(const char *names, struct utc now, struct certificate_made *out,
                      struct fault *why)
{
    struct certificate_made made = { 0 };
    EVP_PKEY *key;
    X509 *certificate;

    if (!certificate_names_valid(names, why))
        return false;
    key = EVP_EC_gen("P-256");
    certificate = X509_new();
    if (key != NULL && certificate != NULL && fill(certificate, key, names, now, &made.end)) {
        made.key = print_key(key);
        made.certificate = print_certificate(certificate);
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    ERR_clear_error();
    if (made.key == NULL || made.certificate == NULL) {
        certificate_made_fini(&made);
        return fault_set(why, "no certificate can be made");
    }
    *out = made;
    return true;
}

void certificate_made_fini(struct certificate_made *made)
{
    if (made->key != NULL)
        explicit_bzero(made->key, strlen(made->key));
    free(made->key);
    free(made->certificate);
    *made = (struct certificate_made){ 0 };
}
