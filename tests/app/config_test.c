/* SPDX-License-Identifier: Apache-2.0 */
/* What a reload is refused for: all of it at once, each complaint with its line. */
#include "app/config.h"

#include "support/scratch.h"
#include "support/test.h"

#define ORDER                                                                                      \
    "[order A]\nkind = DVPO\nrespondent = R\ndevices = tag-1\nmonitoring = consent\n"              \
    "from = 2020-06-09T12:00:00Z\nserved = 2020-06-09T12:00:00Z\nuntil = 2020-06-30T12:00:00Z\n"   \
    "[zone A/home]\ncentre = 51.5, 0.4\nradius = 200 m\n"

static struct config *load(const char *says, const char *settings, const struct config *running,
                           const char *want)
{
    struct complaints complaints = { 0 };
    struct config *config;

    scratch_write("breachd.conf", settings);
    config = config_load(&(struct config_options){ .path = "breachd.conf", .running = running },
                         NULL, &complaints);
    assert_complaints(says, &complaints, want);
    return config;
}

static const char good[] = "[site]\nname = essex\nregion = 51,0 52,1\n"
                           "[http]\nlisten = 127.0.0.1:1\n";

#define STAYS(what) ": cannot change without a restart: \"" what "\" is in force\n"

static const struct row {
    const char *says, *settings, *want;
} rows[] = {
    { "what cannot change is named beside what is wrong",
      "[site]\nname = kent\nregion = 51,0 52,1\ntimezone = Europe/Nowhere\norders = other.d\n"
      "[http]\nlisten = 127.0.0.1:1\nidle = 0s\ntls-certificate = none\ntls-key = none\n"
      "tokens = tokens\n",
      "breachd.conf:8: idle: 0s is outside 1s..1h\n"
      "breachd.conf:2: name" STAYS("essex") "breachd.conf:4: timezone" STAYS(
          "Europe/London") "breachd.conf:9: [http] tls: ./none: No such file or directory\n"
                           "./tokens:1: a: not the 64 hexadecimal digits of a SHA-256\n"
                           "./other.d/a.conf:12: colour: no such key here\n" },
    { "what was wrong already is not what cannot change too",
      "[site]\nname = ?\n[http]\nlisten = 127.0.0.1:2\n",
      "breachd.conf:2: name: \"?\" is not 1..64 letters, digits, - _ .\n"
      "breachd.conf: [site] region: must be given\n"
      "breachd.conf:4: listen" STAYS("127.0.0.1:1") },
};

static void every_complaint_of_a_reload_comes_at_once(void **state)
{
    struct config *running, *fresh;

    (void)state;
    scratch_write("orders.d/a.conf", ORDER);
    scratch_write("other.d/a.conf", ORDER "colour = red\n");
    scratch_write("tokens", "a\n");
    running = load("at first", good, NULL, "");
    assert_non_null(running);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_null(load(rows[i].says, rows[i].settings, running, rows[i].want));
    fresh = load("the same again", good, running, "");
    assert_non_null(fresh);
    config_destroy(fresh);
    config_destroy(running);
}

/* At the start there is nothing that could not change. */
static void a_time_zone_that_is_none_is_told_with_its_line(void **state)
{
    (void)state;
    scratch_write("orders.d/a.conf", ORDER);
    assert_null(load("no zone", "[site]\nname = a\nregion = 51,0 52,1\ntimezone = Essex\n", NULL,
                     "breachd.conf:4: timezone: \"Essex\" is no time zone of "
                     "/usr/share/zoneinfo\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(every_complaint_of_a_reload_comes_at_once),
        scratch_test(a_time_zone_that_is_none_is_told_with_its_line),
    };

    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
