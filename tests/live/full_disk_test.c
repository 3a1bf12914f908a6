/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A full disk: what cannot be kept is refused, breachd says that it
 * is blind, and recovers by itself.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/http_client.h"
#include "support/test.h"
#include "support/testbed.h"

static void open_the_testbed(struct testbed *testbed)
{
    testbed_disk_fit(testbed);
    testbed_open(testbed, "", NULL);
}

static bool is_blind_by_heartbeat(struct testbed *testbed)
{
    redisReply *heartbeat = testbed_redis(testbed, "GET {breachd}:heartbeat");
    json_t *json = heartbeat->str == NULL ? NULL : json_loads(heartbeat->str, 0, NULL);
    bool blind = json_is_true(json_object_get(json, "blind"));

    json_decref(json);
    freeReplyObject(heartbeat);
    return blind;
}

static void await_heartbeat(struct testbed *testbed, bool blind)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (is_blind_by_heartbeat(testbed) != blind)
        if (now_ms() > deadline)
            fail_msg("the heartbeat does not say that blind is %s", blind ? "true" : "false");
}

static void a_ping_that_matters_is_refused_and_may_come_again(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 900), 200);
    testbed_disk_fill(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 10), 503);
    assert_true(testbed_has_header(testbed, "Retry-After"));
    testbed_close(testbed);
}

static void while_it_lasts_everybody_can_see_it(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed);
    testbed_disk_fill(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 10), 503);
    assert_int_equal(testbed_get(testbed, "/readyz"), 503);
    assert_int_equal(testbed_get(testbed, "/healthz"), 200);
    assert_true(testbed_metric(testbed, "breachd_blind") == 1);
    assert_true(testbed_metric(testbed, "breachd_ledger_errors_total") >= 1);
    await_heartbeat(testbed, true);
    testbed_close(testbed);
}

static void with_room_again_the_same_ping_gives_one_breach(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed);
    testbed_disk_fill(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 10), 503);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 10), 503);
    testbed_disk_drain(testbed);
    testbed_await_code(testbed, "/readyz", 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 10), 200);
    testbed_expect(testbed, "blind blind/1/1\nsighted blind/1/2\nbreach A/home/1/1\n");
    await_heartbeat(testbed, false);
    testbed_close(testbed);
}

static void an_open_incident_survives_it(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 10), 200);
    testbed_disk_fill(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 900), 503);
    testbed_disk_drain(testbed);
    testbed_await_code(testbed, "/readyz", 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 900), 200);
    testbed_expect(testbed, "breach A/home/1/1\nblind blind/1/1\nsighted blind/1/2\n"
                            "cleared A/home/1/2\n");
    testbed_close(testbed);
}

static void killed_while_it_is_full_it_starts_again_afterwards(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 10), 200);
    testbed_disk_fill(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 900), 503);
    testbed_kill(testbed);
    testbed_disk_drain(testbed);
    testbed_start(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 900), 200);
    assert_non_null(strstr(testbed_story(testbed), "breach A/home/1/1\n"));
    assert_non_null(strstr(testbed_story(testbed), "cleared A/home/1/2\n"));
    testbed_close(testbed);
}

/* What a killed one left must be on the disk before anything of it is told: see store_harden. */
static void a_start_on_a_disk_that_keeps_nothing_is_refused(void **state)
{
    struct testbed *testbed = *state;
    struct path settings = testbed_path(testbed, "breachd.conf"),
                log = testbed_path(testbed, "log");
    const char *argv[] = { BREACHD_PROGRAM, "-c", settings.text, NULL };
    int status;

    open_the_testbed(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 10), 200);
    testbed_kill(testbed);
    testbed_print(testbed, "full", "sync\n");
    testbed->breachd = child_start(
        &(struct command){ .argv = argv, .err = log.text, .environment = testbed->environment });
    assert_true(child_ends(&testbed->breachd, PATIENCE_MS, &status));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    assert_true(
        testbed_log_has(testbed, "what its log holds does not reach the disk: Input/output"));
    testbed_disk_drain(testbed);
    testbed_start(testbed, NULL);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

