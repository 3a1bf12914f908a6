/* SPDX-License-Identifier: Apache-2.0 */
/* A file of a certificate or key that cannot be used is told for what it is. */
#include "adapter/tls.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/scratch.h"
#include "support/test.h"

/* Certificate and key; a key of another, and one with a passphrase. */
static const char make[] =
    "{ openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=a "
    "-keyout a.key -out a.pem && "
    "openssl ecparam -name prime256v1 -genkey -noout -out other.key && "
    "openssl genpkey -algorithm ed25519 -out ed25519.key && openssl genrsa -out rsa.key 2048 && "
    "openssl ec -aes128 -passout pass:x -in a.key -out locked.key; } >/dev/null 2>&1";

static const struct row {
    const char *certificate, *key, *ca, *want;
} rows[] = {
    { "a.pem", "a.key", "", "" },
    { "a.pem", "a.key", "a.pem", "" },
    { "a.pem", "gone", "", "gone: No such file or directory" },
    { "gone", "a.key", "", "gone: No such file or directory" },
    { "a.pem", "a.key", "gone", "gone: No such file or directory" },
    { "a.pem", "folder", "", "folder: Is a directory" },
    { "folder", "a.key", "", "folder: Is a directory" },
    { "a.pem", "pipe", "", "pipe: is no regular file" },
    { "a.pem", "a.key", "pipe", "pipe: is no regular file" },
    { "junk", "a.key", "", "junk: holds no certificate in PEM" },
    { "a.key", "a.key", "", "a.key: holds no certificate in PEM" },
    { "a.pem", "a.key", "junk", "junk: holds no certificate in PEM" },
    { "a.pem", "junk", "", "junk: holds no private key in PEM" },
    { "a.pem", "a.pem", "", "a.pem: holds no private key in PEM" },
    { "a.pem", "empty", "", "empty: holds no private key in PEM" },
    { "a.pem", "other.key", "", "other.key: is not the key of the certificate" },
    { "a.pem", "rsa.key", "", "rsa.key: is not the key of the certificate: it is of another type" },
    { "a.pem", "ed25519.key", "",
      "ed25519.key: is not the key of the certificate: it is of another type" },
    { "a.pem", "locked.key", "",
      "locked.key: a passphrase protects this key, and nobody is there to type it" },
};

static void each_file_is_taken_or_told_why_not(void **state)
{
    int wrong = 0;
    (void)state;

    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    scratch_write("junk", "junk\n");
    scratch_write("empty", "");
    assert_int_equal(system(make), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        struct fault why = { .text = "" };
        struct tls *tls = tls_create();
        bool ok = tls_load_server(tls, row->certificate, row->key, row->ca, &why);

        if (ok != (row->want[0] == '\0') || strcmp(why.text, row->want) != 0) {
            print_error("%s, %s: \"%s\" instead of \"%s\"\n", row->certificate, row->key, why.text,
                        row->want);
            wrong++;
        }
        tls_destroy(tls);
    }
    assert_int_equal(wrong, 0);
}

static void a_client_trusts_what_can_be_read(void **state)
{
    struct tls *tls = tls_create();
    struct fault why;
    (void)state;

    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_false(tls_load_client(tls, "pipe", "", "", &why));
    assert_string_equal(why.text, "pipe: is no regular file");
    assert_true(tls_is_empty(tls));
    tls_destroy(tls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(each_file_is_taken_or_told_why_not),
        scratch_test(a_client_trusts_what_can_be_read),
    };

    return cmocka_run_group_tests_name("tls", tests, NULL, NULL);
}
