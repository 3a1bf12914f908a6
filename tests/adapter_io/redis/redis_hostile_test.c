/* SPDX-License-Identifier: Apache-2.0 */
/* A peer that is no Redis, or none today: a clear complaint, and back when it is well again. */
#include "adapter/redis/redis.h"

#include "loop.h"
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

static char endless_text[16 * 1024], endless_line[16 * 1024]; // one line, and many bytes
static char long_line[REDIS_LINE_LIMIT + 2];                  // and never its end

/* What the fake does at a command of the greeting, or at GET, and how that is complained of. */
static const struct row {
    const char *says;
    struct fake_habit habit;
    const char *why;
} rows[] = {
    { "no password given",
      { "PING", FAKE_SAYS, "-NOAUTH Authentication required.\r\n", 0 },
      "NOAUTH" },
    { "a wrong password", { "AUTH", FAKE_SAYS, "-WRONGPASS invalid\r\n", 0 }, "WRONGPASS" },
    { "still loading", { "PING", FAKE_SAYS, "-LOADING Redis is loading\r\n", 0 }, "LOADING" },
    { "no such db", { "SELECT", FAKE_SAYS, "-ERR DB index is out of range\r\n", 0 }, "DB index" },
    { "too many clients",
      { "", FAKE_SAYS_AND_CLOSES, "-ERR max number of clients\r\n", 0 },
      "max number" },
    { "closes at once", { "", FAKE_SAYS_AND_CLOSES, "", 0 }, "" },
    { "closes after a word", { "PING", FAKE_SAYS_AND_CLOSES, "", 0 }, "closed" },
    { "half a reply, and closes", { "PING", FAKE_SAYS_AND_CLOSES, "+PO", 0 }, "closed" },
    { "half a reply, and silence", { "PING", FAKE_SAYS, "+PO", 0 }, "no reply in time" },
    { "silence", { NULL, FAKE_SILENT, NULL, 0 }, "no reply in time" },
    { "a web server", { NULL, FAKE_SAYS, "HTTP/1.1 400 Bad Request\r\n\r\n", 0 }, "RESP" },
    { "a mail server", { "", FAKE_SAYS, "220 mx ESMTP\r\n", 0 }, "RESP" },
    { "an empty line", { "PING", FAKE_SAYS, "\r\n", 0 }, "RESP" },
    { "RESP3", { "PING", FAKE_SAYS, "%1\r\n+a\r\n+b\r\n", 0 }, "RESP" },
    { "bytes of a TLS alert", { "PING", FAKE_SAYS, "\x15\x03\x01\r\n", 0 }, "RESP" },
    { "a text of less than nothing", { "PING", FAKE_SAYS, "$-5\r\n", 0 }, "RESP" },
    { "a text of no number", { "GET", FAKE_SAYS, "$abc\r\n", 0 }, "RESP" },
    { "a number that is none", { "GET", FAKE_SAYS, ":1x\r\n", 0 }, "RESP" },
    { "a number too large", { "GET", FAKE_SAYS, ":99999999999999999999\r\n", 0 }, "RESP" },
    { "a text without end", { "GET", FAKE_FLOODS, endless_text, 0 }, "without end" },
    { "a text longer than can be", { "GET", FAKE_SAYS, "$9223372036854775807\r\nx", 0 }, "" },
    { "a line without end", { "GET", FAKE_FLOODS, endless_line, 0 }, "without end" },
    { "a line too long", { "GET", FAKE_SAYS, long_line, 0 }, "without end" },
    { "a list", { "GET", FAKE_SAYS, "*1\r\n$1\r\na\r\n", 0 }, "a list" },
    { "an empty list", { "GET", FAKE_SAYS, "*0\r\n", 0 }, "a list" },
    { "a list of two thousand million", { "GET", FAKE_SAYS, "*2147483647\r\n", 0 }, "a list" },
    { "the same behind a good reply", { "GET", FAKE_SAYS, ":1\r\n*2147483647\r\n", 0 }, "a list" },
    { "the same behind half a reply",
      { "GET", FAKE_SAYS, "$3\r\nabc\r\n*2147483647\r\n", 0 },
      "a list" },
    { "a list of lists",
      { "GET", FAKE_SAYS, "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n", 0 },
      "a list" },
    { "a reply more than asked for", { "GET", FAKE_SAYS, ":1\r\n:2\r\n", 0 }, "unasked" },
    { "a greeting", { "", FAKE_SAYS, "+OK welcome\r\n", 0 }, "unasked" },
    { "hangs up instead of a reply", { "GET", FAKE_SAYS_AND_CLOSES, "", 0 }, "closed" },
};

