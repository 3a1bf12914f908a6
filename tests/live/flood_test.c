/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One device that sends more than anybody needs: what is true of it is told, little of it is kept,
 * and the breach of another is told at once.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl_fixture.h"
#include "support/test.h"
#include "support/testbed.h"

enum { BODY_PINGS = 500, BODIES = 20 };

/* What a flooding device says of itself and where; metres north of the middle of the zone. */
struct flood {
    bool flips; // tamper, at every second ping
    double north, step;
    bool leaps;
};

/* Bodies of 500 pings, 2 ms apart, by our clock's second 0; each is answered before the next. */
static void send_flood(struct testbed *testbed, const struct flood *flood)
{
    size_t room = BODY_PINGS * 160;
    char *lines = malloc(room);

    assert_non_null(lines);
    for (int body = 0; body < BODIES; body++) {
        size_t n = 0;

        for (int i = 0; i < BODY_PINGS; i++) {
            int nth = body * BODY_PINGS + i;
            double north = flood->north + nth * flood->step + (flood->leaps && i % 2 ? 40000 : 0);

            n += (size_t)snprintf(lines + n, room - n,
                                  "{\"device\":\"tag-1\",\"time\":%" PRId64
                                  ",\"lat\":%.9f,\"lon\":0.45782,"
                                  "\"accuracy\":8,\"tamper\":%s}\n",
                                  testbed->base * 1000 + 2 * nth, 51.56844 + north / 111195,
                                  flood->flips && nth % 2 == 0 ? "true" : "false");
        }
        assert_int_equal(testbed_post_lines(testbed, lines), 200);
    }
    free(lines);
}

static void open_the_testbed(struct testbed *testbed)
{
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_order(testbed, "B", "tag-2", 9000, 200, "");
    testbed_redis_start(testbed, "");
    testbed_start(testbed, NULL);
}

/* What the ledger grew by, as it counts: the same wherever it is measured. */
static long long bytes_kept(struct testbed *testbed)
{
    return ctl_fixture_number(testbed, "SELECT sum(ifnull(length(body), 0) + 400) FROM entry"
                                       " WHERE kind = 'ping'");
}

static void flips_are_one_alert_and_an_honest_breach_is_told_at_once(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed);
    send_flood(testbed, &(struct flood){ .flips = true, .north = 3000, .step = 0.001 });
    assert_int_equal(testbed_ping(testbed, "tag-2", 0, 9000), 200);
    testbed_expect(testbed, "tamper device/tag-1/1\nbreach B/home/1/1\n");
    assert_string_equal(alert_text(json_array_get(testbed->alerts, 0), "data.incident"),
                        "device/tag-1/tamper/1");
    // The first one, and what changed each ten seconds; not 10,000.
    assert_true(ctl_fixture_number(testbed, "SELECT count(*) FROM entry WHERE respondent = 'R-A'"
                                            " AND kind = 'ping'") < 20);
    // And none of it for ever: it says nothing of a zone.
    assert_int_equal(ctl_fixture_number(testbed,
                                        "SELECT count(*) FROM entry WHERE respondent = 'R-A'"
                                        " AND evidence = 1"),
                     0);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* 1 MiB a day, of which 64 KiB may come at once: beyond it a ping is judged and not kept. */
