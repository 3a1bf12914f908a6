/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the ping stream is as it was left, by what a Redis says of its end and of the group. */
#include "adapter/redis/ping_stream.h"

#include "intake.h"
#include "loop.h"

#include <string.h>

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

static void says(const char *command, const char *bytes)
{
    fake_redis_habit(intake.fake, (struct fake_habit){ command, FAKE_SAYS, bytes, 0 });
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    char after[PING_STREAM_PLACE_MAX];

    says("XINFO", row->end);
    says("XGROUP", row->group);
    intake_start(row->place);
    loop_until(intake.base, intake_heard("XREADGROUP") == 1);
    if (row->lost == NULL)
        assert_string_equal(intake.lost, "");
    else if (strstr(intake.lost, row->lost) == NULL)
        fail_msg("said: %s", intake.lost);
    ping_stream_place(intake.stream, after);
    assert_string_equal(after, row->after);
}

int main(void)
{
    return rows_hold_in("ping_stream_loss", rows, row_holds, intake_setup, intake_teardown);
}
