/* SPDX-License-Identifier: Apache-2.0 */
/* Once a day the newest link is told to whoever subscribes: so a chain made anew is found. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl_fixture.h"
#include "support/test.h"

enum { HOUR_S = 3600 };

static void stop(struct testbed *testbed)
{
    int status;

    kill(testbed->breachd.pid, SIGTERM);
    assert_true(child_ends(&testbed->breachd, PATIENCE_MS, &status));
}

/* An exercise of so long ago, and then in earnest: its ledger is older than a day, or not. */
static void live_since(struct testbed *testbed, int hours)
{
    testbed->base = time(NULL) - hours * HOUR_S;
    testbed_open(testbed, "", "--rehearse");
    testbed_ping(testbed, "tag-1", 0, 900);
    testbed_ping(testbed, "tag-1", 60, 100);
    testbed_settle(testbed);
    stop(testbed);
    testbed_start(testbed, NULL);
}

static size_t count_anchors(struct testbed *testbed, const json_t **out_newest)
{
    const json_t *alert;
    size_t i, n = 0;

    testbed_gather(testbed);
    for (i = 0; (alert = json_array_get(testbed->alerts, i)) != NULL; i++) {
        if (strcmp(alert_text(alert, "type"), "breachd.chain") != 0)
            continue;
        n++;
        *out_newest = alert;
    }
    return n;
}

static void keep_events(struct testbed *testbed)
{
    const json_t *alert;
    char *text = NULL;
    size_t size, i;
    FILE *out = open_memstream(&text, &size);

    for (i = 0; (alert = json_array_get(testbed->alerts, i)) != NULL; i++) {
        json_dumpf(alert, out, JSON_COMPACT);
        fputc('\n', out);
    }
    fclose(out);
    testbed_write(testbed, "kept", text, size);
    free(text);
}

static int verify(struct testbed *testbed)
{
    return testbed_ctl(testbed, "verify", "--ledger", testbed_path(testbed, "ledger.db").text,
                       "--anchors", testbed_path(testbed, "kept").text, NULL);
}

static void a_chain_older_than_a_day_is_told_once(void **state)
{
    struct testbed *testbed = *state;
    const json_t *anchor = NULL;
    char digest[65], reason[128];
    long long number;

    live_since(testbed, 30);
    while (count_anchors(testbed, &anchor) == 0)
        ;
    number = ctl_fixture_number(testbed, "SELECT max(number) FROM entry WHERE kind = 'state'");
    ctl_fixture_text(testbed,
                     "SELECT lower(hex(digest)) FROM entry WHERE number ="
                     " (SELECT max(number) FROM entry WHERE kind = 'state')",
                     digest, sizeof digest);
    snprintf(reason, sizeof reason, "newest link %lld %s", number, digest);
    assert_string_equal(alert_text(anchor, "data.reason"), reason);
    assert_string_equal(alert_text(anchor, "data.severity"), "info");
    assert_string_equal(alert_text(anchor, "subject"), "essex");
    assert_int_equal(strncmp(alert_text(anchor, "id"), "essex/chain/1", 13), 0);
    assert_true(json_is_null(alert_at(anchor, "data.incident")));
    stop(testbed);
    testbed_start(testbed, NULL);
    testbed_ping(testbed, "tag-1", 30 * HOUR_S + 1, 100);
    testbed_settle(testbed);
    assert_int_equal(count_anchors(testbed, &anchor), 1);
    keep_events(testbed);
    ctl_fixture_agrees(testbed);
    assert_int_equal(verify(testbed), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "1 of 1 links told outside are in it\n"));
    testbed_close(testbed);
}

static void one_of_today_is_not_told(void **state)
{
    struct testbed *testbed = *state;
    const json_t *anchor = NULL;

    live_since(testbed, 20);
    testbed_ping(testbed, "tag-1", 20 * HOUR_S + 1,
                 100); // its alert comes after what the start tells
    testbed_settle(testbed);
    assert_int_equal(count_anchors(testbed, &anchor), 0);
    testbed_close(testbed);
}

/* Everything made anew so that it holds; but it is not what was told. */
static void a_chain_made_anew_is_found_by_what_was_told(void **state)
{
    struct testbed *testbed = *state;
    const json_t *anchor = NULL;

    live_since(testbed, 30);
    while (count_anchors(testbed, &anchor) == 0)
        ;
    keep_events(testbed);
    stop(testbed);
    testbed_remove(testbed, "ledger.db");
    testbed_remove(testbed, "ledger.db-wal");
    testbed_remove(testbed, "ledger.db-lock");
    testbed_start(testbed, "--rehearse", NULL);
    for (int i = 0; i < 40; i++)
        testbed_ping(testbed, "tag-1", 60 * i, 100 + 10 * (i % 2));
    testbed_settle(testbed);
    testbed_ctl(testbed, "verify", "--ledger", testbed_path(testbed, "ledger.db").text, NULL);
    assert_non_null(strstr(testbed_ctl_said(testbed), "the chain holds"));
    assert_int_equal(verify(testbed), 1);
    assert_non_null(strstr(testbed_ctl_said(testbed), "told outside"));
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_chain_older_than_a_day_is_told_once),
        testbed_test(one_of_today_is_not_told),
        testbed_test(a_chain_made_anew_is_found_by_what_was_told),
    };

    return cmocka_run_group_tests_name("anchor", tests, NULL, NULL);
}
