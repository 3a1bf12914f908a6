/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever is blind watched nobody: what is told of it afterwards, whatever ended it. */
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "support/house.h"
#include "support/test.h"

static void open_the_house(struct house *house)
{
    house_disk_fit(house);
    house_open(house, "", NULL);
}

static void go_blind(struct house *house)
{
    house_disk_fill(house);
    assert_int_equal(house_ping(house, "tag-1", 300, 10), 503);
    assert_true(house_has_header(house, "Retry-After"));
    assert_int_equal(house_get(house, "/readyz"), 503);
}

static int64_t wall_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* When the lock's file says that breachd lived, in ms since 1970. */
static int64_t last_life(const struct house *house)
{
    struct stat about;

    assert_int_equal(stat(house_path(house, "ledger.db-lock").text, &about), 0);
    return about.st_mtim.tv_sec * 1000 + about.st_mtim.tv_nsec / 1000000;
}

/* One a second, as the mark of life would be. */
static void await_next_beat(struct house *house)
{
    redisReply *first = house_redis(house, "GET {breachd}:heartbeat"), *next;
    int64_t deadline = now_ms() + PATIENCE_MS;
    bool same;

    do {
        next = house_redis(house, "GET {breachd}:heartbeat");
        same = next->str == NULL || (first->str != NULL && strcmp(next->str, first->str) == 0);
        freeReplyObject(next);
        if (now_ms() > deadline)
            fail_msg("no heartbeat follows");
    } while (same);
    freeReplyObject(first);
}

static void systemd_is_told_why_and_that_it_is_over(void **state)
{
    struct house *house = *state;

    open_the_house(house);
    go_blind(house);
    house_hear(house);
    assert_non_null(strstr(house->notes, "STATUS=blind: ledger: "));
    house_reload(house);
    assert_null(strstr(house->notes, "STATUS=watching")); // a reload makes nobody see
    house_hear(house);
    assert_null(strstr(house->notes, "STATUS=watching"));
    house_disk_drain(house);
    house_await_note(house, "STATUS=watching");
    house_await_code(house, "/readyz", 200);
    house_close(house);
}

/* Its last words were kept, so the blindness that it died in is ended by the next one. */
static void killed_while_blind_the_gap_begins_with_the_blindness(void **state)
{
    struct house *house = *state;
    int64_t before = wall_ms(), blind;
    const json_t *alert;

    open_the_house(house);
    go_blind(house);
    blind = wall_ms();
    for (int i = 0; i < 3; i++) // it goes on living, and watching nobody
        await_next_beat(house);
    assert_true(last_life(house) <= blind);
    assert_true(last_life(house) >= before - 2000);
    house_kill(house);
    house_disk_drain(house);
    house_start(house, NULL);
    house_await_metric(house, "breachd_alerts_total{type=\"sighted\"}", 1);
    house_gather(house);
    alert = json_array_get(house->alerts, json_array_size(house->alerts) - 1);
    assert_string_equal(alert_text(alert, "type"), "breachd.sighted");
    assert_non_null(strstr(alert_text(alert, "data.reason"), "nobody watched from "));
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(systemd_is_told_why_and_that_it_is_over),
        house_test(killed_while_blind_the_gap_begins_with_the_blindness),
    };

    return cmocka_run_group_tests_name("blindness", tests, NULL, NULL);
}