/* ---- a sender that does not wait, and comes again ---- */

/* The ping of testbed_ping(testbed, "tag-1", 300, 10), on a connection of its own. */
static int send_and_go_on(const struct testbed *testbed)
{
    char ping[TESTBED_PING_MAX], request[512];
    int fd = testbed_door(testbed), n;

    testbed_ping_print(testbed, "tag-1", 300, 10, ping);
    n = snprintf(request, sizeof request,
                 "POST /v1/pings HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n%s",
                 strlen(ping), ping);
    assert_true(http_client_say(fd, request, (size_t)n));
    return fd;
}

static int hear_code(int fd)
{
    char answer[HTTP_CLIENT_ANSWER_MAX];
    int code = http_client_hear(fd, answer);

    close(fd);
    return code;
}

/*
 * The ping waits for the disk, its sender hangs up, the rules are loaded anew, and the same ping
 * comes once more. It was: nobody remembered that it was not on disk, so it was acknowledged at
 * once; the commit failed, and the breach was lost.
 */
static void what_comes_again_after_a_reload_waits_for_the_disk_too(void **state)
{
    struct testbed *testbed = *state;
    int again;

    open_the_testbed(testbed);
    testbed_print(testbed, "full", "stall\n");
    close(send_and_go_on(testbed));
    testbed_await_metric(testbed, "breachd_pings_total{class=\"new\"}", 1);
    testbed_reload(testbed);
    again = send_and_go_on(testbed);
    testbed_await_metric(testbed, "breachd_pings_total{class=\"again\"}", 1);
    testbed_print(testbed, "full", "sync\n");
    assert_int_equal(hear_code(again), 503);
    testbed_disk_drain(testbed);
    testbed_await_code(testbed, "/readyz", 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 10), 200);
    testbed_expect(testbed, "blind blind/1/1\nsighted blind/1/2\nbreach A/home/1/1\n");
    testbed_close(testbed);
}

/*
 * The end of a blindness that the disk does not take is no end. Between its words and the stop a
 * probe may have come: then it saw again, and is blind a second time.
 */
static void blindness_told_and_not_ended_goes_on(void **state)
{
    struct testbed *testbed = *state;
    const char *story;
    int status;

    open_the_testbed(testbed);
    testbed_print(testbed, "full", "once\n");
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 10), 503);
    testbed_await_log(testbed, "essex/blind/1/1: blind");
    kill(testbed->breachd.pid, SIGTERM); // it leaves no log, so that the next one can start
    assert_true(child_ends(&testbed->breachd, PATIENCE_MS, &status));
    testbed_print(testbed, "full", "sync\n"); // it starts, and cannot commit that it sees again
    testbed_start(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 10), 503);
    testbed_disk_drain(testbed);
    testbed_await_code(testbed, "/readyz", 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 10), 200);
    story = testbed_story(testbed);
    if (strcmp(story, "blind blind/1/1\nsighted blind/1/2\nbreach A/home/1/1\n") != 0)
        assert_string_equal(story, "blind blind/1/1\nsighted blind/1/2\nblind blind/2/1\n"
                                   "sighted blind/2/2\nbreach A/home/1/1\n");
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 1);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_ping_that_matters_is_refused_and_may_come_again),
        testbed_test(while_it_lasts_everybody_can_see_it),
        testbed_test(with_room_again_the_same_ping_gives_one_breach),
        testbed_test(an_open_incident_survives_it),
        testbed_test(killed_while_it_is_full_it_starts_again_afterwards),
        testbed_test(a_start_on_a_disk_that_keeps_nothing_is_refused),
        testbed_test(what_comes_again_after_a_reload_waits_for_the_disk_too),
        testbed_test(blindness_told_and_not_ended_goes_on),
    };

    return cmocka_run_group_tests_name("full_disk", tests, NULL, NULL);
}
