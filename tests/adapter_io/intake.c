/* SPDX-License-Identifier: Apache-2.0 */
#include "intake.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

enum { SAID_MAX = 256 * 1024 };

struct intake intake;

static bool ready(void *arg)
{
    (void)arg;
    return intake.ready;
}

static bool begin(struct ping_receipt *receipt, void *arg)
{
    (void)arg;
    if (intake.full)
        return false;
    assert_in_range(intake.n, 0, INTAKE_RECEIPTS_MAX - 1);
    intake.receipts[intake.n++] = receipt;
    return true;
}

static bool give(const struct ping *ping, struct fault *why, void *arg)
{
    (void)ping;
    (void)why;
    (void)arg;
    intake.given++;
    return true;
}

static void refuse(const char *device, const char *why, void *arg)
{
    (void)device;
    (void)arg;
    intake.refused++;
    snprintf(intake.why, sizeof intake.why, "%s", why);
}

static void end(void *arg)
{
    (void)arg;
}

static void lost(const char *reason, void *arg)
{
    (void)arg;
    assert_string_equal(intake.lost, ""); // told once
    snprintf(intake.lost, sizeof intake.lost, "%s", reason);
}

int intake_setup(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN); // as in service
    memset(&intake, 0, sizeof intake);
    intake.ready = true;
    intake.base = event_base_new();
    intake.fake = fake_redis_create(intake.base, NULL);
    fake_redis_habit(intake.fake, (struct fake_habit){ "XREADGROUP", FAKE_SILENT, NULL, 0 });
    fake_redis_habit(intake.fake, (struct fake_habit){ "XAUTOCLAIM", FAKE_SAYS,
                                                       "*3\r\n$3\r\n0-0\r\n*0\r\n*0\r\n", 0 });
    return 0;
}

int intake_teardown(void **state)
{
    (void)state;
    ping_stream_destroy(intake.stream);
    for (size_t i = 0; i < intake.n; i++)
        ping_stream_settle(intake.receipts[i], false); // whom nobody asks for any more
    fake_redis_destroy(intake.fake);
    event_base_free(intake.base);
    return 0;
}

void intake_start(const char *place)
{
    struct ping_stream_options options = { .target = fake_redis_target(intake.fake),
                                           .password = "",
                                           .prefix = "breachd",
                                           .site = "essex",
                                           .place = place };
    struct ping_stream_callbacks callbacks = { ready, begin, give, refuse, end, lost, NULL };

    intake.stream = ping_stream_create(intake.base, NULL, &options, &callbacks);
    assert_non_null(intake.stream);
}

void intake_read_says(const char *bytes, int times)
{
    fake_redis_habit(intake.fake, (struct fake_habit){ "XREADGROUP", FAKE_SAYS, bytes, times });
}

char *intake_long_answer(int entries, int devices)
{
    char *said = malloc(SAID_MAX);
    size_t used = (size_t)snprintf(said, SAID_MAX, INTAKE_OPENING "*%d\r\n", entries);

    for (int i = 0; i < entries; i++)
        used += (size_t)snprintf(said + used, SAID_MAX - used,
                                 "*2\r\n$5\r\n1-%03d\r\n*8\r\n$6\r\ndevice\r\n$7\r\ntag-%03d\r\n"
                                 "$4\r\ntime\r\n$1\r\n1\r\n$3\r\nlat\r\n$1\r\n1\r\n"
                                 "$3\r\nlon\r\n$1\r\n1\r\n",
                                 i, i % devices);
    return said;
}

void intake_settle(size_t nth, bool kept)
{
    ping_stream_settle(intake.receipts[nth], kept);
    intake.receipts[nth] = intake.receipts[--intake.n];
}

int intake_heard(const char *words)
{
    return fake_redis_heard(intake.fake, words);
}
