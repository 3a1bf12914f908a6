/* SPDX-License-Identifier: Apache-2.0 */
/* What breachd -n warns of around a configuration that is good: each by a file of its own. */
#include "app/doubts.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/london.h"
#include "support/scratch.h"
#include "support/test.h"

/* Two certificates without their keys, good until 2026-12-29 and until 2028-01-03, at 07:07:01. */
static const char short_one[] = "-----BEGIN CERTIFICATE-----\n"
                                "MIIBLDCB36ADAgECAhQOQqOapR49zm/sZhsX+bQqx44owTAFBgMrZXAwDDEKMAgG\n"
                                "A1UEAwwBYTAeFw0yNjExMjkwNzA3MDFaFw0yNjEyMjkwNzA3MDFaMAwxCjAIBgNV\n"
                                "BAMMAWEwKjAFBgMrZXADIQCXfbvIxK6hXDANnMGicMv72zAxCqeobVnk2C4IhBzv\n"
                                "taNTMFEwHQYDVR0OBBYEFFBvs8n+DNY8xgW02Tf8du1xRUWYMB8GA1UdIwQYMBaA\n"
                                "FFBvs8n+DNY8xgW02Tf8du1xRUWYMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EA\n"
                                "OivHQQ57U2dYCHI5VRxi8A26XPkD9+2sZYJ5vWXWB9eNQuQ9fO5D03XQFIsmMvp9\n"
                                "ua/CJuCqUgGatym0lIFMAA==\n"
                                "-----END CERTIFICATE-----\n";
static const char long_one[] = "-----BEGIN CERTIFICATE-----\n"
                               "MIIBLDCB36ADAgECAhQy75T37UG9299NOpqYPBUStrFpmzAFBgMrZXAwDDEKMAgG\n"
                               "A1UEAwwBYjAeFw0yNjExMjkwNzA3MDFaFw0yODAxMDMwNzA3MDFaMAwxCjAIBgNV\n"
                               "BAMMAWIwKjAFBgMrZXADIQBcBWe6evrRg5luevK1pi2eWJSj0l3MIkP1SjKAwlKN\n"
                               "FqNTMFEwHQYDVR0OBBYEFFBzyPu0wYFwt7HmDvpMZRECFFugMB8GA1UdIwQYMBaA\n"
                               "FFBzyPu0wYFwt7HmDvpMZRECFFugMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EA\n"
                               "nM/x028XwwVmECIWjsEEn7/VcNBSJeJBCBpGmSDmQB7EmckyvmUZVAgynNDk9u15\n"
                               "UvrKqDuBHz+tAAIaTJy0CQ==\n"
                               "-----END CERTIFICATE-----\n";

static struct settings settings;

/* A site of its own, whose files only the owner's group can come to. */
static int begin(void **state)
{
    settings = (struct settings){ .file = "breachd.conf",
                                  .site = "kent",
                                  .region = { { 0, 51 }, { 1, 52 } },
                                  .orders = "orders.d" };
    if (scratch_setup(state) != 0)
        return -1;
    scratch_write("orders.d/A.conf", "");
    scratch_write("orders.d/shapes/a.geojson", "");
    return chmod(".", 0711);
}

#define doubts_test(test) cmocka_unit_test_setup_teardown(test, begin, scratch_teardown)

static void assert_doubts(const char *now, const char *want)
{
    struct complaints complaints = { 0 };

    doubts_find(&settings, utc_of(now), &complaints);
    assert_int_equal(complaints.errors, 0);
    assert_complaints("doubts", &complaints, want);
}

#define NOW "2026-11-29T00:00:00Z"

/* ---- who can read it ---- */

static void orders_that_everybody_can_read_are_counted(void **state)
{
    (void)state;
    assert_int_equal(chmod("orders.d", 0755), 0);
    assert_int_equal(chmod("orders.d/A.conf", 0644), 0);
    assert_int_equal(chmod("orders.d/shapes", 0755), 0);
    assert_int_equal(chmod("orders.d/shapes/a.geojson", 0644), 0);
    assert_doubts(NOW, "orders.d: warning: 2 of its 2 files, which tell where people live, can be "
                       "read by everybody on this machine: chmod -R o= orders.d\n");
    assert_int_equal(chmod("orders.d/A.conf", 0640), 0);
    assert_doubts(NOW, "orders.d: warning: 1 of its 2 files, which tell where people live, can be "
                       "read by everybody on this machine: chmod -R o= orders.d\n");
    assert_int_equal(chmod("orders.d/shapes", 0750), 0); // nobody comes to what is in it
    assert_doubts(NOW, "");
}

static void what_nobody_comes_to_is_read_by_nobody(void **state)
{
    (void)state;
    assert_int_equal(chmod("orders.d", 0750), 0);
    assert_int_equal(chmod("orders.d/A.conf", 0644), 0);
    assert_doubts(NOW, "");
    assert_int_equal(chmod("orders.d", 0755), 0);
    assert_int_equal(chmod(".", 0700), 0); // nor by way of the folder above
    assert_doubts(NOW, "");
}

