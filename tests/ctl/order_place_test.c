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

int main(void)
{
    const struct CMUnitTest tests[] = {
        order_test(the_reload_that_is_told_is_of_the_same_settings),
        order_test(no_reload_is_told_where_none_would_read_it),
    };

    return cmocka_run_group_tests_name("order place", tests, NULL, NULL);
}
