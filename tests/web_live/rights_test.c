/* SPDX-License-Identifier: Apache-2.0 */
/* breachd-web as a user of Redis that may do what the page needs: nothing is refused. */
#include "web_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

/*
 * The command as the manual page has it, from "ACL SETUSER web" to its end, in one line; each % is
 * doubled, for hiredis.
 */
static void read_rights(char *out, size_t room)
{
    FILE *page = fopen(MANUAL_PAGE, "re");
    char line[256];
    bool on = false;
    size_t n = 0;

    assert_non_null(page);
    while (fgets(line, sizeof line, page) != NULL && (!on || line[0] != '.')) {
        on = on || strncmp(line, "ACL SETUSER web", 15) == 0;
        line[strcspn(line, "\\\n")] = '\0'; // and what goes on with it
        for (const char *at = line; on && *at != '\0'; at++)
            n += (size_t)snprintf(out + n, room - n, "%s%c", *at == '%' ? "%" : "", *at);
    }
    fclose(page);
    assert_true(on && n < room);
}

static void be_web(struct testbed *testbed, const char *password_file)
{
    char url[128];

    snprintf(url, sizeof url, "unix://web@%s", testbed_path(testbed, "redis.sock").text);
    testbed_set(testbed, "breachd.conf", "redis", "url", url);
    testbed_set(testbed, "breachd.conf", "redis", "password-file", password_file);
    testbed_start(testbed, NULL);
}

static long long refusals(struct testbed *testbed)
{
    redisReply *reply = testbed_redis(testbed, "ACL LOG");
    long long n = (long long)reply->elements;

    assert_int_equal(reply->type, REDIS_REPLY_ARRAY);
    freeReplyObject(reply);
    return n;
}

/* All that the page does of Redis: sees, goes on where it left off, says, writes down. */
static void do_its_work(struct testbed *testbed)
{
    static const char *const words[][2] = {
        { "/ack", "{\"incident\":\"A/1\"}" },
        { "/note", "{\"incident\":\"A/1\",\"note\":\"n\"}" },
        { "/hand", "{\"incident\":\"A/1\",\"to\":\"sergeant\"}" },
        { "/shelve", "{\"incident\":\"A/1\",\"until\":\"1h\"}" },
        { "/close", "{\"incident\":\"A/1\",\"outcome\":\"drift\"}" },
    };
    struct browser desk = web_browser(testbed, "desk");
    struct stream stream = stream_open(testbed, &desk, "");
    char last[64];

    stream_until(&stream, "event: heartbeat");
    web_alert(testbed, 1);
    stream_until(&stream, "{\"n\":1}");
    stream_last(&stream, last);
    stream_close(&stream);
    web_alert(testbed, 2);
    stream = stream_open(testbed, &desk, last);
    stream_until(&stream, "{\"n\":2}");
    assert_int_equal(web_get(testbed, "/alerts", &desk), 200);
    assert_int_equal(web_get(testbed, "/todo", &desk), 200);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_int_equal(web_say(testbed, words[i][0], words[i][1], &desk), 202);
    web_await_newest(testbed, "audit", "what=close ");
    assert_int_equal(stream_count(&stream, "event: lost"), 0);
    assert_false(testbed_log_has(testbed, "NOPERM"));
    web_await_rows(testbed, "reports", 1);
    assert_int_equal(refusals(testbed), 0);
    stream_close(&stream);
}

static void with_the_rights_of_the_manual_it_does_its_work(void **state)
{
    struct testbed *testbed = *state;
    char rights[1024];

    read_rights(rights, sizeof rights);
    testbed_redis_start(testbed, "appendonly yes\n");
    freeReplyObject(testbed_redis(testbed, rights));
    freeReplyObject(testbed_redis(testbed, "SET {breachd}:heartbeat {\"site\":\"essex\"}"));
    testbed_print(testbed, "password", "PASSWORD\n");
    be_web(testbed, "password");
    do_its_work(testbed);
    testbed_close(testbed);
}

/* tests/ctl_live/init_test.c has what they do not let it do. */
static void with_the_rights_that_init_makes_it_does_its_work(void **state)
{
    struct testbed *testbed = *state;
    char line[160], *password;

    assert_int_equal(testbed_ctl(testbed, "init", testbed_path(testbed, "first").text, "--yes",
                                 "--site", "trial", "--region", "49.8,-8.7 60.9,1.8", NULL),
                     0);
    snprintf(line, sizeof line, "aclfile %s\n", testbed_path(testbed, "first/redis.acl").text);
    testbed_redis_start(testbed, line);
    password = testbed_read(testbed, "first/secrets/default.password");
    password[strcspn(password, "\n")] = '\0';
    freeReplyObject(testbed_redis(testbed, "AUTH default %s", password));
    free(password);
    freeReplyObject(testbed_redis(testbed, "SET {breachd}:heartbeat {\"site\":\"essex\"}"));
    freeReplyObject(testbed_redis(testbed, "ACL LOG RESET"));
    be_web(testbed, "first/secrets/web.password");
    do_its_work(testbed);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        web_test(with_the_rights_of_the_manual_it_does_its_work),
        web_test(with_the_rights_that_init_makes_it_does_its_work),
    };

    return cmocka_run_group_tests_name("rights", tests, NULL, NULL);
}
