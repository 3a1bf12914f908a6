/* SPDX-License-Identifier: Apache-2.0 */
/* Who was forgotten, by whom, is seen by verify, the log, an alert, the report; as nothing else. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "ctl_live/rules.h"
#include "support/http_client.h"
#include "support/test.h"

#define SHOWN                                                                                      \
    "SELECT count(*) FROM alert WHERE type = 'chain' AND json_extract(event, '$.data.reason') "    \
    "LIKE 'newest link %(forgotten: R-A)'"

static void quash(struct testbed *testbed)
{
    ctl_live_open_three(testbed);
    ctl_live_breach(testbed);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", "A/home/1", NULL), 0);
    testbed_remove(testbed, "orders.d/A.conf");
    testbed_reload(testbed);
    testbed_gather(testbed);
}

static void forget(struct testbed *testbed)
{
    assert_int_equal(testbed_ctl(testbed, "forget", "-c",
                                 testbed_path(testbed, "breachd.conf").text, "--reason",
                                 "quashed on appeal", "--by", "DC 4711", "R-A", NULL),
                     0);
}

static void await_shown(struct testbed *testbed)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (ctl_fixture_number(testbed, SHOWN) != 1) {
        if (now_ms() > deadline)
            fail_msg("that R-A was forgotten is not told");
        freeReplyObject(testbed_redis(testbed, "XREAD BLOCK 100 STREAMS nothing $"));
    }
}

static void assert_verified(struct testbed *testbed)
{
    const char *ledger = testbed_path(testbed, "ledger.db").text;
    json_t *said;

    assert_int_equal(testbed_ctl(testbed, "verify", "--ledger", ledger, NULL), 0);
    assert_has(testbed_ctl_said(testbed), ", 0 bodies taken away by retention\n");
    assert_has(testbed_ctl_said(testbed), " bodies of who was forgotten\nR-A: forgotten at ");
    assert_has(testbed_ctl_said(testbed), " by DC 4711: quashed on appeal; ");
    assert_int_equal(testbed_ctl(testbed, "verify", "--ledger", ledger, "--json", NULL), 0);
    said = json_loads(testbed_ctl_said(testbed), 0, NULL);
    assert_string_equal(json_string_value(json_object_get(
                            json_array_get(json_object_get(said, "forgotten"), 0), "respondent")),
                        "R-A");
    assert_int_equal(json_array_size(json_object_get(said, "archived")), 0);
    assert_int_equal(json_integer_value(json_object_get(said, "taken_by_retention")), 0);
    json_decref(said);
    assert_int_equal(testbed_ctl(testbed, "report", "-c",
                                 testbed_path(testbed, "breachd.conf").text, "--from", "2020-01-01",
                                 "--to", "2099-01-01", NULL),
                     0);
    assert_has(testbed_ctl_said(testbed), "respondents forgotten 1\n");
}

static void by_breachd_it_is_told_at_once(void **state)
{
    struct testbed *testbed = *state;
    char event[2048];

    quash(testbed);
    forget(testbed);
    testbed_await_log(testbed, "R-A: forgotten: breachctl verify tells by whom");
    await_shown(testbed);
    assert_verified(testbed);
    // What tells it can still be compared.
    ctl_fixture_text(testbed, "SELECT event FROM alert WHERE type = 'chain'", event, sizeof event);
    testbed_print(testbed, "kept", "%s\n", event);
    assert_int_equal(testbed_ctl(testbed, "verify", "--ledger",
                                 testbed_path(testbed, "ledger.db").text, "--anchors",
                                 testbed_path(testbed, "kept").text, NULL),
                     0);
    assert_has(testbed_ctl_said(testbed), "1 of 1 links told outside are in it");
    testbed_close(testbed);
}

/* Once told, not at the next start. */
static void without_breachd_it_is_told_by_the_next(void **state)
{
    struct testbed *testbed = *state;

    quash(testbed);
    await_kept(testbed);
    testbed_kill(testbed);
    forget(testbed);
    assert_verified(testbed);
    testbed_start(testbed, NULL);
    await_shown(testbed);
    start_again(testbed);
    assert_int_equal(testbed_ctl(testbed, "verify", "--tell", "-c",
                                 testbed_path(testbed, "breachd.conf").text, NULL),
                     0);
    testbed_gather(testbed);
    assert_int_equal(ctl_fixture_number(testbed, SHOWN), 1);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* What the ledger's own door answers to who wants `of` forgotten. */
static void ask_to_forget(struct testbed *testbed, const char *of, char answer[256])
{
    char first[80], line[2048];
    int fd = http_client_connect_to(testbed_path(testbed, "ledger.db-door").text, PATIENCE_MS);
    ssize_t n;

    ctl_fixture_text(testbed, "SELECT lower(hex(digest)) FROM entry ORDER BY number LIMIT 1", first,
                     sizeof first);
    n = snprintf(
        line, sizeof line,
        "{\"errand\":\"forget\",\"chain\":\"%s\",\"body\":\"{\\\"command\\\":\\\"forget\\\","
        "\\\"of\\\":\\\"%s\\\",\\\"user\\\":\\\"root\\\",\\\"uid\\\":0,"
        "\\\"reason\\\":\\\"x\\\"}\"}\n",
        first, of);
    assert_true(n < (ssize_t)sizeof line && fd >= 0 && http_client_say(fd, line, (size_t)n));
    n = read(fd, answer, 255);
    assert_true(n > 0);
    answer[n] = '\0';
    close(fd);
}

/* Else what was told of the chain would go, and its mark would speak of what is not there. */
static void what_is_nobodys_is_not_forgotten(void **state)
{
    static const char *const names[] = { "", " ", "R-A R-B", "../R-A", "%" };
    struct testbed *testbed = *state;
    char answer[256];

    quash(testbed);
    forget(testbed);
    await_shown(testbed);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ask_to_forget(testbed, names[i], answer);
        assert_has(answer, "\"done\":false");
        assert_has(answer, "whom?");
    }
    assert_int_equal(ctl_fixture_number(testbed, SHOWN), 1);
    assert_verified(testbed);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(by_breachd_it_is_told_at_once),
        testbed_test(without_breachd_it_is_told_by_the_next),
        testbed_test(what_is_nobodys_is_not_forgotten),
    };

    return cmocka_run_group_tests_name("forget_shown", tests, NULL, NULL);
}
