/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl watch: what is shown of an alert, of which, and how. */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl_live/watch_live.h"

static void one_line_an_alert(void **state)
{
    struct testbed *testbed = *state;
    struct child watch;

    open_calmly(testbed);
    watch = watch_first(testbed, 1);
    publish(testbed, 1, 4);
    testbed_ctl_await(testbed, "alert 4");
    assert_int_equal(testbed_ctl_stop(&watch), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed),
                           "2020-06-23 20:00:00  critical  breach         A/home/1 in Basildon: "
                           "alert 2  ("));
    assert_null(strstr(testbed_ctl_said(testbed), "HEARTBEAT"));
    assert_null(strstr(testbed_ctl_said(testbed), "MISSING"));
    assert_null(strstr(testbed_ctl_said(testbed), "\033")); // no terminal, no colours
    testbed_close(testbed);
}

static void only_what_was_asked_for_is_shown(void **state)
{
    static const struct {
        const char *option, *value, *last, *not_shown;
    } asked[] = {
        { "--area", "Harlow", "alert 4", "alert 2" },
        { "--area", "Basildon", "alert 2", "alert 3" },
        { "--severity", "critical", "alert 3", "alert 1" },
        { "--severity", "warning", "alert 3", "alert 4" },
    };
    struct testbed *testbed = *state;
    struct child watch;

    open_calmly(testbed);
    publish(testbed, 0, 4);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        watch = testbed_ctl_start(testbed, "watch", "--since", "1h", asked[i].option,
                                  asked[i].value, NULL);
        testbed_ctl_await(testbed, asked[i].last);
        assert_int_equal(testbed_ctl_stop(&watch), 0);
        assert_null(strstr(testbed_ctl_said(testbed), asked[i].not_shown));
    }
    assert_int_equal(testbed_ctl(testbed, "watch", "--severity", "loud", NULL), 2);
    assert_int_equal(testbed_ctl(testbed, "watch", "--since", "yesterday", NULL), 2);
    testbed_close(testbed);
}

/* Of an incident that was shown; what only was its end is not. */
static void with_grave_alerts_alone_who_takes_it_is_shown(void **state)
{
    static const struct made words[] = {
        { 5, "acked", "info", "Basildon", "A/home/1", LONG_AGO },
        { 6, "acked", "info", "Harlow", "C/home/1", LONG_AGO },
        { 7, "closed", "info", "Harlow", "B/home/1", LONG_AGO },
    };
    struct testbed *testbed = *state;
    struct child watch;

    open_calmly(testbed);
    publish(testbed, 0, 4);
    watch = testbed_ctl_start(testbed, "watch", "--since", "1h", "--severity", "critical", NULL);
    testbed_ctl_await(testbed, "alert 3");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        ctl_live_publish(testbed, &words[i]);
    testbed_ctl_await(testbed, "alert 5");
    testbed_ctl_await(testbed, "alert 7");
    assert_int_equal(testbed_ctl_stop(&watch), 0);
    assert_null(strstr(testbed_ctl_said(testbed), "alert 4"));
    assert_null(strstr(testbed_ctl_said(testbed), "alert 6"));
    testbed_close(testbed);
}

/* Who reads of it later reads who has it, and not who had it then; but nobody had it once. */
static void what_is_read_later_stands_with_who_has_it_now(void **state)
{
    static const struct made last = {
        5, "escalated", "critical", "Basildon", "A/home/1", LONG_AGO
    };
    struct testbed *testbed = *state;
    char *event = ctl_live_event(&shown[1]);
    struct child watch;

    open_calmly(testbed);
    publish(testbed, 0, 4);
    ctl_live_publish(testbed, &last);
    freeReplyObject(testbed_redis(
        testbed, "HSET {breachd}:todo A/home/1 {\"alert\":%s,\"by\":\"mia\",\"note\":null}",
        event));
    free(event);
    watch = testbed_ctl_start(testbed, "watch", "--since", "1h", NULL);
    testbed_ctl_await(testbed, "alert 5");
    assert_int_equal(testbed_ctl_stop(&watch), 0);
    assert_non_null(
        strstr(testbed_ctl_said(testbed), "breach         A/home/1 in Basildon [mia]: alert 2"));
    assert_non_null(
        strstr(testbed_ctl_said(testbed), "escalated      A/home/1 in Basildon: alert 5"));
    testbed_close(testbed);
}

static void as_json_it_is_the_event(void **state)
{
    struct testbed *testbed = *state;
    struct child watch;
    json_t *event;

    open_calmly(testbed);
    publish(testbed, 1, 2);
    watch = testbed_ctl_start(testbed, "watch", "--json", NULL);
    testbed_ctl_await(testbed, "\n");
    assert_int_equal(testbed_ctl_stop(&watch), 0);
    event = json_loads(testbed_ctl_said(testbed), 0, NULL);
    assert_string_equal(alert_text(event, "data.incident"), "A/home/1");
    assert_string_equal(alert_text(event, "sequence"), "2");
    json_decref(event);
    testbed_close(testbed);
}

