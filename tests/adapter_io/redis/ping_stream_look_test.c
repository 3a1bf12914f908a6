/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the ping stream is as it was left, by what a Redis says of its end and of the group. */
#include "adapter/redis/ping_stream.h"

#include "loop.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "support/fake_redis.h"
#include "support/rows.h"
#include "support/test.h"

#define BUSY       "-BUSYGROUP Consumer Group name already exists\r\n"
#define MADE       "+OK\r\n"
#define NO_KEY     "-ERR no such key\r\n"
#define ENDS(id)   "*4\r\n$6\r\nlength\r\n:0\r\n$17\r\nlast-generated-id\r\n$3\r\n" id "\r\n"
#define DELETED    "was deleted, and its group with it"
#define NO_GROUP   "has lost its group"
#define ENDS_EARLY "ends before the entry that was read last"

static const struct row {
    const char *says, *place, *end, *group;
    const char *lost;  // NULL: nothing
    const char *after; // the place that is kept then
} rows[] = {
    { "a first start loses nothing", "", NO_KEY, MADE, NULL, "" },
    { "nor does one upon pings that wait", "", ENDS("5-0"), MADE, NULL, "" },
    { "as it was left", "5-0 breachd:pings", ENDS("5-0"), BUSY, NULL, "5-0 breachd:pings" },
    { "pings have come", "5-0 breachd:pings", ENDS("9-9"), BUSY, NULL, "5-0 breachd:pings" },
    { "all gone", "5-0 breachd:pings", NO_KEY, MADE, DELETED, "0-0 breachd:pings" },
    { "gone again, before anything came", "0-0 breachd:pings", NO_KEY, MADE, DELETED,
      "0-0 breachd:pings" },
    { "gone and begun anew by the senders", "5-7 breachd:pings", ENDS("5-6"), MADE, DELETED,
      "5-6 breachd:pings" },
    { "the group alone is gone", "5-0 breachd:pings", ENDS("9-0"), MADE, NO_GROUP,
      "9-0 breachd:pings" },
    { "an older copy was put back", "5-0 breachd:pings", ENDS("4-9"), BUSY, ENDS_EARLY,
      "4-9 breachd:pings" },
    { "another prefix is another stream", "5-0 kent:pings", NO_KEY, MADE, NULL, "" },
    { "what is no id is none", "5 breachd:pings", NO_KEY, MADE, NULL, "" },
    { "its end may not be asked: nothing is known", "5-0 breachd:pings",
      "-NOPERM this user has no permissions to run the 'xinfo|stream' command\r\n", BUSY, NULL,
      "5-0 breachd:pings" },
    { "but that the group was gone is", "5-0 breachd:pings", "-NOPERM no\r\n", MADE, DELETED,
      "5-0 breachd:pings" },
    { "an answer that is none says nothing", "5-0 breachd:pings", "*0\r\n", BUSY, NULL,
      "5-0 breachd:pings" },
    { "nor does one without an id", "5-0 breachd:pings", "*2\r\n$17\r\nlast-generated-id\r\n:7\r\n",
      BUSY, NULL, "5-0 breachd:pings" },
    { "nor is what is no id gone on from", "5-0 breachd:pings", ENDS("x-0"), MADE, DELETED,
      "5-0 breachd:pings" },
    { "nor one with what is no id", "5-0 breachd:pings", ENDS("x-0"), BUSY, NULL,
      "5-0 breachd:pings" },
};

static bool ready(void *arg)
{
    (void)arg;
    return true;
}

static bool begin(struct ping_receipt *receipt, void *arg)
{
    (void)receipt;
    (void)arg;
    return false;
}

static bool give(const struct ping *ping, struct fault *why, void *arg)
{
    (void)ping;
    (void)why;
    (void)arg;
    return false;
}

static void end(void *arg)
{
    (void)arg;
}

static void lost(const char *reason, void *arg)
{
    char *said = arg;

    assert_int_equal(said[0], '\0'); // told once
    snprintf(said, FAULT_TEXT_MAX, "%s", reason);
}

static void says(struct fake_redis *fake, const char *command, const char *bytes)
{
    fake_redis_habit(fake, (struct fake_habit){ command, FAKE_SAYS, bytes, 0 });
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct event_base *base = event_base_new();
    struct fake_redis *fake = fake_redis_create(base, NULL);
    struct ping_stream_options options = { .target = fake_redis_target(fake),
                                           .password = "",
                                           .prefix = "breachd",
                                           .site = "essex",
                                           .place = row->place };
    char said[FAULT_TEXT_MAX] = "", after[PING_STREAM_PLACE_MAX];
    struct ping_stream_callbacks callbacks = { ready, begin, give, end, lost, said };
    struct ping_stream *stream;

    signal(SIGPIPE, SIG_IGN); // as in service
    says(fake, "XINFO", row->end);
    says(fake, "XGROUP", row->group);
    says(fake, "XAUTOCLAIM", "*3\r\n$3\r\n0-0\r\n*0\r\n*0\r\n");
    fake_redis_habit(fake, (struct fake_habit){ "XREADGROUP", FAKE_SILENT, NULL, 0 });
    stream = ping_stream_create(base, NULL, &options, &callbacks);
    loop_until(base, fake_redis_heard(fake, "XREADGROUP") == 1);
    if (row->lost == NULL)
        assert_string_equal(said, "");
    else if (strstr(said, row->lost) == NULL)
        fail_msg("said: %s", said);
    ping_stream_place(stream, after);
    assert_string_equal(after, row->after);
    ping_stream_destroy(stream);
    fake_redis_destroy(fake);
    event_base_free(base);
}

int main(void)
{

    return rows_hold("ping_stream_look_rows", rows, row_holds);
}