static struct wire wire;

static int setup(void **state)
{
    (void)state;
    wire_setup(&wire);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    wire_teardown(&wire);
    return 0;
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct redis_target target = fake_redis_target(wire.fake);

    target.db = 1;
    fake_redis_habit(wire.fake, row->habit);
    // Silence is waited for; what comes without end is refused for that, however slow we are.
    wire_connect(&wire, &target, "secret",
                 strcmp(row->why, "without end") == 0 ? 10 * PATIENCE_MS : 100);
    loop_until(wire.base, redis_is_up(wire.redis) || redis_why_down(wire.redis)[0] != '\0');
    if (redis_is_up(wire.redis))
        assert_true(wire_send(&wire, "GET a") || redis_why_down(wire.redis)[0] != '\0');
    wire_until_down(&wire, row->why);
    assert_int_equal(wire.ups, wire.downs);
    wire_comes_back(&wire);
}

/* What is odd, but right. */
static const struct reply_row {
    const char *says;
    enum fake_manner manner;
    const char *bytes;
    struct redis_reply want;
} replies[] = {
    { "a number", FAKE_SAYS, ":-7\r\n", { .kind = REDIS_NUMBER, .number = -7, .text = "" } },
    { "the largest number",
      FAKE_SAYS,
      ":9223372036854775807\r\n",
      { .kind = REDIS_NUMBER, .number = INT64_MAX, .text = "" } },
    { "nothing", FAKE_SAYS, "$-1\r\n", { .kind = REDIS_NIL, .number = 0, .text = "" } },
    { "a text", FAKE_SAYS, "$3\r\nabc\r\n", { .kind = REDIS_TEXT, .number = 0, .text = "abc" } },
    { "an empty text", FAKE_SAYS, "$0\r\n\r\n", { .kind = REDIS_TEXT, .number = 0, .text = "" } },
    { "a text of two lines",
      FAKE_SAYS,
      "$4\r\na\r\nb\r\n",
      { .kind = REDIS_TEXT, .number = 0, .text = "a\r\nb" } },
    { "a text that looks like a list",
      FAKE_SAYS,
      "$2\r\n*9\r\n",
      { .kind = REDIS_TEXT, .number = 0, .text = "*9" } },
    { "a status", FAKE_SAYS, "+fine\r\n", { .kind = REDIS_TEXT, .number = 0, .text = "fine" } },
    { "an error",
      FAKE_SAYS,
      "-ERR no\r\n",
      { .kind = REDIS_ERROR, .number = 0, .text = "ERR no" } },
    { "an empty error", FAKE_SAYS, "-\r\n", { .kind = REDIS_ERROR, .number = 0, .text = "" } },
    { "a reply byte by byte",
      FAKE_DRIBBLES,
      NULL,
      { .kind = REDIS_TEXT, .number = 0, .text = "OK" } },
};

static void reply_holds(void **state)
{
    const struct reply_row *row = *state;

    wire_up(&wire);
    fake_redis_habit(wire.fake, (struct fake_habit){ "GET", row->manner, row->bytes, 0 });
    for (int i = 0; i < 3; i++) {
        wire_ask(&wire, "GET a");
        assert_int_equal(wire.reply.kind, row->want.kind);
        assert_int_equal(wire.reply.number, row->want.number);
        assert_string_equal(wire.reply.text, row->want.text);
    }
    assert_true(redis_is_up(wire.redis));
}

static void text_of(size_t length, bool taken)
{
    char *reply = malloc(length + 64);
    int head;

    assert_non_null(reply);
    head = sprintf(reply, "$%zu\r\n", length);
    memset(reply + head, 'x', length);
    strcpy(reply + head + length, "\r\n");
    wire_up(&wire);
    fake_redis_habit(wire.fake, (struct fake_habit){ "GET", FAKE_SAYS, reply, 0 });
    if (taken) {
        wire_ask(&wire, "GET a");
        assert_int_equal(strlen(wire.reply.text), length);
    } else {
        assert_true(wire_send(&wire, "GET a"));
        wire_until_down(&wire, "without end");
        assert_int_equal(wire.replies, 0);
    }
    free(reply);
}

static void a_reply_may_be_of_nearly_four_mebibytes(void **state)
{
    (void)state;
    text_of(REDIS_REPLY_LIMIT - 64, true);
}

static void a_reply_may_not_be_longer(void **state)
{
    (void)state;
    text_of(REDIS_REPLY_LIMIT + 64 * 1024, false);
}

