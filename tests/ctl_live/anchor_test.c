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

static void stop(struct house *house)
{
    int status;

    kill(house->breachd.pid, SIGTERM);
    assert_true(child_ends(&house->breachd, PATIENCE_MS, &status));
}

/* An exercise of so long ago, and then in earnest: its ledger is older than a day, or not. */
static void live_since(struct house *house, int hours)
{
    house->base = time(NULL) - hours * HOUR_S;
    house_open(house, "", "--rehearse");
    house_ping(house, "tag-1", 0, 900);
    house_ping(house, "tag-1", 60, 100);
    house_settle(house);
    stop(house);
    house_start(house, NULL);
}

static size_t count_anchors(struct house *house, const json_t **out_newest)
{
    const json_t *alert;
    size_t i, n = 0;

    house_gather(house);
    for (i = 0; (alert = json_array_get(house->alerts, i)) != NULL; i++) {
        if (strcmp(alert_text(alert, "type"), "breachd.chain") != 0)
            continue;
        n++;
        *out_newest = alert;
    }
    return n;
}

static void keep_events(struct house *house)
{
    const json_t *alert;
    char *text = NULL;
    size_t size, i;
    FILE *out = open_memstream(&text, &size);

    for (i = 0; (alert = json_array_get(house->alerts, i)) != NULL; i++) {
        json_dumpf(alert, out, JSON_COMPACT);
        fputc('\n', out);
    }
    fclose(out);
    house_write(house, "kept", text, size);
    free(text);
}

static int verify(struct house *house)
{
    return house_ctl(house, "verify", "--ledger", house_path(house, "ledger.db").text, "--anchors",
                     house_path(house, "kept").text, NULL);
}

static void a_chain_older_than_a_day_is_told_once(void **state)
{
    struct house *house = *state;
    const json_t *anchor = NULL;
    char digest[65], reason[128];
    long long number;

    live_since(house, 30);
    while (count_anchors(house, &anchor) == 0)
        ;
    number = ctl_fixture_number(house, "SELECT max(number) FROM entry WHERE kind = 'state'");
    ctl_fixture_text(house,
                     "SELECT lower(hex(digest)) FROM entry WHERE number ="
                     " (SELECT max(number) FROM entry WHERE kind = 'state')",
                     digest, sizeof digest);
    snprintf(reason, sizeof reason, "newest link %lld %s", number, digest);
    assert_string_equal(alert_text(anchor, "data.reason"), reason);
    assert_string_equal(alert_text(anchor, "data.severity"), "info");
    assert_string_equal(alert_text(anchor, "subject"), "essex");
    assert_int_equal(strncmp(alert_text(anchor, "id"), "essex/chain/1", 13), 0);
    assert_true(json_is_null(alert_at(anchor, "data.incident")));
    stop(house);
    house_start(house, NULL);
    house_ping(house, "tag-1", 30 * HOUR_S + 1, 100);
    house_settle(house);
    assert_int_equal(count_anchors(house, &anchor), 1);
    keep_events(house);
    ctl_fixture_agrees(house);
    assert_int_equal(verify(house), 0);
    assert_non_null(strstr(house_ctl_said(house), "1 of 1 links told outside are in it\n"));
    house_close(house);
}

static void one_of_today_is_not_told(void **state)
{
    struct house *house = *state;
    const json_t *anchor = NULL;

    live_since(house, 20);
    house_ping(house, "tag-1", 20 * HOUR_S + 1, 100); // its alert comes after what the start tells
    house_settle(house);
    assert_int_equal(count_anchors(house, &anchor), 0);
    house_close(house);
}

/* Everything made anew so that it holds; but it is not what was told. */
static void a_chain_made_anew_is_found_by_what_was_told(void **state)
{
    struct house *house = *state;
    const json_t *anchor = NULL;

    live_since(house, 30);
    while (count_anchors(house, &anchor) == 0)
        ;
    keep_events(house);
    stop(house);
    house_remove(house, "ledger.db");
    house_remove(house, "ledger.db-wal");
    house_remove(house, "ledger.db-lock");
    house_start(house, "--rehearse", NULL);
    for (int i = 0; i < 40; i++)
        house_ping(house, "tag-1", 60 * i, 100 + 10 * (i % 2));
    house_settle(house);
    house_ctl(house, "verify", "--ledger", house_path(house, "ledger.db").text, NULL);
    assert_non_null(strstr(house_ctl_said(house), "the chain holds"));
    assert_int_equal(verify(house), 1);
    assert_non_null(strstr(house_ctl_said(house), "told outside"));
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(a_chain_older_than_a_day_is_told_once),
        house_test(one_of_today_is_not_told),
        house_test(a_chain_made_anew_is_found_by_what_was_told),
    };

    return cmocka_run_group_tests_name("anchor", tests, NULL, NULL);
}
