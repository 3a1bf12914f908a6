/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/ping_entry.h"

#include "support/taken.h"

#include <stdlib.h>
#include <string.h>

#include "support/entry.h"
#include "support/test.h"

static const struct taken_row rows[] = {
#define BARE "device=tag-1|time=2020-06-23T20:14:05Z|lat=51.5|lon=0.4"
#define PING "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4"
    { "four fields are enough", BARE, PING },
    { "every field",
      BARE "|accuracy=8|speed=1.4|course=85|battery=64|source=gnss|tamper=true|seq=123",
      PING " accuracy 8 speed 1.4 course 85 battery 64 tamper" },
    { "unknown fields are ignored", BARE "|colour=red|colour=blue|Device=tag-2|=|lat2=x", PING },
    { "an empty value is as good as absent",
      BARE "|accuracy=|speed=|course=|battery=|source=|tamper=|seq=", PING },

    { "accuracy 0 is unknown", BARE "|accuracy=0", PING },
    { "accuracy -0.0 is unknown", BARE "|accuracy=-0.0", PING },
    { "accuracy 0.5 is 0.5", BARE "|accuracy=0.5", PING " accuracy 0.5" },
    { "accuracy 1e1 is 10", BARE "|accuracy=1e1", PING " accuracy 10" },
    { "accuracy in metres", BARE "|accuracy=8 m", "0 accuracy: not a number" },
    { "accuracy behind a blank", BARE "|accuracy= 8", "0 accuracy: not a number" },
    { "accuracy infinite", BARE "|accuracy=inf", "0 accuracy: not a number" },
    { "accuracy too large", BARE "|accuracy=1e999", "0 accuracy: not a number" },
    { "accuracy in hexadecimal", BARE "|accuracy=0x8", "0 accuracy: not a number" },
    { "accuracy null", BARE "|accuracy=null", "0 accuracy: not a number" },
    { "negative speed is unknown", BARE "|speed=-1", PING },
    { "speed a word", BARE "|speed=fast", "0 speed: not a number" },
    { "course 361 is unknown", BARE "|course=361", PING },
    { "course a list", BARE "|course=85,86", "0 course: not a number" },
    { "battery 0 is said", BARE "|battery=0", PING " battery 0" },
    { "battery 101 is unknown", BARE "|battery=101", PING },
    { "battery in per cent", BARE "|battery=64 %", "0 battery: not a number" },
    { "tamper 1", BARE "|tamper=1", PING " tamper" },
    { "tamper 0", BARE "|tamper=0", PING },
    { "tamper false", BARE "|tamper=false", PING },
    // psf/requests#3355
    { "tamper as Python writes it", BARE "|tamper=True", PING " tamper" },
    { "tamper yes", BARE "|tamper=yes", PING " tamper" },
    { "tamper perhaps", BARE "|tamper=perhaps", "0 tamper: neither true nor false" },
    { "no fix, and where it was", BARE "|fix=False", PING " no-fix" },
    { "no fix, and no place", "device=tag-0042|time=1592943245|fix=0",
      "0 tag-0042 2020-06-23T20:14:05.000Z nowhere no-fix" },
    { "half a place is none", "device=tag-0042|time=1592943245|fix=0|lat=51.5", "0 lon: missing" },
    { "a place is needed with a fix", "device=tag-0042|time=1592943245|fix=1", "0 lat: missing" },
    { "an alarm", BARE "|alarm=jamming", PING " tamper alarm jamming" },
    { "two alarms", BARE "|alarm=sos,lowPower", PING " battery-low alarm sos,lowPower" },
    { "seq negative", BARE "|seq=-5", PING },
    { "seq with a fraction", BARE "|seq=1.5", "0 seq: not a whole number" },
    { "seq with a sign alone", BARE "|seq=-", "0 seq: not a whole number" },
    { "seq over 64 bits", BARE "|seq=9223372036854775808", "0 seq: not a whole number" },
    { "source is any text", BARE "|source=\xff\xfe", PING },

#define REST  "|time=2020-06-23T20:14:05Z|lat=51.5|lon=0.4"
#define NO_ID "0 device: not a text of 1..64 letters, digits, - _ ."
    { "no field", "", "0 device: missing" },
    { "no known field", "colour=red", "0 device: missing" },
    { "no device", "time=0|lat=1|lon=1", "0 device: missing" },
    { "device empty", "device=" REST, "0 device: missing" },
    { "device with a slash", "device=a/b" REST, NO_ID },
    { "device of 65 characters",
      "device=0123456789012345678901234567890123456789012345678901234567890123x" REST, NO_ID },
    { "device of 64 characters",
      "device=0123456789012345678901234567890123456789012345678901234567890123" REST,
      "0 0123456789012345678901234567890123456789012345678901234567890123 "
      "2020-06-23T20:14:05.000Z 51.5 0.4" },

#define AT(lat, lon) "device=t|time=0|lat=" lat "|lon=" lon
    { "whole degrees", AT("51", "-1"), "0 t 1970-01-01T00:00:00.000Z 51 -1" },
    { "the ends of the map", AT("90", "-180"), "0 t 1970-01-01T00:00:00.000Z 90 -180" },
    { "lat 151.5", AT("151.5", "0"), "0 lat: 151.5 is outside -90..90" },
    { "lon 180.1", AT("0", "180.1"), "0 lon: 180.1 is outside -180..180" },
    { "lat empty", AT("", "0"), "0 lat: missing" },
    { "lat a word", AT("north", "0"), "0 lat: not a number" },
    { "lon with a comma", AT("0", "0,4"), "0 lon: not a number" },
    { "no lon", "device=t|time=0|lat=1", "0 lon: missing" },

#define WHEN(time)   "device=t|lat=1|lon=1|time=" time
#define IS(time)     "0 t " time " 1 1"
#define IS_NOT(time) "0 time: \"" time "\" is not like 2020-06-23T20:14:05Z"
    { "seconds", WHEN("1592943245"), IS("2020-06-23T20:14:05.000Z") },
    { "seconds with a fraction", WHEN("1592943245.25"), IS("2020-06-23T20:14:05.250Z") },
    { "milliseconds", WHEN("1592943245250"), IS("2020-06-23T20:14:05.250Z") },
    { "an offset", WHEN("2020-06-23T21:14:05+01:00"), IS("2020-06-23T20:14:05.000Z") },
    { "no offset", WHEN("2020-06-23T20:14:05"), IS_NOT("2020-06-23T20:14:05") },
    { "yesterday", WHEN("yesterday"), IS_NOT("yesterday") },
    { "of bytes that are no text", WHEN("\x01\xff\"\x1b"), IS_NOT("??\"?") },
    { "very long", WHEN("0123456789x123456789x123456789x123456789x123456789x"),
      IS_NOT("0123456789x123456789x123456789x123456789") },
    { "before 1970", WHEN("-1"), IS("1970-12-31T23:59:59.000Z") },
    { "after 2200", WHEN("1e13"), IS("2200-02-05T17:46:40.000Z") },
    { "no time", "device=t|lat=1|lon=1", "0 time: missing" },

    { "a field twice", BARE "|lat=51.5", "0 lat: given twice" },
    { "a field twice, once empty", "device=|" BARE, "0 device: given twice" },

#define JSON "{\"device\":\"tag-1\",\"time\":\"2020-06-23T20:14:05Z\",\"lat\":51.5,\"lon\":0.4}"
    { "as JSON", "ping=" JSON, PING },
    { "as JSON, whatever stands beside it", "ping=" JSON "|device=tag-2|time=x", PING },
    { "as JSON twice", "ping=" JSON "|ping=" JSON, "0 ping: given twice" },
    { "a list of JSON", "ping=[" JSON "]", "0 not an object" },
    { "two of them", "ping=" JSON JSON,
      "0 not JSON: line 1, column 70: end of file expected near '{'" },
    { "nothing as JSON",
      "ping=", "0 not JSON: line 1, column 0: unexpected token near end of file" },
    { "JSON that is refused", "ping={\"device\":5}", NO_ID },
};