static void a_line_may_be_of_nearly_64_kibibytes(void **state)
{
    char reply[REDIS_LINE_LIMIT];
    (void)state;

    memset(reply, 'x', sizeof reply - 3);
    reply[0] = '+';
    strcpy(reply + sizeof reply - 3, "\r\n");
    wire_up(&wire);
    fake_redis_habit(wire.fake, (struct fake_habit){ "GET", FAKE_SAYS, reply, 0 });
    wire_ask(&wire, "GET a");
    assert_int_equal(strlen(wire.reply.text), sizeof reply - 4);
}

static void so_much_may_wait_for_a_reply_and_no_more(void **state)
{
    (void)state;
    wire_up(&wire);
    fake_redis_habit(wire.fake, (struct fake_habit){ "GET", FAKE_SILENT, NULL, REDIS_PENDING_MAX });
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < REDIS_PENDING_MAX; i++)
            assert_true(wire_send(&wire, round == 0 ? "GET a" : "PING"));
        assert_false(wire_send(&wire, "PING"));
        assert_int_equal(redis_pending(wire.redis), REDIS_PENDING_MAX);
        loop_for(wire.base, round == 0 ? 50 : 0);
        for (int i = 0; round == 0 && i < REDIS_PENDING_MAX; i++)
            fake_redis_say(wire.fake, ":1\r\n");
        loop_until(wire.base, redis_pending(wire.redis) == 0);
        assert_int_equal(wire.replies, (round + 1) * REDIS_PENDING_MAX);
    }
    assert_false(redis_send(wire.redis, REDIS_ARGS_MAX + 1,
                            (const char * [REDIS_ARGS_MAX + 1]){ "" }, NULL, NULL, NULL));
}

static void an_error_that_nobody_handles_closes(void **state)
{
    (void)state;
    wire_up(&wire);
    fake_redis_habit(wire.fake, (struct fake_habit){ "GET", FAKE_SAYS, "-NOPERM no\r\n", 0 });
    assert_true(redis_send(wire.redis, 2, (const char *[]){ "SET", "a" }, NULL, NULL, NULL));
    assert_true(redis_send(wire.redis, 2, (const char *[]){ "GET", "a" }, NULL, NULL, NULL));
    wire_until_down(&wire, "NOPERM no");
    wire_comes_back(&wire);
}

static bool refuse(struct wire *its)
{
    return strcmp(its->text, "PONG") == 0;
}

static bool ask_more(struct wire *its)
{
    return its->replies >= 10 || wire_send(its, "PING");
}

static void who_handles_a_reply_may_reset_it_with_that_very_reply(void **state)
{
    (void)state;
    wire_up(&wire);
    wire.on_reply = refuse;
    fake_redis_habit(wire.fake, (struct fake_habit){ "GET", FAKE_SAYS, "+bad\r\n", 0 });
    for (int i = 0; i < 10; i++)
        assert_true(wire_send(&wire, "GET a")); // the other nine get no reply
    wire_until_down(&wire, "bad");
    assert_int_equal(wire.replies, 1);
    assert_string_equal(wire.why, "bad");
    wire_comes_back(&wire);
}

static void who_handles_a_reply_may_ask_again(void **state)
{
    (void)state;
    wire_up(&wire);
    wire.on_reply = ask_more;
    assert_true(wire_send(&wire, "PING"));
    loop_until(wire.base, wire.replies == 10);
    assert_int_equal(redis_pending(wire.redis), 0);
}

static void fill(char endless[16 * 1024], const char *line)
{
    memset(endless, 'x', 16 * 1024 - 1);
    memcpy(endless, line, strlen(line));
}

#define wire_test(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest sentences[] = {
        wire_test(a_reply_may_be_of_nearly_four_mebibytes),
        wire_test(a_reply_may_not_be_longer),
        wire_test(a_line_may_be_of_nearly_64_kibibytes),
        wire_test(so_much_may_wait_for_a_reply_and_no_more),
        wire_test(an_error_that_nobody_handles_closes),
        wire_test(who_handles_a_reply_may_reset_it_with_that_very_reply),
        wire_test(who_handles_a_reply_may_ask_again),
    };

    fill(endless_text, "$2147483647\r\n");
    fill(endless_line, "-E\n");
    memset(long_line, '+', sizeof long_line - 1);
    return rows_hold_in("redis_hostile_rows", rows, row_holds, setup, teardown) +
           rows_hold_in("redis_hostile_replies", replies, reply_holds, setup, teardown) +
           cmocka_run_group_tests(sentences, NULL, NULL);
}
