/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chain against what sha256sum(1) says of the same bytes:
 *     printf '{"a":1}' | sha256sum
 *     printf '32:%032d,3:R-1,1:1,1:0,1:0,64:BODY,0:,' 0 | sha256sum
 *     printf '18:breachd-evidence/2,64:%064d,1:0,1:1,4:ping,13:1592943245001,64:CONTENT,' 0 |
 *         sha256sum
 *
 * and, by the rule of breachd-evidence/1,
 *     printf '%064d 1 ping 1592943245001 %s\n' 0 BODY | sha256sum
 */
#include "adapter/chain.h"

#include <string.h>

#include "support/test.h"

static const char first_body[] = "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862";
static const char first_link[] = "3d184e6e71ebb2fa896cd264c5c2db9f14965db8355b6153c155fbd008b2f09f";
static const char second_body[] =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const char second_link[] =
    "47c740ba6b2faaebdfbe2e89a648379c9e70b9ecdc86d9e37020923c14a995da";

static const char row_digest[] = "d9db8abb15a2e1953c1d79d0af8e4fc75df2ef4de1883232fd39806adce2f3b0";
static const char content[] = "0c6b6711253999c7b31372c7c7df5c18e0e4d81f5a24cc37c458032911108d85";
static const char first_of_2[] = "aee823eb87fd6bf90d2484f5e27d2010f2de678b7ba482ffe5179b0b0709710c";
static const char second_of_2[] =
    "9cde09c7a3e3c513fb1730df22a3384e8793bef8620571938485345e14ceb57e";

static void assert_hex(const unsigned char digest[CHAIN_DIGEST], const char *want)
{
    char hex[CHAIN_HEX];

    assert_string_equal(chain_hex(digest, hex), want);
}

static void a_body_has_the_digest_that_sha256sum_tells(void **state)
{
    unsigned char digest[CHAIN_DIGEST];

    (void)state;
    assert_true(chain_digest("{\"a\":1}", 7, digest));
    assert_hex(digest, first_body);
    assert_true(chain_digest("", 0, digest));
    assert_hex(digest, second_body);
}

static void two_links_have_the_digests_that_sha256sum_tells(void **state)
{
    struct chain chain = { 0 };
    unsigned char body[CHAIN_DIGEST];

    (void)state;
    assert_true(chain_digest("{\"a\":1}", 7, body));
    assert_true(chain_extend_1(&chain, "ping", (struct utc){ 1592943245001 }, body));
    assert_int_equal(chain.number, 1);
    assert_hex(chain.digest, first_link);
    assert_true(chain_digest("", 0, body));
    assert_true(chain_extend_1(&chain, "alert", (struct utc){ -5 }, body));
    assert_int_equal(chain.number, 2);
    assert_hex(chain.digest, second_link);
}

static void so_have_two_of_the_second_format(void **state)
{
    struct chain_row row = { "essex/A/home/1/1", "breach", "Basildon", "critical", "A/home/1", 1, 1,
                             "Sgt 1234",         "ä, 5:x" };
    struct chain_link ping = {
        .kind = "ping", .at = { 1592943245001 }, .respondent = "R-1", .evidence = true
    };
    struct chain_link alert = { .kind = "alert",
                                .at = { -5 },
                                .respondent = "",
                                .start = true,
                                .once = true,
                                .has_row = true };
    unsigned char made[CHAIN_DIGEST];
    struct chain chain = { 0 };

    (void)state;
    assert_true(chain_digest("{\"a\":1}", 7, ping.body));
    memcpy(alert.body, ping.body, CHAIN_DIGEST);
    memset(alert.salt, 0xff, CHAIN_SALT);
    assert_true(chain_row_digest(&row, alert.row));
    assert_hex(alert.row, row_digest);
    assert_true(chain_content(&ping, made));
    assert_hex(made, content);
    assert_true(chain_extend(&chain, &ping));
    assert_int_equal(chain.number, 1);
    assert_hex(chain.digest, first_of_2);
    assert_true(chain_extend(&chain, &alert));
    assert_int_equal(chain.number, 2);
    assert_hex(chain.digest, second_of_2);
}

/* A field that says what two say is not taken for them. */
static void no_field_runs_into_another(void **state)
{
    static const struct {
        const char *kind, *respondent;
    } links[] = { { "ping", "R-1" }, { "ping,3:R-1", "" }, { "pin", "gR-1" }, { "", "pingR-1" } };
    struct chain chains[4] = { 0 };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct chain_link link = { .kind = links[i].kind, .respondent = links[i].respondent };

        assert_true(chain_extend(&chains[i], &link));
        for (size_t k = 0; k < i; k++)
            assert_memory_not_equal(chains[i].digest, chains[k].digest, CHAIN_DIGEST);
    }
}

/* One thing changed in a link, and its digest is another. */
static void whatever_is_changed_shows(void **state)
{
    static const struct {
        uint64_t before;
        const char *kind;
        int64_t at;
        unsigned char body, digest; // first bytes
    } links[] = {
        { 7, "ping", 5, 1, 1 },  { 8, "ping", 5, 1, 1 }, { 7, "time", 5, 1, 1 },
        { 7, "ping", -5, 1, 1 }, { 7, "ping", 5, 2, 1 }, { 7, "ping", 5, 1, 2 },
        { 7, "pin", 5, 1, 1 },   { 7, "", 5, 1, 1 },     { UINT64_MAX - 1, "ping", 5, 1, 1 },
    };
    enum { LINKS = sizeof links / sizeof *links };
    struct chain chains[LINKS] = { 0 };

    (void)state;
    for (size_t i = 0; i < LINKS; i++) {
        unsigned char body[CHAIN_DIGEST] = { links[i].body };

        chains[i].number = links[i].before;
        chains[i].digest[0] = links[i].digest;
        assert_true(chain_extend_1(&chains[i], links[i].kind, (struct utc){ links[i].at }, body));
        for (size_t k = 0; k < i; k++)
            assert_memory_not_equal(chains[i].digest, chains[k].digest, CHAIN_DIGEST);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_has_the_digest_that_sha256sum_tells),
        cmocka_unit_test(two_links_have_the_digests_that_sha256sum_tells),
        cmocka_unit_test(so_have_two_of_the_second_format),
        cmocka_unit_test(no_field_runs_into_another),
        cmocka_unit_test(whatever_is_changed_shows),
    };

    return cmocka_run_group_tests_name("chain", tests, NULL, NULL);
}