static void a_key_that_everybody_can_read_is_told(void **state)
{
    static const struct {
        size_t offset;
        const char *says;
    } keys[] = {
        { offsetof(struct settings, tls_key), "[http] tls-key" },
        { offsetof(struct settings, redis_key), "[redis] tls-key" },
        { offsetof(struct settings, redis_password), "[redis] password-file" },
        { offsetof(struct settings, mqtt_password), "[mqtt] password-file" },
        { offsetof(struct settings, signing_key), "signing-key" },
    };
    char want[256];
    (void)state;

    scratch_write("secret", "");
    settings.orders[0] = '\0';
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char *path = (char *)&settings + keys[i].offset;

        strcpy(path, "secret");
        assert_int_equal(chmod("secret", 0640), 0);
        assert_doubts(NOW, "");
        assert_int_equal(chmod("secret", 0644), 0);
        snprintf(want, sizeof want,
                 "breachd.conf: warning: %s: everybody on this machine can read it: chmod o= "
                 "secret\n",
                 keys[i].says);
        assert_doubts(NOW, want);
        path[0] = '\0';
    }
}

/* ---- until when it is good ---- */

static const struct end_row {
    const char *says, *now, *want;
} ends[] = {
    { "a month and a second before", "2026-11-29T07:07:00Z", "" },
    { "a month before", "2026-11-29T07:07:01Z",
      "breachd.conf: warning: [http] tls-certificate: chain: ends at 2026-12-29T07:07:01.000Z, in "
      "30 days\n" },
    { "a second before", "2026-12-29T07:07:00Z",
      "breachd.conf: warning: [http] tls-certificate: chain: ends at 2026-12-29T07:07:01.000Z, in "
      "0 days\n" },
    { "when it ends", "2026-12-29T07:07:01Z",
      "breachd.conf: warning: [http] tls-certificate: chain: ended at "
      "2026-12-29T07:07:01.000Z\n" },
};

/* Whichever stands first in the file, the chain is as good as the one that ends first. */
static void a_certificate_that_ends_is_told_a_month_before(void **state)
{
    char chain[4096];
    (void)state;

    assert_int_equal(chmod("orders.d", 0750), 0);
    strcpy(settings.tls_certificate, "chain");
    for (int turn = 0; turn < 2; turn++) {
        snprintf(chain, sizeof chain, "%s%s", turn == 0 ? short_one : long_one,
                 turn == 0 ? long_one : short_one);
        scratch_write("chain", chain);
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
            print_message("%s\n", ends[i].says);
            assert_doubts(ends[i].now, ends[i].want);
        }
    }
}

/* Of authorities one that ended is usual; when the last has, nobody is believed any more. */
static void authorities_are_as_good_as_the_last_of_them(void **state)
{
    char both[4096];
    (void)state;

    assert_int_equal(chmod("orders.d", 0750), 0);
    snprintf(both, sizeof both, "%s%s", short_one, long_one);
    scratch_write("ca", both);
    strcpy(settings.redis_ca, "ca");
    assert_doubts("2027-01-01T00:00:00Z", "");
    assert_doubts("2028-01-04T00:00:00Z", "breachd.conf: warning: [redis] tls-ca: ca: ended at "
                                          "2028-01-03T07:07:01.000Z\n");
}

/* ---- what nobody has set ---- */

static void what_was_shipped_is_told(void **state)
{
    static const char region[] = "breachd.conf: warning: region: is what was shipped, that of "
                                 "Essex: zones elsewhere are refused\n";
    char want[512];
    (void)state;

    assert_int_equal(chmod("orders.d", 0750), 0);
    settings.region = (struct lonlat_box){ { -0.05, 51.40 }, { 1.35, 52.12 } };
    assert_doubts(NOW, region);
    strcpy(settings.site, "example");
    snprintf(want, sizeof want,
             "breachd.conf: warning: name: example is what was shipped: name the site, before it "
             "stands in alerts\n%s",
             region);
    assert_doubts(NOW, want);
    strcpy(settings.site, "essex"); // whose region it is
    assert_doubts(NOW, "");
}

/* The example is the file that is installed, so the two cannot drift apart. */
static void what_is_shipped_is_that_example(void **state)
{
    struct complaints complaints = { 0 };
    struct settings shipped;
    (void)state;

    assert_int_equal(chmod("orders.d", 0750), 0);
    settings_load(SOURCE_FOLDER "/config/breachd.conf", &shipped, &complaints);
    assert_int_equal(complaints.errors, 0);
    complaints_fini(&complaints);
    shipped.orders[0] = '\0';
    doubts_find(&shipped, utc_of(NOW), &complaints);
    assert_int_equal(complaints.warnings, 2);
    complaints_fini(&complaints);
}

static void a_ledger_that_cannot_be_written_is_told(void **state)
{
    struct complaints complaints = { 0 };
    (void)state;

    strcpy(settings.ledger, "/proc/self/ledger.db");
    doubts_of_ledger(&settings, &complaints);
    if (getuid() != 0) // who may everything is asked in tests/live
        assert_int_equal(complaints.warnings, 1);
    complaints_fini(&complaints);
    strcpy(settings.ledger, "not/there/yet/ledger.db");
    doubts_of_ledger(&settings, &complaints);
    assert_complaints("no folder yet", &complaints, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        doubts_test(orders_that_everybody_can_read_are_counted),
        doubts_test(what_nobody_comes_to_is_read_by_nobody),
        doubts_test(a_key_that_everybody_can_read_is_told),
        doubts_test(a_certificate_that_ends_is_told_a_month_before),
        doubts_test(authorities_are_as_good_as_the_last_of_them),
        doubts_test(what_was_shipped_is_told),
        doubts_test(what_is_shipped_is_that_example),
        doubts_test(a_ledger_that_cannot_be_written_is_told),
    };

    return cmocka_run_group_tests_name("doubts", tests, NULL, NULL);
}
