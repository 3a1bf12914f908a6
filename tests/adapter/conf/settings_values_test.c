/* SPDX-License-Identifier: Apache-2.0 */
/* What a breachd.conf gives, and what it does not give, is what the settings have. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/settings_load.h"

static void what_is_not_given_has_its_default(void **state)
{
    struct complaints complaints = { 0 };
    (void)state;

    load(SITE, &complaints);
    assert_complaints("no complaint", &complaints, "");
    assert_string_equal(settings.timezone, "Europe/London");
    assert_string_equal(settings.orders, "./orders.d");
    assert_string_equal(settings.ledger, "/var/lib/breachd/ledger.db");
    assert_int_equal(settings.n_listen, 1);
    assert_string_equal(settings.listen[0].text, "127.0.0.1:8750");
    assert_int_equal(settings.limits.max_body, 1024 * 1024);
    assert_int_equal(settings.limits.max_connections, 1000);
    assert_int_equal(settings.limits.idle_ms, 60000);
    assert_string_equal(settings.redis.host, "127.0.0.1");
    assert_int_equal(settings.redis.port, 6379);
    assert_string_equal(settings.redis_password.file, "");
    assert_string_equal(settings.redis_password.text, "");
    assert_string_equal(settings.prefix, "breachd");
    assert_int_equal(settings.alerts_keep, 1000000);
    assert_int_equal(settings.heartbeat_ms, 5000);
    assert_string_equal(settings.mqtt.host, "");
    assert_int_equal(settings.mqtt_topics.n, 1);
    assert_string_equal(settings.mqtt_topics.of[0], "owntracks/+/+");
    assert_false(settings.mqtt_by_topic);
    assert_string_equal(settings.mqtt_client, "");
    assert_int_equal(settings.detect.update_ms, 60000);
    assert_int_equal(settings.detect.last_known_ms, 3600000);
    assert_false(settings.by_file);
    assert_int_equal(settings.ping_interval_ms, 15000);
    assert_true(settings.detect.unknown_accuracy == 30);
    assert_true(fabs(settings.detect.possible - 0.25) < 1e-9 &&
                fabs(settings.detect.breach - 0.7) < 1e-9 &&
                fabs(settings.detect.breach_outside - 0.94) < 1e-9 &&
                fabs(settings.detect.cleared - 0.05) < 1e-9);
    assert_true(fabs(settings.detect.way - 0.35) < 1e-9 &&
                fabs(settings.detect.way_before - 0.2) < 1e-9);
    assert_true(settings.detect.coarse == 200 && settings.detect.reach_speed == 13.4);
    assert_int_equal(settings.detect.path_ms, 300000);
    assert_int_equal(settings.detect.late_ms, 600000);
    assert_int_equal(settings.detect.lag_most_ms, 7 * 86400000);
    assert_int_equal(settings.detect.approach_ms, 300000);
    assert_int_equal(settings.detect.silent_least_ms, 300000);
    assert_int_equal(settings.detect.silent_ms, 3600000);
    assert_true(settings.detect.closing_speed == 0.5);
}

static void what_is_given_is_taken(void **state)
{
    struct complaints complaints = { 0 };
    (void)state;

    scratch_write("secret", "open sesame\r\nand no more\n");
    load(SITE "timezone = Europe/Dublin\norders = /srv/orders\nreload = by-file\n"
              "[ledger]\npath = state/ledger.db\n"
              "[http]\nlisten = 127.0.0.1:1, [::1]:2 unix:door\nmax-body = 64 KiB\n"
              "max-connections = 7\nidle = 5m\n"
              "[redis]\nurl = redis://b@h:7/3\npassword-file = secret\nprefix = p-1\n"
              "alerts-keep = 1000\nheartbeat = 1h\n"
              "[mqtt]\nurl = mqtts://m@b:9\npassword-file = secret\ntopics = a/+, b/#\n"
              "client-id = c-1\ntls-ca = ca.pem\ndevice = topic\n"
              "[detect]\nupdate = 90s\nlast-known = 2h\nping-interval = 1m\n"
              "unknown-accuracy = 0.1 km\nclosing-speed = 1.25 m/s\n",
         &complaints);
    assert_complaints("no complaint", &complaints, "");
    assert_string_equal(settings.file, "breachd.conf");
    assert_string_equal(settings.site, "essex");
    assert_true(settings.region.sw.lat == 51.4 && settings.region.sw.lon == -0.1);
    assert_true(settings.region.ne.lat == 52.1 && settings.region.ne.lon == 1.4);
    assert_string_equal(settings.timezone, "Europe/Dublin");
    assert_string_equal(settings.orders, "/srv/orders");
    assert_true(settings.by_file);
    assert_string_equal(settings.ledger, "./state/ledger.db");
    assert_int_equal(settings.n_listen, 3);
    assert_string_equal(settings.listen[1].text, "[::1]:2");
    assert_int_equal(settings.limits.max_body, 65536);
    assert_int_equal(settings.limits.max_connections, 7);
    assert_int_equal(settings.limits.idle_ms, 300000);
    assert_string_equal(settings.redis.user, "b");
    assert_int_equal(settings.redis.db, 3);
    assert_string_equal(settings.mqtt.host, "b");
    assert_true(settings.mqtt.secure && settings.mqtt.port == 9);
    assert_string_equal(settings.mqtt.user, "m");
    assert_string_equal(settings.mqtt_password.text, "open sesame");
    assert_string_equal(settings.mqtt_topics.of[1], "b/#");
    assert_true(settings.mqtt_by_topic);
    assert_string_equal(settings.mqtt_client, "c-1");
    assert_string_equal(settings.mqtt_ca, "./ca.pem");
    assert_string_equal(settings.redis_password.text, "open sesame");
    assert_string_equal(settings.prefix, "p-1");
    assert_int_equal(settings.alerts_keep, 1000);
    assert_int_equal(settings.heartbeat_ms, 3600000);
    assert_int_equal(settings.detect.update_ms, 90000);
    assert_int_equal(settings.detect.last_known_ms, 7200000);
    assert_int_equal(settings.ping_interval_ms, 60000);
    assert_true(settings.detect.unknown_accuracy == 100);
    assert_true(settings.detect.closing_speed == 1.25);
}

static void relative_paths_count_from_the_files_folder(void **state)
{
    struct complaints complaints = { 0 };
    (void)state;

    scratch_write("etc/breachd.conf", SITE "[ledger]\npath = l.db\n[redis]\nurl = unix:r.sock\n"
                                           "[http]\nlisten = unix:h.sock\n");
    settings_load("etc/breachd.conf", &settings, &complaints);
    assert_complaints("no complaint", &complaints, "");
    assert_string_equal(settings.orders, "etc/orders.d");
    assert_string_equal(settings.ledger, "etc/l.db");
    assert_string_equal(settings.redis.path, "etc/r.sock");
    assert_string_equal(((struct sockaddr_un *)&settings.listen[0].address)->sun_path,
                        "etc/h.sock");
}

/* Cut short it would be a wrong password, and nobody would know why. */
static void a_password_is_a_whole_first_line(void **state)
{
    struct complaints complaints = { 0 };
    char long_line[2 * PASSWORD_MAX];
    (void)state;

    memset(long_line, 'x', sizeof long_line - 1);
    long_line[sizeof long_line - 1] = '\0';
    load(SITE "[redis]\npassword-file = secret\n", &complaints);
    assert_complaints("none", &complaints,
                      AT(5) "password-file: ./secret: No such file or directory\n");
    scratch_write("secret", "\nopen sesame\n");
    load(SITE "[redis]\npassword-file = secret\n", &complaints);
    assert_complaints("empty", &complaints,
                      AT(5) "password-file: ./secret: its first line is empty\n");
    scratch_write("secret", long_line);
    load(SITE "[redis]\npassword-file = secret\n", &complaints);
    assert_complaints(
        "long", &complaints,
        AT(5) "password-file: ./secret: its first line is longer than 510 characters\n");
    scratch_write("secret", "no end");
    load(SITE "[redis]\npassword-file = secret\n", &complaints);
    assert_complaints("without a line end", &complaints, "");
    assert_string_equal(settings.redis_password.text, "no end");
    assert_int_equal(unlink("secret"), 0);
    assert_int_equal(mkfifo("secret", 0600), 0);
    load(SITE "[redis]\npassword-file = secret\n", &complaints);
    assert_complaints("a FIFO", &complaints, AT(5) "password-file: ./secret: is no regular file\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(what_is_not_given_has_its_default),
        scratch_test(what_is_given_is_taken),
        scratch_test(relative_paths_count_from_the_files_folder),
        scratch_test(a_password_is_a_whole_first_line),
    };

    return cmocka_run_group_tests_name("settings_values", tests, NULL, NULL);
}
