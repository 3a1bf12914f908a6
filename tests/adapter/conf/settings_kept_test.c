/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The thresholds as the ledger keeps them: all of them, to the last bit, and none that cannot be.
 */
#include "adapter/json/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/scratch.h"
#include "support/test.h"

static struct settings load(const char *detect)
{
    struct complaints complaints = { 0 };
    struct settings settings;
    char text[1024];

    snprintf(text, sizeof text, "[site]\nname = essex\nregion = 51.2,-0.3 52.2,1.6\n%s", detect);
    scratch_write("breachd.conf", text);
    settings_load("breachd.conf", &settings, &complaints);
    assert_complaints(detect, &complaints, "");
    return settings;
}

static void they_come_back_with_site_and_timezone(void **state)
{
    struct settings was = load("timezone = Europe/Berlin\n[detect]\nupdate = 90s\n"
                               "last-known = 7m\nunknown-accuracy = 33.3 m\n"
                               "closing-speed = 0.7 m/s\n");
    struct settings is;
    unsigned engine;
    struct fault why;
    char *body = input_print_settings(&was);

    (void)state;
    assert_true(input_read_settings(body, &is, &engine, &why));
    assert_int_equal(engine, WATCH_ENGINE);
    assert_string_equal(is.site, "essex");
    assert_string_equal(is.timezone, "Europe/Berlin");
    assert_memory_equal(&is.detect, &was.detect, sizeof was.detect);
    free(body);
}

#define KINDS                                                                                      \
    "[devices uk-tags]\nmatch = buddi-*, sct-?1\naccuracy-percentile = 95.45\n"                    \
    "[devices phones]\nmatch = phone-*\nunknown-accuracy = 33.3 m\nsilent-after = 90m\n"           \
    "no-fix-after = 0s\nclock = trusted\n"                                                         \
    "[devices toys]\nmatch = *\nno-fix-after = 20m\nclock = untrusted\n"

/* In their order, as the first that matches counts. */
static void so_do_the_kinds_of_devices(void **state)
{
    struct settings was = load(KINDS), is;
    unsigned engine;
    struct fault why;
    char *body = input_print_settings(&was);

    (void)state;
    assert_true(input_read_settings(body, &is, &engine, &why));
    assert_int_equal(is.kinds.n, 3);
    assert_memory_equal(&is.kinds, &was.kinds, sizeof was.kinds);
    free(body);
}

/* A ledger of before has none, and its settings the digest that they always had. */
static void where_there_are_none_the_body_is_that_of_before(void **state)
{
    struct settings was = load("");
    char *body = input_print_settings(&was);

    (void)state;
    assert_null(strstr(body, "devices"));
    free(body);
}

/* What is not given of a kind is not said, and how often it is expected to send decides nothing. */
static void a_kind_without_more_has_the_body_of_before(void **state)
{
    struct settings was = load("[devices a]\nmatch = a\nping-interval = 1m\n");
    char *body = input_print_settings(&was);

    (void)state;
    assert_non_null(strstr(body, "\"devices\":[{\"name\":\"a\",\"match\":[\"a\"],"
                                 "\"accuracy-percentile\":68.0}]"));
    free(body);
}

#define WITH(kinds) "{\"site\":\"e\",\"timezone\":\"UTC\",\"detect\":{},\"devices\":" kinds "}"

#define ONE(key, value)                                                                            \
    WITH("[{\"name\":\"a\",\"match\":[\"a\"],\"accuracy-percentile\":95,\"" key "\":" value "}]")

static void assert_unread(const char *const *bodies, size_t n)
{
    struct settings settings;
    unsigned engine;
    struct fault why;

    for (size_t i = 0; i < n; i++) {
        if (input_read_settings(bodies[i], &settings, &engine, &why))
            fail_msg("was read: %s", bodies[i]);
    }
}

