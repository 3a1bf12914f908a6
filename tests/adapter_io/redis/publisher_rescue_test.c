/* SPDX-License-Identifier: Apache-2.0 */
/* What a Redis that is ahead still had open is told before it is made anew by the ledger. */
#include "adapter/redis/publisher.h"

#include "loop.h"
#include "publisher_fixture.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

/* A Redis of a ledger that was 40 alerts farther. */
static void be_ahead(void)
{
    publisher_fixture_redis("HSET {breachd}:last essex 40");
    publisher_under_test.leftovers_kept = 1000;
}

static void left(const char *hash, int nth, const char *site)
{
    freeReplyObject(testbed_redis(publisher_under_test.testbed, "HSET {breachd}:%s O/%d/1 %s", hash,
                                  nth, site[0] == '\0' ? "torn" : site));
}

/* At most one page of a small hash is a page: this one has several. */
static void each_is_told_before_the_ledger_renumbers(void **state)
{
    enum { MANY = 700 };

    (void)state;
    be_ahead();
    for (int nth = 1; nth <= MANY; nth++)
        left("todo", nth, "{\"source\":\"/breachd/essex\",\"sequence\":\"39\"}");
    left("open", MANY + 1, "");
    left("todo", MANY + 2, "{\"alert\":{\"source\":\"/breachd/kent\",\"sequence\":\"39\"}}");
    publisher_fixture_publish(3);
    assert_int_equal(publisher_under_test.leftovers, MANY + 1);
    assert_null(strstr(publisher_under_test.story, "O/702/1"));
    assert_int_equal(publisher_under_test.newest, 43);
    publisher_fixture_expect_stream(1, 3);
    testbed_close(publisher_under_test.testbed);
}

static void before_anything_else(void **state)
{
    (void)state;
    be_ahead();
    left("todo", 1, "{\"alert\":{\"sequence\":\"40\"},\"by\":null}");
    left("open", 2, "");
    publisher_fixture_publish(1);
    assert_int_equal(strncmp(publisher_under_test.story, "O/1/1:40 O/2/1:0 renumber:40 ", 29), 0);
    testbed_close(publisher_under_test.testbed);
}

/* A value may be as large as Redis lets one be: it is known by its name alone. */
static void what_is_too_large_is_told_by_its_name(void **state)
{
    static char large[64 * 1024];

    (void)state;
    be_ahead();
    memset(large, 'x', sizeof large - 1);
    left("todo", 1, large);
    freeReplyObject(testbed_redis(publisher_under_test.testbed, "HSET {breachd}:todo %s 1", large));
    publisher_fixture_publish(1);
    assert_non_null(strstr(publisher_under_test.story, "O/1/1:0 "));
    assert_int_equal(publisher_under_test.leftovers, 1);
    testbed_close(publisher_under_test.testbed);
}

/* What cannot be kept just now stays where it is until it can. */
static void what_cannot_be_kept_holds_all_else_up(void **state)
{
    (void)state;
    be_ahead();
    publisher_under_test.leftovers_kept = 0;
    left("todo", 1, "");
    publisher_fixture_keep(1);
    publisher_fixture_start();
    publisher_fixture_until_away("what it knows cannot be kept just now");
    assert_null(strstr(publisher_under_test.story, "renumber"));
    assert_int_equal(testbed_redis_number(publisher_under_test.testbed, "HLEN {breachd}:todo"), 1);
    publisher_under_test.leftovers_kept = 1000;
    publisher_fixture_until_caught_up();
    assert_non_null(strstr(publisher_under_test.story, "O/1/1:0 O/1/1:0 renumber:40"));
    testbed_close(publisher_under_test.testbed);
}

/* An alert does not wait for it. */
static void who_may_not_read_it_goes_on_without(void **state)
{
    (void)state;
    be_ahead();
    left("todo", 1, "");
    publisher_fixture_redis("ACL SETUSER ann on >secret ~* &* +@all -hscan");
    publisher_fixture_as_ann();
    publisher_fixture_publish(2);
    assert_int_equal(publisher_under_test.leftovers, 0);
    publisher_fixture_expect_stream(1, 2);
    testbed_close(publisher_under_test.testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        publisher_fixture_test(each_is_told_before_the_ledger_renumbers),
        publisher_fixture_test(before_anything_else),
        publisher_fixture_test(what_is_too_large_is_told_by_its_name),
        publisher_fixture_test(what_cannot_be_kept_holds_all_else_up),
        publisher_fixture_test(who_may_not_read_it_goes_on_without),
    };

    return cmocka_run_group_tests_name("publisher_rescue", tests, NULL, NULL);
}