/* A ping_reader of one entry, its fields parted by `|`. */
static bool read_entry(const struct ping_body *body, ping_taker *take, void *arg, struct fault *why)
{
    struct entry_text texts[ENTRY_TEXTS_MAX];
    char *copy = strndup(body->bytes, body->n);
    size_t n = entry_split(copy, body->n, '|', texts);
    struct fault refused;
    struct ping ping;

    (void)why;
    if (ping_entry_read(texts, n, &ping, &refused))
        take(&ping, 0, NULL, arg);
    else
        take(&ping, 0, refused.text, arg);
    free(copy);
    return true;
}

static void each_entry_is_read_or_refused(void **state)
{
    (void)state;
    taken_hold(read_entry, rows);
}

static void refused(const struct entry_text *texts, size_t n, const char *want)
{
    struct fault why;
    struct ping ping;

    assert_false(ping_entry_read(texts, n, &ping, &why));
    assert_string_equal(why.text, want);
}

/* So that somebody can be told of whom nothing is seen. */
static void what_is_refused_says_of_which_device(void **state)
{
    static const struct {
        struct entry_text texts[6];
        size_t n;
        const char *device;
    } entries[] = {
        { { { "device", 6 }, { "tag-1", 5 }, { "time", 4 }, { "0", 1 }, { "lat", 3 }, { "x", 1 } },
          6,
          "tag-1" },
        { { { "ping", 4 }, { "{\"device\":\"tag-1\",\"time\":\"x\"}", 29 } }, 2, "tag-1" },
        { { { "ping", 4 }, { "{", 1 } }, 2, "" },
        { { { "device", 6 }, { "a b", 3 } }, 2, "" },
        { { { "device", 6 }, { "tag-1", 5 }, { "device", 6 }, { "tag-1", 5 } }, 4, "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        struct fault why;
        struct ping ping = { .device = "tag-9" };

        assert_false(ping_entry_read(entries[i].texts, entries[i].n, &ping, &why));
        assert_string_equal(ping.device, entries[i].device);
    }
}

/* Behind a NUL a text would end early: "tag-1" must not pass for what it is not. */
static void a_nul_ends_no_value(void **state)
{
    struct entry_text texts[] = { { "device", 6 }, { "tag-1\0x", 7 }, { "time", 4 }, { "0", 1 },
                                  { "lat", 3 },    { "1", 1 },        { "lon", 3 },  { "1", 1 },
                                  { "speed", 5 },  { "1\0", 2 } };

    (void)state;
    refused(texts, 10, "device: not a text of 1..64 letters, digits, - _ .");
    texts[1] = (struct entry_text){ "tag-1", 5 };
    refused(texts, 10, "speed: not a number");
    texts[9] = (struct entry_text){ "1", 1 };
    texts[3] = (struct entry_text){ "0\0", 2 };
    refused(texts, 10, "time: \"0\" is not like 2020-06-23T20:14:05Z");
    texts[0] = (struct entry_text){ "device\0", 7 };
    refused(texts, 10, "device: missing");
}

static void a_name_without_a_value_is_nothing(void **state)
{
    const struct entry_text texts[] = { { "ping", 4 } };

    (void)state;
    refused(texts, 1, "device: missing");
    refused(texts, 0, "device: missing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_entry_is_read_or_refused),
        cmocka_unit_test(what_is_refused_says_of_which_device),
        cmocka_unit_test(a_nul_ends_no_value),
        cmocka_unit_test(a_name_without_a_value_is_nothing),
    };

    return cmocka_run_group_tests_name("ping_entry", tests, NULL, NULL);
}