static void kinds_that_cannot_be_are_refused(void **state)
{
    static const char *const bodies[] = {
        WITH("{}"),
        WITH("[7]"),
        WITH("[{\"name\":\"a\",\"accuracy-percentile\":95}]"),
        WITH("[{\"name\":\"a\",\"match\":[],\"accuracy-percentile\":95}]"),
        WITH("[{\"name\":\"a\",\"match\":[\"[\"],\"accuracy-percentile\":95}]"),
        WITH("[{\"name\":\"a\",\"match\":[7],\"accuracy-percentile\":95}]"),
        WITH("[{\"name\":\"a b\",\"match\":[\"a\"],\"accuracy-percentile\":95}]"),
        WITH("[{\"name\":\"a\",\"match\":[\"a\"],\"accuracy-percentile\":100}]"),
        WITH("[{\"name\":\"a\",\"match\":[\"a\"],\"accuracy-percentile\":-1}]"),
        WITH("[{\"name\":\"a\",\"match\":[\"a\"]}]"),
        ONE("unknown-accuracy", "0"),
        ONE("unknown-accuracy", "-1"),
        ONE("unknown-accuracy", "100001"),
        ONE("unknown-accuracy", "\"30\""),
        ONE("silent-after", "0"),
        ONE("silent-after", "1.5"),
        ONE("silent-after", "1000000000000000"),
        ONE("no-fix-after", "-1"),
        ONE("no-fix-after", "null"),
        ONE("clock", "\"judged\""),
        ONE("clock", "true"),
        WITH("[{\"name\":\"a\",\"match\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\","
             "\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\"],\"accuracy-percentile\":95}]"),
    };
    struct settings settings;
    unsigned engine;
    struct fault why;

    (void)state;
    assert_unread(bodies, sizeof bodies / sizeof *bodies);
    assert_true(
        input_read_settings(WITH("[{\"name\":\"a\",\"match\":[\"*\"],\"accuracy-percentile\":95}]"),
                            &settings, &engine, &why));
    assert_true(settings.kinds.of[0].percentile == 95);
}

/* One more than there is room for. */
static void kinds_without_end_are_refused(void **state)
{
    static const char one[] = "{\"name\":\"a\",\"match\":[\"a\"],\"accuracy-percentile\":95},";
    char body[64 + (DEVICE_KINDS_MAX + 1) * sizeof one];
    struct settings settings;
    unsigned engine;
    struct fault why;
    int n = snprintf(body, sizeof body, "%s",
                     "{\"site\":\"e\",\"timezone\":\"UTC\",\"detect\":{},\"devices\":[");

    (void)state;
    for (int i = 0; i <= DEVICE_KINDS_MAX; i++)
        n += snprintf(body + n, sizeof body - (size_t)n, "%s", one);
    snprintf(body + n - 1, sizeof body - (size_t)n + 1, "]}");
    assert_false(input_read_settings(body, &settings, &engine, &why));
    assert_string_equal(why.text, "its thresholds cannot be read");
}

static void what_cannot_be_is_refused_and_what_is_unknown_passed_over(void **state)
{
    static const char *const bodies[] = {
        "",
        "[]",
        "{}",
        "{\"site\":\"essex\",\"timezone\":\"UTC\"}",
        "{\"site\":\"a b\",\"timezone\":\"UTC\",\"detect\":{}}",
        "{\"site\":\"essex\",\"timezone\":7,\"detect\":{}}",
        "{\"site\":\"essex\",\"timezone\":\"UTC\",\"detect\":{\"update\":\"1\"}}",
        "{\"site\":\"essex\",\"timezone\":\"UTC\",\"detect\":{\"update\":1e300}}",
        "{\"site\":\"essex\",\"timezone\":\"UTC\",\"detect\":{\"update\":-1}}",
        "{\"site\":\"essex\",\"timezone\":\"UTC\",\"engine\":0,\"detect\":{}}",
        "{\"site\":\"essex\",\"timezone\":\"UTC\",\"engine\":\"2\",\"detect\":{}}",
    };
    struct settings settings;
    unsigned engine;
    struct fault why;

    (void)state;
    assert_unread(bodies, sizeof bodies / sizeof *bodies);
    assert_true(input_read_settings("{\"site\":\"essex\",\"timezone\":\"UTC\",\"detect\":"
                                    "{\"update\":5000,\"hunch\":1}}",
                                    &settings, &engine, &why));
    assert_int_equal(settings.detect.update_ms, 5000);
    assert_int_equal(engine, 1); // which said nothing of itself
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(they_come_back_with_site_and_timezone),
        scratch_test(so_do_the_kinds_of_devices),
        scratch_test(where_there_are_none_the_body_is_that_of_before),
        scratch_test(a_kind_without_more_has_the_body_of_before),
        cmocka_unit_test(kinds_that_cannot_be_are_refused),
        cmocka_unit_test(kinds_without_end_are_refused),
        cmocka_unit_test(what_cannot_be_is_refused_and_what_is_unknown_passed_over),
    };

    return cmocka_run_group_tests_name("settings_kept", tests, NULL, NULL);
}
