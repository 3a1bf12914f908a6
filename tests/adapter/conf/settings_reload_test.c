/* SPDX-License-Identifier: Apache-2.0 */
/* What a reload does with each key that it changes: refuses it, takes it, makes something anew. */
#include "adapter/absolute.h"
#include "adapter/conf/settings_parts.h"

#include <stdio.h>
#include <string.h>

#include "support/settings_load.h"

/* Every key there is: the file of a row's test has all of them, each in a section of its own. */
static const struct row {
    const char *section, *key, *was, *becomes;
    unsigned anew;
} rows[] = {
    { "site", "name", "essex", "kent", SETTINGS_FIXED },
    { "site", "region", "51.4,-0.1 52.1,1.4", "51.4,-0.1 52.1,1.5", SETTINGS_LIVE },
    { "site", "timezone", "Europe/London", "Europe/Dublin", SETTINGS_FIXED },
    { "site", "orders", "a", "b", SETTINGS_LIVE },
    { "ledger", "path", "/srv/a.db", "/srv/b.db", SETTINGS_FIXED },
    { "ledger", "retention", "28d", "29d", SETTINGS_LIVE },
    { "ledger", "evidence-retention", "0s", "2190d", SETTINGS_LIVE },
    { "ledger", "device-day", "64 MiB", "65 MiB", SETTINGS_LIVE },
    { "ledger", "spare", "64 MiB", "65 MiB", SETTINGS_LIVE },
    { "ledger", "signing-key", "a", "b", SETTINGS_LIVE },
    { "http", "listen", "127.0.0.1:1, unix:/a", "127.0.0.1:1, unix:/b", SETTINGS_FIXED },
    { "http", "tls-certificate", "a", "b", SETTINGS_TLS },
    { "http", "tls-key", "a", "b", SETTINGS_TLS },
    { "http", "tls-client-ca", "a", "b", SETTINGS_TLS },
    { "http", "tokens", "a", "b", SETTINGS_LIVE },
    { "http", "rate", "1000", "0", SETTINGS_LIVE },
    { "http", "max-body", "1 MiB", "2 MiB", SETTINGS_LIVE },
    { "http", "max-connections", "1000", "1", SETTINGS_LIVE },
    { "http", "max-per-address", "200", "201", SETTINGS_LIVE },
    { "http", "idle", "60s", "61s", SETTINGS_LIVE },
    { "http", "request", "20s", "21s", SETTINGS_LIVE },
    { "redis", "url", "rediss://u@h:1/0", "rediss://u@h:1/1", SETTINGS_REDIS },
    { "redis", "tls-ca", "a", "b", SETTINGS_REDIS },
    { "redis", "tls-certificate", "a", "b", SETTINGS_REDIS },
    { "redis", "tls-key", "a", "b", SETTINGS_REDIS },
    { "redis", "password-file", "swordfish", "sesame", SETTINGS_REDIS },
    { "redis", "prefix", "a", "b", SETTINGS_REDIS },
    { "redis", "alerts-keep", "1000", "1001", SETTINGS_ALERTS },
    { "redis", "heartbeat", "5s", "6s", SETTINGS_ALERTS },
    { "redis", "pings", "off", "on", SETTINGS_PINGS },
    { "alerts", "position", "full", "none", SETTINGS_LIVE },
    { "alerts", "remind", "5m", "6m", SETTINGS_LIVE },
    { "mqtt", "url", "mqtts://u@h:1", "mqtts://u@h:2", SETTINGS_MQTT },
    { "mqtt", "password-file", "swordfish", "sesame", SETTINGS_MQTT },
    { "mqtt", "topics", "a/+, b/#", "a/+, c/#", SETTINGS_MQTT },
    { "mqtt", "device", "topic", "any", SETTINGS_LIVE },
    { "site", "reload", "by-file", "whole", SETTINGS_LIVE },
    { "mqtt", "client-id", "a", "b", SETTINGS_MQTT },
    { "mqtt", "tls-ca", "a", "b", SETTINGS_TLS },
    { "detect", "update", "60s", "61s", SETTINGS_LIVE },
    { "detect", "last-known", "1h", "2h", SETTINGS_LIVE },
    { "detect", "ping-interval", "15s", "16s", SETTINGS_LIVE },
    { "detect", "unknown-accuracy", "30 m", "31 m", SETTINGS_LIVE },
    { "detect", "coarse", "200 m", "201 m", SETTINGS_LIVE },
    { "detect", "probability-possible", "25 %", "26 %", SETTINGS_LIVE },
    { "detect", "probability-breach", "70 %", "71 %", SETTINGS_LIVE },
    { "detect", "probability-breach-outside", "94 %", "95 %", SETTINGS_LIVE },
    { "detect", "probability-cleared", "5 %", "6 %", SETTINGS_LIVE },
    { "detect", "probability-way", "35 %", "36 %", SETTINGS_LIVE },
    { "detect", "probability-way-before", "20 %", "21 %", SETTINGS_LIVE },
    { "detect", "path", "5m", "6m", SETTINGS_LIVE },
    { "detect", "late", "10m", "11m", SETTINGS_LIVE },
    { "detect", "clock-lag-most", "7d", "8d", SETTINGS_LIVE },
    { "detect", "approach", "5m", "6m", SETTINGS_LIVE },
    { "detect", "closing-speed", "0.5 m/s", "0.6 m/s", SETTINGS_LIVE },
    { "detect", "reach-speed", "13.4 m/s", "13.5 m/s", SETTINGS_LIVE },
    { "detect", "mast", "2 km", "3 km", SETTINGS_LIVE },
    { "detect", "rest-reach", "1 km", "2 km", SETTINGS_LIVE },
    { "detect", "silent-least", "5m", "6m", SETTINGS_LIVE },
    { "alerts", "device-interval", "5m", "6m", SETTINGS_LIVE },
    { "alerts", "device-day", "500", "501", SETTINGS_LIVE },
    { "alerts", "silent-after", "1h", "2h", SETTINGS_LIVE },
    { "alerts", "no-fix-after", "0s", "1m", SETTINGS_LIVE },
};

