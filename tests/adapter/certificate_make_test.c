/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate that is made is one that a door shows and a caller believes, for its names. */
#include "adapter/certificate_make.h"

#include "adapter/certificate.h"
#include "adapter/clock.h"
#include "adapter/tls.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "support/scratch.h"
#include "support/test.h"

#define NAMES "breachd.example,localhost,127.0.0.1,::1"

static struct certificate_made make(const char *names, struct utc now)
{
    struct certificate_made made;
    struct fault why;

    if (!certificate_make(names, now, &made, &why))
        fail_msg("%s: %s", names, why.text);
    return made;
}

static X509 *read_back(const char *pem)
{
    BIO *memory = BIO_new_mem_buf(pem, -1);
    X509 *certificate = PEM_read_bio_X509(memory, NULL, NULL, NULL);

    assert_non_null(certificate);
    BIO_free(memory);
    return certificate;
}

static void a_door_takes_it_with_its_key_and_with_no_other(void **state)
{
    struct certificate_made made = make(NAMES, clock_utc()), other = make(NAMES, clock_utc());
    struct tls *door = tls_create(), *wrong = tls_create();
    struct fault why;
    (void)state;

    scratch_write("own.pem", made.certificate);
    scratch_write("own.key", made.key);
    scratch_write("other.key", other.key);
    assert_true(tls_load_server(door, "own.pem", "own.key", "", &why));
    assert_false(tls_load_server(wrong, "own.pem", "other.key", "", &why));
    assert_string_equal(why.text, "other.key: is not the key of the certificate");
    tls_destroy(door);
    tls_destroy(wrong);
    certificate_made_fini(&made);
    certificate_made_fini(&other);
    assert_null(made.key);
}

static void it_is_for_its_names_and_no_others(void **state)
{
    struct certificate_made made = make(NAMES ",*.apps.example", clock_utc());
    X509 *certificate = read_back(made.certificate);
    (void)state;

    assert_int_equal(X509_check_host(certificate, "breachd.example", 0, 0, NULL), 1);
    assert_int_equal(X509_check_host(certificate, "localhost", 0, 0, NULL), 1);
    assert_int_equal(X509_check_host(certificate, "a.apps.example", 0, 0, NULL), 1);
    assert_int_equal(X509_check_ip_asc(certificate, "127.0.0.1", 0), 1);
    assert_int_equal(X509_check_ip_asc(certificate, "::1", 0), 1);
    assert_int_equal(X509_check_host(certificate, "breachd", 0, 0, NULL), 0);
    assert_int_equal(X509_check_host(certificate, "apps.example", 0, 0, NULL), 0);
    assert_int_equal(X509_check_ip_asc(certificate, "127.0.0.2", 0), 0);
    assert_int_equal(X509_check_ca(certificate), 0); // it can sign no other
    X509_free(certificate);
    certificate_made_fini(&made);
}

static void it_is_good_from_an_hour_ago_for_820_days(void **state)
{
    struct utc now = { INT64_C(1795953600000) }, end = UTC_NEVER;
    struct certificate_made made = make("localhost", now);
    X509 *certificate = read_back(made.certificate);
    struct fault why;
    time_t an_hour_ago = (time_t)(now.ms / 1000) - 3600;
    (void)state;

    assert_int_equal(made.end.ms, now.ms - 3600 * 1000 + INT64_C(820) * 24 * 3600 * 1000);
    assert_int_equal(X509_cmp_time(X509_get0_notBefore(certificate), &an_hour_ago), -1);
    an_hour_ago--;
    assert_int_equal(X509_cmp_time(X509_get0_notBefore(certificate), &an_hour_ago), 1);
    scratch_write("own.pem", made.certificate);
    assert_true(certificate_ends("own.pem", CERTIFICATE_FIRST, &end, &why));
    assert_int_equal(end.ms, made.end.ms);
    X509_free(certificate);
    certificate_made_fini(&made);
}

static void no_two_have_the_same_number_or_key(void **state)
{
    struct certificate_made one = make("localhost", clock_utc()),
                            two = make("localhost", clock_utc());
    X509 *first = read_back(one.certificate), *second = read_back(two.certificate);
    (void)state;

    assert_int_not_equal(
        ASN1_INTEGER_cmp(X509_get0_serialNumber(first), X509_get0_serialNumber(second)), 0);
    assert_string_not_equal(one.key, two.key);
    X509_free(first);
    X509_free(second);
    certificate_made_fini(&one);
    certificate_made_fini(&two);
}

/* OpenSSL would read more out of some of these than a name. */
static const char *const no_names[] = { "",
                                        "a,",
                                        ",a",
                                        "a,,b",
                                        "a b",
                                        "a;b",
                                        "DNS:a",
                                        "a..b",
                                        ".a",
                                        "a.",
                                        "*",
                                        "*.",
                                        "a.*.b",
                                        "email:copy",
                                        "a\nDNS:b",
                                        "\xc3\xa4.example",
                                        "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17" };

static void what_is_no_name_is_refused(void **state)
{
    char label[80];
    struct fault why;
    struct certificate_made made = { 0 };
    (void)state;

    for (size_t i = 0; i < sizeof no_names / sizeof *no_names; i++) {
        if (certificate_make(no_names[i], clock_utc(), &made, &why))
            fail_msg("\"%s\": taken", no_names[i]);
        assert_null(made.key);
    }
    memset(label, 'a', sizeof label);
    label[63] = '\0';
    assert_true(certificate_names_valid(label, &why));
    label[63] = 'a';
    label[64] = '\0';
    assert_false(certificate_names_valid(label, &why));
    assert_true(certificate_names_valid("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16", &why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(a_door_takes_it_with_its_key_and_with_no_other),
        cmocka_unit_test(it_is_for_its_names_and_no_others),
        scratch_test(it_is_good_from_an_hour_ago_for_820_days),
        cmocka_unit_test(no_two_have_the_same_number_or_key),
        cmocka_unit_test(what_is_no_name_is_refused),
    };

    return cmocka_run_group_tests_name("certificate_make", tests, NULL, NULL);
}
