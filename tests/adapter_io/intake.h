/* SPDX-License-Identifier: Apache-2.0 */
/* intake.h - the reader of the ping stream; a Redis that does as it is told, a door likewise. */
#ifndef ADAPTER_IO_INTAKE_H
#define ADAPTER_IO_INTAKE_H

#include "adapter/redis/ping_stream.h"
#include "support/fake_redis.h"

enum { INTAKE_RECEIPTS_MAX = 16 };

struct intake {
    struct event_base *base;
    struct fake_redis *fake;
    struct ping_stream *stream;
    bool ready, full; /* the door: ready to begin with */
    struct ping_receipt *receipts[INTAKE_RECEIPTS_MAX];
    size_t n; /* receipts */
    int given, refused;
    char why[FAULT_TEXT_MAX];  /* of the newest refusal */
    char lost[FAULT_TEXT_MAX]; /* what the stream was told to have lost, once; "": nothing */
};

extern struct intake intake; /* one a test */

/* For rows, whose state is the row, and for tests: a Redis without entries, and no reader yet. */
int intake_setup(void **state);
int intake_teardown(void **state);
#define intake_test(test) cmocka_unit_test_setup_teardown(test, intake_setup, intake_teardown)

/* The reader begins; what it left off at: see ping_stream.h. */
void intake_start(const char *place);

/* The next so many answers to XREADGROUP, 0: all; the newest wish stands first. */
void intake_read_says(const char *bytes, int times);

/* Answers of Redis. */
#define INTAKE_OPENING "*1\r\n*2\r\n$13\r\nbreachd:pings\r\n"
#define INTAKE_NOTHING INTAKE_OPENING "*0\r\n"
#define INTAKE_ENTRY(id)                                                                           \
    "*2\r\n$3\r\n" id "\r\n*8\r\n$6\r\ndevice\r\n$5\r\ntag-1\r\n$4\r\ntime\r\n$1\r\n1\r\n"         \
    "$3\r\nlat\r\n$1\r\n1\r\n$3\r\nlon\r\n$1\r\n1\r\n"

/* An answer with so many entries, of as many devices. The caller frees. */
char *intake_long_answer(int entries, int devices);

/* Settles receipt `nth`. */
void intake_settle(size_t nth, bool kept);

/* How many commands that begin so Redis has heard. */
int intake_heard(const char *words);

#endif
