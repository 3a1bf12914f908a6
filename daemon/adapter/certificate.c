/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/certificate.h"

#include "adapter/textfile.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <time.h>

enum { PEM_FILE_MAX = 16 * 1024 * 1024 };

/* UTC_NEVER for a date that no calendar has. */
static struct utc end_of(const X509 *certificate)
{
    struct tm tm;

    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &tm) != 1)
        return UTC_NEVER;
    return (struct utc){ (int64_t)timegm(&tm) * 1000 };
}

bool certificate_ends(const char *path, enum certificate_which which, struct utc *out,
                      struct fault *why)
{
    struct fault cause;
    FILE *file = textfile_open(path, PEM_FILE_MAX, &cause);
    X509 *certificate = NULL;
    size_t n = 0;

    if (file == NULL)
        return fault_set(why, "%.300s: %s", path, cause.text);
    // PEM_FILE_MAX bytes of them.
    for (; (certificate = PEM_read_X509(file, NULL, NULL, NULL)) != NULL; n++) {
        struct utc end = end_of(certificate);

        if (n == 0 || (which == CERTIFICATE_FIRST ? end.ms < out->ms : end.ms > out->ms))
            *out = end;
        X509_free(certificate);
    }
    ERR_clear_error(); // of the end of the file
    fclose(file);
    return n > 0 || fault_set(why, "%.300s: holds no certificate in PEM", path);
}
