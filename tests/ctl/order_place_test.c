/* SPDX-License-Identifier: Apache-2.0 */
/* An order file in its place: what has to be done so that it comes in force. */
#include <sys/stat.h>

#include <string.h>

#include "ctl/order_fixture.h"
#include "support/scratch.h"
#include "support/test.h"

#define NEW                                                                                        \
    "order new --id A --kind bail --respondent R-1 --devices t --from '2026-01-01 09:00' "         \
    "--centre '51.5712, 0.4712' --radius '200 m' "

/* Nobody's service runs by these settings, so systemctl would reload another breachd. */
static void the_reload_that_is_told_is_of_the_same_settings(void **state)
{
    (void)state;
    assert_ended(order_run(NEW), 0,
                 "breachctl: in force after a reload: breachctl reload -c breachd.conf\n");
    assert_null(strstr(order_complained(), "systemctl"));
    assert_ended(order_run("order end A --at '2026-02-01 09:00'"), 0,
                 "breachctl: in force after a reload: breachctl reload -c breachd.conf\n");
}

static void no_reload_is_told_where_none_would_read_it(void **state)
{
    (void)state;
    assert_int_equal(mkdir("other.d", 0750), 0);
    assert_ended(order_run(NEW "--orders other.d"), 0,
                 "breachctl: in force nowhere: breachd.conf has another folder, ./orders.d\n");
    assert_null(strstr(order_complained(), "after a reload"));
    assert_ended(order_run(NEW "--orders ./orders.d --dry-run"), 0, "nothing was written");
    assert_null(strstr(order_complained(), "in force"));
    assert_ended(order_run(NEW "--orders ./orders.d"), 0, "breachctl reload -c breachd.conf\n");
}

#define BY_FILE "51.40,-0.05 52.12,1.35\nreload = by-file"

/* Another town's slip keeps nobody from ending an order; what is written is checked as ever. */
static void by_file_only_what_is_written_counts(void **state)
{
    (void)state;
    assert_ended(order_run(NEW), 0, "in place");
    scratch_write("orders.d/town.conf", "[order T]\nkind = bail\ncolour = red\n");
    assert_ended(order_run("order end A --at '2026-02-01 09:00'"), 1, "mend them first");
    order_settings(BY_FILE, "Europe/London");
    assert_ended(order_run("order end A --at '2026-02-01 09:00'"), 0,
                 "breachctl: warning: ./orders.d/town.conf: is refused by itself, 4 complaints, "
                 "and does not count here: mend it; first: ./orders.d/town.conf:");
    assert_non_null(strstr(order_file("orders.d/A.conf"), "until      = 2026-02-01 09:00\n"));
    assert_ended(order_run("order new --id B --kind bail --respondent R-2 --devices u --from "
                           "'2026-01-01 09:00' --centre '51.5712, 0.4712' --radius '200 m'"),
                 0, "town.conf: is refused by itself");
    assert_ended(order_run("order new --id C --kind bail --respondent R-3 --devices u --from "
                           "'2026-01-01 09:00' --centre '51.5712, 0.4712' --radius '200 m'"),
                 1, "C.conf:4: devices: u is carried by");
    assert_null(strstr(order_complained(), "colour"));
    assert_null(order_file("orders.d/C.conf"));
}

/* Nor does one that fits to no other; but where the change itself does not fit, it is refused. */
static void by_file_a_clash_of_others_does_not_count(void **state)
{
    (void)state;
    order_settings(BY_FILE, "Europe/London");
    assert_ended(order_run(NEW), 0, "in place");
    scratch_write("orders.d/Z.conf", order_file("orders.d/A.conf"));
    assert_ended(order_run("order new --id B --kind bail --respondent R-2 --devices u --from "
                           "'2026-01-01 09:00' --centre '51.5712, 0.4712' --radius '200 m'"),
                 0, "Z.conf: is refused by itself");
    assert_ended(order_run("order new --id A --file C --kind bail --respondent R-2 --devices v "
                           "--from '2026-01-01 09:00'"),
                 1, "order A: there is another one of that id");
}

static void an_order_may_begin_and_be_served_now(void **state)
{
    (void)state;
    assert_ended(order_run("order new --id A --kind bail --respondent R-1 --devices t --from now "
                           "--centre '51.5712, 0.4712' --radius '200 m'"),
                 0, "in place");
    assert_non_null(strstr(order_file("orders.d/A.conf"), "from       = 20"));
    assert_ended(order_run("order new --id C --kind bail --respondent R-3 --devices v --from now "
                           "--served now --centre '51.5712, 0.4712' --radius '200 m'"),
                 0, "in place");
    assert_non_null(strstr(order_file("orders.d/C.conf"), "served     = 20"));
    assert_ended(order_run("order new --id D --kind bail --respondent R-4 --devices w --from now "
                           "--until now --centre '51.5712, 0.4712' --radius '200 m'"),
                 1, "until: \"now\"");
    scratch_write("map.geojson",
                  "{\"type\":\"Feature\",\"properties\":{\"order\":\"B\",\"zone\":\"z\"},"
                  "\"geometry\":{\"type\":\"Point\",\"coordinates\":[569000,190000]}}");
    assert_ended(order_run("order import map.geojson --radius 200"), 1,
                 "no degrees: --crs says of which system it is, as EPSG:27700");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        order_test(the_reload_that_is_told_is_of_the_same_settings),
        order_test(no_reload_is_told_where_none_would_read_it),
        order_test(by_file_only_what_is_written_counts),
        order_test(an_order_may_begin_and_be_served_now),
        order_test(by_file_a_clash_of_others_does_not_count),
    };

    return cmocka_run_group_tests_name("order place", tests, NULL, NULL);
}