enum { ROWS = sizeof rows / sizeof *rows, LINES_A_ROW = 2, NONE = -1, ALL = ROWS };

static struct settings running;

static void ignore(const char *line, bool is_threshold, void *arg)
{
    (void)line;
    (void)is_threshold;
    (void)arg;
}

/* A good file whose row number `changed` (NONE, ALL) says what it becomes. */
static void load_rows(int changed)
{
    static char text[ROWS * 128];
    struct complaints complaints = { 0 };
    int n = 0;

    for (int i = 0; i < ROWS; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, "[%s]\n%s = %s\n", rows[i].section,
                      rows[i].key, i == changed || changed == ALL ? rows[i].becomes : rows[i].was);
    scratch_write("swordfish", "swordfish\n");
    scratch_write("sesame", "sesame\n");
    load(text, &complaints);
    assert_int_equal(complaints.errors, 0);
    complaints_fini(&complaints);
}

static void load_good(const char *text)
{
    struct complaints complaints = { 0 };

    load(text, &complaints);
    assert_complaints(text, &complaints, "");
}

static void assert_refused(const char *says, const char *want)
{
    struct complaints complaints = { 0 };

    settings_check_reload(&running, &settings, &complaints);
    assert_complaints(says, &complaints, want);
}

/* The value of the key is another one, that of no other key is; what follows is the row's. */
static void row_holds(void **state)
{
    const struct row *row = *state;
    int nth = (int)(row - rows);
    char want[256] = "";

    load_rows(NONE);
    running = settings;
    load_rows(nth);
    for (size_t i = 0; i < settings_keys_n; i++) {
        bool is_it = strcmp(settings_keys[i].section, row->section) == 0 &&
                     strcmp(settings_keys[i].key, row->key) == 0;

        assert_int_equal(settings_same(&settings_keys[i], &running, &settings), !is_it);
    }
    assert_int_equal(settings_anew(&running, &settings), row->anew);
    assert_int_equal(settings_compare(&running, &settings, ignore, NULL),
                     row->anew != SETTINGS_FIXED); // settings_compare_test.c has the words
    if (row->anew == SETTINGS_FIXED)
        snprintf(want, sizeof want,
                 "breachd.conf:%d: %s: cannot change without a restart: \"%s\" is in force\n",
                 (nth + 1) * LINES_A_ROW, row->key, row->was);
    assert_refused(row->key, want);
}

static void each_key_has_a_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < settings_keys_n; i++) {
        size_t found = 0;

        for (size_t j = 0; j < ROWS; j++)
            found += strcmp(rows[j].section, settings_keys[i].section) == 0 &&
                     strcmp(rows[j].key, settings_keys[i].key) == 0;
        if (found != 1)
            fail_msg("[%s] %s: has %zu rows", settings_keys[i].section, settings_keys[i].key,
                     found);
    }
    assert_int_equal(settings_keys_n, ROWS);
}

static void all_that_cannot_change_is_complained_of_at_once(void **state)
{
    (void)state;
    load_rows(NONE);
    running = settings;
    load_rows(ALL);
    assert_int_equal(settings_anew(&running, &settings),
                     SETTINGS_FIXED | SETTINGS_REDIS | SETTINGS_MQTT | SETTINGS_TLS);
    assert_refused("all of it",
                   AT(2) "name: cannot change without a restart: \"essex\" is in force\n" AT(
                       6) "timezone: cannot change without a restart: \"Europe/London\" is in "
                          "force\n" AT(10) "path: cannot change without a restart: \"/srv/a.db\" "
                                           "is in force\n" AT(22) "listen: cannot change without a "
                                                                  "restart: \"127.0.0.1:1, "
                                                                  "unix:/a\" is in force\n");
}

/* What is not in the file has its default, and no line. */
static void a_key_taken_out_is_complained_of_by_its_section(void **state)
{
    (void)state;
    load_good(SITE "timezone = Europe/Dublin\n");
    running = settings;
    load_good(SITE);
    assert_refused("its default", "breachd.conf: [site] timezone: cannot change without a restart: "
                                  "\"Europe/Dublin\" is in force\n");
}

