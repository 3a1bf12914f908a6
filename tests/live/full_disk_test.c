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

#include "support/house.h"
#include "support/http_client.h"
#include "support/test.h"

static void open_the_house(struct house *house)
{
    house_disk_fit(house);
    house_open(house, "", NULL);
}

static bool beats_blind(struct house *house)
{
    redisReply *beat = house_redis(house, "GET {breachd}:heartbeat");
    json_t *json = beat->str == NULL ? NULL : json_loads(beat->str, 0, NULL);
    bool blind = json_is_true(json_object_get(json, "blind"));

    json_decref(json);
    freeReplyObject(beat);
    return blind;
}

static void await_beat(struct house *house, bool blind)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (beats_blind(house) != blind)
        if (now_ms() > deadline)
            fail_msg("the heartbeat does not say that blind is %s", blind ? "true" : "false");
}

static void a_ping_that_matters_is_refused_and_may_come_again(void **state)
{
    struct house *house = *state;

    open_the_house(house);
    assert_int_equal(house_ping(house, "tag-1", 0, 900), 200);
    house_disk_fill(house);
    assert_int_equal(house_ping(house, "tag-1", 300, 10), 503);
    assert_true(house_has_header(house, "Retry-After"));
    house_close(house);
}

static void while_it_lasts_everybody_can_see_it(void **state)
{
    struct house *house = *state;

    open_the_house(house);
    house_disk_fill(house);
    assert_int_equal(house_ping(house, "tag-1", 300, 10), 503);
    assert_int_equal(house_get(house, "/readyz"), 503);
    assert_int_equal(house_get(house, "/healthz"), 200);
    assert_true(house_metric(house, "breachd_blind") == 1);
    assert_true(house_metric(house, "breachd_ledger_errors_total") >= 1);
    await_beat(house, true);
    house_close(house);
}

static void with_room_again_the_same_ping_gives_one_breach(void **state)
{
    struct house *house = *state;

    open_the_house(house);
    house_disk_fill(house);
    assert_int_equal(house_ping(house, "tag-1", 300, 10), 503);
    assert_int_equal(house_ping(house, "tag-1", 300, 10), 503);
    house_disk_drain(house);
    house_await_code(house, "/readyz", 200);
    assert_int_equal(house_ping(house, "tag-1", 300, 10), 200);
    house_expect(house, "blind blind/1/1\nsighted blind/1/2\nbreach A/home/1/1\n");
    await_beat(house, false);
    house_close(house);
}

static void an_open_incident_survives_it(void **state)
{
    struct house *house = *state;

    open_the_house(house);
    assert_int_equal(house_ping(house, "tag-1", 0, 10), 200);
    house_disk_fill(house);
    assert_int_equal(house_ping(house, "tag-1", 300, 900), 503);
    house_disk_drain(house);
    house_await_code(house, "/readyz", 200);
    assert_int_equal(house_ping(house, "tag-1", 300, 900), 200);
    house_expect(house, "breach A/home/1/1\nblind blind/1/1\nsighted blind/1/2\n"
                        "cleared A/home/1/2\n");
    house_close(house);
}

static void killed_while_it_is_full_it_starts_again_afterwards(void **state)
{
    struct house *house = *state;

    open_the_house(house);
    assert_int_equal(house_ping(house, "tag-1", 0, 10), 200);
    house_disk_fill(house);
    assert_int_equal(house_ping(house, "tag-1", 300, 900), 503);
    house_kill(house);
    house_disk_drain(house);
    house_start(house, NULL);
    assert_int_equal(house_ping(house, "tag-1", 300, 900), 200);
    assert_non_null(strstr(house_story(house), "breach A/home/1/1\n"));
    assert_non_null(strstr(house_story(house), "cleared A/home/1/2\n"));
    house_close(house);
}