static void beyond_its_budget_a_device_is_judged_and_not_kept(void **state)
{
    struct testbed *testbed = *state;
    long long kept;

    testbed_set(testbed, "breachd.conf", "ledger", "device-day", "1 MiB");
    testbed_long_ago(testbed);
    open_the_testbed(testbed);
    send_flood(testbed, &(struct flood){ .north = 3000, .step = 0.001, .leaps = true });
    kept = bytes_kept(testbed);
    assert_true(kept > 60 * 1024 && kept < 80 * 1024); // and one that says what was known
    testbed_expect(testbed, "tamper device/tag-1/1\ndoubt device/tag-1/2\n");
    assert_string_equal(alert_text(json_array_get(testbed->alerts, 0), "data.cause"), "two-places");
    assert_string_equal(alert_text(json_array_get(testbed->alerts, 1), "data.cause"), "flood");
    // Its own breach is opened, and cleared when none of its places was inside for 20 minutes.
    assert_int_equal(testbed_ping(testbed, "tag-1", 100, 3000), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 400, 10), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 405, 12), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 1640, 3000), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 1645, 3010), 200);
    assert_int_equal(testbed_ping(testbed, "tag-2", 0, 9000), 200);
    testbed_expect(
        testbed,
        "tamper device/tag-1/1\ndoubt device/tag-1/2\nbreach A/home/1/1\ncleared A/home/1/2\n"
        "breach B/home/1/1\n");
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(*) FROM entry WHERE kind = 'alert'"),
                     5);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* What was used of the day is not forgotten by whoever is started anew. */
static void a_restart_forgives_nothing(void **state)
{
    struct testbed *testbed = *state;
    long long kept;

    testbed_set(testbed, "breachd.conf", "ledger", "device-day", "1 MiB");
    open_the_testbed(testbed);
    send_flood(testbed, &(struct flood){ .north = 150, .step = 0.001 });
    kept = bytes_kept(testbed);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    send_flood(testbed, &(struct flood){ .north = 100, .step = 0.001 });
    assert_true(bytes_kept(testbed) < kept + 16 * 1024);
    testbed_close(testbed);
}

/* ---- a disk that gets full ---- */

static void say_room(struct testbed *testbed, const char *word, double want)
{
    if (word != NULL)
        testbed_print(testbed, "full", "%s\n", word);
    else
        testbed_remove(testbed, "full");
    // It is asked at each commit: a ping that changes something makes one.
    for (int i = 0; testbed_metric(testbed, "breachd_ledger_room") != want; i++) {
        assert_true(i < 100);
        assert_int_equal(testbed_ping(testbed, "tag-2", 10 + i, 8900 + 0.1 * i), 200);
    }
}

/* Inside since second 0, a ping each minute; each is worth an update. */
static void stay(struct testbed *testbed, int from, int until)
{
    for (int minute = from; minute < until; minute++)
        assert_int_equal(testbed_ping(testbed, "tag-1", 60 * minute, 10 + 0.1 * minute), 200);
}

static void on_a_disk_that_gets_full_nothing_is_told_again(void **state)
{
    static const char rows[] = "SELECT count(*) FROM entry WHERE kind = 'ping'";
    struct testbed *testbed = *state;
    long long n;

    testbed_disk_fit(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_order(testbed, "B", "tag-2", 9000, 200, "");
    testbed_redis_start(testbed, "");
    testbed_start(testbed, "--rehearse", NULL);
    assert_int_equal(testbed_ping(testbed, "tag-2", 0, 9000), 200);
    say_room(testbed, "tight", 1);
    stay(testbed, 0, 5);
    testbed_expect(testbed, "breach B/home/1/1\nbreach A/home/1/1\n");
    testbed_await_log(testbed, "its disk gets full");
    say_room(testbed, "dire", 2);
    n = ctl_fixture_number(testbed, rows);
    stay(testbed, 5, 8); // judged, and not kept
    assert_int_equal(ctl_fixture_number(testbed, rows), n);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 500), 200); // but that is
    assert_int_equal(testbed_ping(testbed, "tag-1", 605, 510), 200);
    testbed_expect(testbed, "breach B/home/1/1\nbreach A/home/1/1\ncleared A/home/1/2\n");
    assert_true(ctl_fixture_number(testbed, rows) > n);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(flips_are_one_alert_and_an_honest_breach_is_told_at_once),
        testbed_test(beyond_its_budget_a_device_is_judged_and_not_kept),
        testbed_test(a_restart_forgives_nothing),
        testbed_test(on_a_disk_that_gets_full_nothing_is_told_again),
    };

    return cmocka_run_group_tests_name("flood", tests, NULL, NULL);
}