static void what_was_refused_already_is_not_complained_of_again(void **state)
{
    struct complaints complaints = { 0 };

    (void)state;
    load_good(SITE);
    running = settings;
    load("[site]\nname = ?\ntimezone = Europe/Dublin\n[http]\nlisten = 127.0.0.1:2, ?\n",
         &complaints);
    assert_int_equal(complaints.errors, 3); // and a region
    complaints_fini(&complaints);
    assert_refused("the rest is", AT(3) "timezone: cannot change without a restart: "
                                        "\"Europe/London\" is in force\n");
    settings_load("none.conf", &settings, &complaints);
    complaints_fini(&complaints);
    assert_refused("no file says nothing", "");
}

static void the_same_in_other_words_changes_nothing(void **state)
{
    (void)state;
    load_good(SITE "[http]\nlisten = 127.0.0.1:1, [::1]:2\nidle = 60s\nmax-body = 1 MiB\n"
                   "[redis]\nurl = redis://h\n"
                   "[mqtt]\nurl = mqtt://h\ntopics = a/+, b/+\ndevice = topic\n"
                   "[detect]\nmast = 2 km\n");
    running = settings;
    load_good("[detect]\nmast = 2000 m\nlate = 10m\n[mqtt]\ndevice = topic\ntopics = a/+ b/+\n"
              "url = mqtt://h:1883\n[redis]\nurl = redis://h:6379/0\nprefix = breachd\n"
              "[http]\nmax-body = 1024 KiB\nidle = 1m\nlisten = 127.0.0.1:1 [::1]:2\n" SITE
              "timezone = Europe/London\norders = orders.d\n");
    assert_refused("the same", "");
    assert_int_equal(settings_anew(&running, &settings), SETTINGS_LIVE);
}

/* After a start by the last good rules, which are kept so, every later reload was refused. */
static void a_path_may_be_absolute_and_is_the_same(void **state)
{
    (void)state;
    load_good(SITE "[ledger]\npath = ledger.db\n");
    running = settings;
    absolute_path(settings.ledger, running.ledger, sizeof running.ledger);
    assert_refused("the same file", "");
    absolute_path("elsewhere.db", running.ledger, sizeof running.ledger);
    assert_false(strcmp(running.ledger, settings.ledger) == 0);
    for (size_t i = 0; i < settings_keys_n; i++) {
        if (strcmp(settings_keys[i].section, "ledger") == 0 &&
            strcmp(settings_keys[i].key, "path") == 0)
            assert_false(settings_same(&settings_keys[i], &running, &settings));
    }
}

#define PASSWORDS                                                                                  \
    "[redis]\npassword-file = a\n[mqtt]\nurl = mqtt://u@h\ndevice = topic\npassword-file = "

static void a_password_is_what_stands_in_its_file(void **state)
{
    (void)state;
    scratch_write("a", "swordfish\n");
    scratch_write("b", "swordfish\nand more\n");
    load_good(SITE PASSWORDS "a\n");
    running = settings;
    load_good(SITE PASSWORDS "b\n");
    assert_int_equal(settings_anew(&running, &settings), SETTINGS_LIVE);
    scratch_write("a", "sesame\n");
    load_good(SITE PASSWORDS "b\n");
    assert_int_equal(settings_anew(&running, &settings), SETTINGS_REDIS);
    load_good(SITE PASSWORDS "a\n");
    assert_int_equal(settings_anew(&running, &settings), SETTINGS_REDIS | SETTINGS_MQTT);
}

#define X100                                                                                       \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
    "xxxxxxxx"

static void a_long_url_is_told_by_its_end_too(void **state)
{
    (void)state;
    load_good(SITE "[redis]\nurl = redis://" X100 X100 ":1/1\n"
                   "[mqtt]\nurl = mqtt://" X100 X100 ":1\ndevice = topic\n");
    running = settings;
    load_good(SITE "[redis]\nurl = redis://" X100 X100 ":1/2\n"
                   "[mqtt]\nurl = mqtt://" X100 X100 ":2\ndevice = topic\n");
    assert_int_equal(settings_anew(&running, &settings), SETTINGS_REDIS | SETTINGS_MQTT);
}

int main(void)
{
    struct CMUnitTest tests[8 + ROWS] = {
        scratch_test(a_path_may_be_absolute_and_is_the_same),
        cmocka_unit_test(each_key_has_a_row),
        scratch_test(all_that_cannot_change_is_complained_of_at_once),
        scratch_test(a_key_taken_out_is_complained_of_by_its_section),
        scratch_test(what_was_refused_already_is_not_complained_of_again),
        scratch_test(the_same_in_other_words_changes_nothing),
        scratch_test(a_password_is_what_stands_in_its_file),
        scratch_test(a_long_url_is_told_by_its_end_too),
    };

    for (size_t i = 0; i < ROWS; i++)
        tests[8 + i] = (struct CMUnitTest){ rows[i].key, row_holds, scratch_setup, scratch_teardown,
                                            (void *)&rows[i] };
    return cmocka_run_group_tests_name("settings_reload", tests, NULL, NULL);
}