/* What a killed one left must be on the disk before anything of it is told: see store_harden. */
static void a_start_on_a_disk_that_keeps_nothing_is_refused(void **state)
{
    struct house *house = *state;
    struct path settings = house_path(house, "breachd.conf"), log = house_path(house, "log");
    const char *argv[] = { BREACHD_PROGRAM, "-c", settings.text, NULL };
    int status;

    open_the_house(house);
    assert_int_equal(house_ping(house, "tag-1", 0, 10), 200);
    house_kill(house);
    house_print(house, "full", "sync\n");
    house->breachd = child_start(
        &(struct command){ .argv = argv, .err = log.text, .environment = house->environment });
    assert_true(child_ends(&house->breachd, PATIENCE_MS, &status));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    assert_true(house_log_has(house, "what its log holds does not reach the disk: Input/output"));
    house_disk_drain(house);
    house_start(house, NULL);
    house_expect(house, "breach A/home/1/1\n");
    house_close(house);
}

/* ---- a sender that does not wait, and comes again ---- */

/* The ping of house_ping(house, "tag-1", 300, 10), on a connection of its own. */
static int send_and_go_on(const struct house *house)
{
    char ping[HOUSE_PING_MAX], request[512];
    int fd = house_door(house), n;

    house_ping_print(house, "tag-1", 300, 10, ping);
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
    struct house *house = *state;
    int again;

    open_the_house(house);
    house_print(house, "full", "stall\n");
    close(send_and_go_on(house));
    house_await_metric(house, "breachd_pings_total{class=\"new\"}", 1);
    house_reload(house);
    again = send_and_go_on(house);
    house_await_metric(house, "breachd_pings_total{class=\"again\"}", 1);
    house_print(house, "full", "sync\n");
    assert_int_equal(hear_code(again), 503);
    house_disk_drain(house);
    house_await_code(house, "/readyz", 200);
    assert_int_equal(house_ping(house, "tag-1", 300, 10), 200);
    house_expect(house, "blind blind/1/1\nsighted blind/1/2\nbreach A/home/1/1\n");
    house_close(house);
}

/*
 * The end of a blindness that the disk does not take is no end. Between its words and the stop a
 * probe may have come: then it saw again, and is blind a second time.
 */
static void blindness_told_and_not_ended_goes_on(void **state)
{
    struct house *house = *state;
    const char *story;
    int status;

    open_the_house(house);
    house_print(house, "full", "once\n");
    assert_int_equal(house_ping(house, "tag-1", 300, 10), 503);
    house_await_log(house, "essex/blind/1/1: blind");
    kill(house->breachd.pid, SIGTERM); // it leaves no log, so that the next one can start
    assert_true(child_ends(&house->breachd, PATIENCE_MS, &status));
    house_print(house, "full", "sync\n"); // it starts, and cannot commit that it sees again
    house_start(house, NULL);
    assert_int_equal(house_ping(house, "tag-1", 300, 10), 503);
    house_disk_drain(house);
    house_await_code(house, "/readyz", 200);
    assert_int_equal(house_ping(house, "tag-1", 300, 10), 200);
    story = house_story(house);
    if (strcmp(story, "blind blind/1/1\nsighted blind/1/2\nbreach A/home/1/1\n") != 0)
        assert_string_equal(story, "blind blind/1/1\nsighted blind/1/2\nblind blind/2/1\n"
                                   "sighted blind/2/2\nbreach A/home/1/1\n");
    assert_int_equal(house_redis_number(house, "HLEN {breachd}:open"), 1);
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(a_ping_that_matters_is_refused_and_may_come_again),
        house_test(while_it_lasts_everybody_can_see_it),
        house_test(with_room_again_the_same_ping_gives_one_breach),
        house_test(an_open_incident_survives_it),
        house_test(killed_while_it_is_full_it_starts_again_afterwards),
        house_test(a_start_on_a_disk_that_keeps_nothing_is_refused),
        house_test(what_comes_again_after_a_reload_waits_for_the_disk_too),
        house_test(blindness_told_and_not_ended_goes_on),
    };

    return cmocka_run_group_tests_name("full_disk", tests, NULL, NULL);
}