/* No alert carries it: `todo` has it, in the same step in which the alert stands in the record. */
static void what_was_noted_stands_with_who_took_it(void **state)
{
    struct testbed *testbed = *state;
    struct child watch;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    watch = testbed_ctl_start(testbed, "watch", NULL);
    testbed_ctl_await(testbed, "breach         A/home/1 in Basildon: ");
    freeReplyObject(testbed_redis(testbed, "XADD {breachd}:acks * incident A/home/1 action ack by "
                                           "PC-42 note car-12"));
    testbed_ctl_await(testbed, "acked          A/home/1 in Basildon [PC-42: car-12]: taken by");
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 12), 200);
    testbed_ctl_await(testbed, "update         A/home/1 in Basildon [PC-42: car-12]: ");
    end(testbed, &watch);
}

static void who_has_it_is_shown_with_what_follows(void **state)
{
    struct testbed *testbed = *state;
    struct child watch;

    ctl_live_open(testbed, NULL);
    watch = testbed_ctl_start(testbed, "watch", NULL);
    ctl_live_breach(testbed);
    testbed_ctl_await(testbed, "breach         A/home/1 in Basildon: "); // nobody has it yet
    ctl_live_say(testbed, "A/home/1", "ack", "PC 42", "");
    ctl_live_await(testbed, "{breachd}:alerts", 2);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 12), 200);
    testbed_ctl_await(testbed, "update         A/home/1 in Basildon [PC 42]: ");
    end(testbed, &watch);
}

/* The terminal that breachctl writes to, as far as it is read: up to `text`. */
static void read_terminal(int terminal, char *screen, size_t size, const char *text)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    size_t n = 0;

    while (strstr(screen, text) == NULL) {
        ssize_t got =
            wait_for(terminal, POLLIN, deadline) ? read(terminal, screen + n, size - n - 1) : 0;

        if (got <= 0)
            fail_msg("no %s on the terminal, but: %s", text, screen);
        n += (size_t)got;
        screen[n] = '\0';
    }
}

static void on_a_terminal_the_colour_tells_how_grave(void **state)
{
    struct testbed *testbed = *state;
    char screen[4096] = "";
    int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct child watch;

    assert_true(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
    open_calmly(testbed);
    publish(testbed, 0, 4);
    watch = testbed_ctl_start_to(testbed, ptsname(terminal), "watch", NULL);
    read_terminal(terminal, screen, sizeof screen, "alert 4");
    assert_non_null(strstr(screen, "\033[33m2020-06-23 20:00:00  warning "));
    assert_non_null(strstr(screen, "\033[1;31m2020-06-23 20:00:00  critical "));
    assert_non_null(strstr(screen, "\033[2m2020-06-23 20:00:00  info "));
    if (strchr(screen, '\a') == NULL) // nobody has A/home/1
        read_terminal(terminal, memset(screen, 0, sizeof screen), sizeof screen, "\a");
    screen[0] = '\0';
    testbed_redis_number(testbed, "DEL {breachd}:heartbeat");
    read_terminal(terminal, screen, sizeof screen, "\a\033[1;37;41mNO HEARTBEAT"); // and a bell
    assert_int_equal(testbed_ctl_stop(&watch), 0);
    close(terminal);
    testbed_close(testbed);
}

static void kept_quiet_it_does_not_ring(void **state)
{
    static const struct made later = { 5, "update", "info", "Harlow", "B/home/1", LONG_AGO };
    struct testbed *testbed = *state;
    char screen[4096] = "";
    int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct child watch;

    assert_true(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
    open_calmly(testbed);
    publish(testbed, 0, 4);
    watch = testbed_ctl_start_to(testbed, ptsname(terminal), "watch", "--quiet", NULL);
    read_terminal(terminal, screen, sizeof screen, "alert 4");
    assert_null(strchr(screen, '\a'));
    ctl_live_publish(testbed, &later);
    read_terminal(terminal, memset(screen, 0, sizeof screen), sizeof screen, "alert 5");
    assert_null(strchr(screen, '\a'));
    assert_int_equal(testbed_ctl_stop(&watch), 0);
    close(terminal);
    testbed_close(testbed);
}

static void control_characters_do_not_reach_the_terminal(void **state)
{
    static const struct made bad = { 1,
                                     "breach\\u0009\\u001b[2J",
                                     "crit\\u001b[2J",
                                     "Bas\\u001b[2Jildon",
                                     "A/home/\\u0007",
                                     LONG_AGO };
    struct testbed *testbed = *state;
    struct child watch;

    open_calmly(testbed);
    ctl_live_publish(testbed, &bad);
    watch = testbed_ctl_start(testbed, "watch", NULL);
    testbed_ctl_await(testbed, "Bas\\u001B[2Jildon");
    assert_int_equal(testbed_ctl_stop(&watch), 0);
    assert_null(strpbrk(testbed_ctl_said(testbed), "\033\a"));
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(one_line_an_alert),
        testbed_test(only_what_was_asked_for_is_shown),
        testbed_test(with_grave_alerts_alone_who_takes_it_is_shown),
        testbed_test(what_is_read_later_stands_with_who_has_it_now),
        testbed_test(as_json_it_is_the_event),
        testbed_test(what_was_noted_stands_with_who_took_it),
        testbed_test(who_has_it_is_shown_with_what_follows),
        testbed_test(on_a_terminal_the_colour_tells_how_grave),
        testbed_test(kept_quiet_it_does_not_ring),
        testbed_test(control_characters_do_not_reach_the_terminal),
    };

    return cmocka_run_group_tests_name("watch_shown", tests, NULL, NULL);
}
