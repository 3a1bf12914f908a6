/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl diff by root: what counts is what the service's user can read. */
#include "ctl/order_fixture.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/scratch.h"
#include "support/test.h"

#define ORDER                                                                                      \
    "[order %s]\nkind = bail\nrespondent = R-%s\ndevices = tag-%s\nmonitoring = bail\n"            \
    "from = 2026-01-01T00:00:00Z\n[zone %s/home]\ncentre = 51.5712, 0.4712\nradius = 200 m\n"

static void write_order(const char *folder, const char *id)
{
    char path[64], text[512];

    snprintf(path, sizeof path, "%s/%s.conf", folder, id);
    snprintf(text, sizeof text, ORDER, id, id, id, id);
    scratch_write(path, text);
    assert_int_equal(chmod(path, 0644), 0);
}

/* Two folders that hold the same, which everybody may read. */
static void write_folders(void)
{
    assert_int_equal(mkdir("other", 0755), 0);
    assert_int_equal(chmod(".", 0755) | chmod("orders.d", 0755) | chmod("breachd.conf", 0644), 0);
    write_order("orders.d", "A");
    write_order("orders.d", "B");
    write_order("other", "A");
    write_order("other", "B");
}

static int diff(const char *options)
{
    return order_run("diff --against other %s", options);
}

static void what_that_user_cannot_read_would_be_refused(void **state)
{
    (void)state;
    write_folders();
    if (geteuid() != 0) {
        assert_ended(diff("--as daemon"), 1, "daemon: cannot be that user here");
        return;
    }
    assert_ended(diff("--as daemon"), 0, "");
    assert_string_equal(order_said(), "0 added, 0 ended, 0 changed, 0 zones moved\n");
    assert_int_equal(chmod("orders.d/B.conf", 0600), 0);
    assert_ended(diff(""), 0, ""); // root can
    assert_ended(diff("--as daemon"), 1, "./orders.d/B.conf: Permission denied\n");
    assert_non_null(strstr(order_complained(), "a reload would be refused, 1 complaint"));
    assert_non_null(
        strstr(order_complained(), "so it is for the user daemon; who is root can read more\n"));
    assert_string_equal(order_said(), "");
    assert_ended(diff("--as nobody-of-that-name"), 1, "nobody-of-that-name: no such user");
}

/* What is compared with is read as who we are: it may lie where only root looks. */
static void only_what_a_reload_reads_is_read_as_that_user(void **state)
{
    (void)state;
    write_folders();
    if (geteuid() != 0)
        return;
    assert_int_equal(chmod("other", 0700), 0);
    assert_ended(diff("--as daemon"), 0, "");
    assert_int_equal(chmod("breachd.conf", 0600), 0);
    assert_ended(diff("--as daemon"), 1, "breachd.conf: Permission denied");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        order_test(what_that_user_cannot_read_would_be_refused),
        order_test(only_what_a_reload_reads_is_read_as_that_user),
    };

    return cmocka_run_group_tests_name("diff user", tests, NULL, NULL);
}
