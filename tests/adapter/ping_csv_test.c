/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping_csv.h"

#include "taken.h"

#include <string.h>

#include "support/test.h"

#define HEAD "device,time,lat,lon,accuracy\n"
#define NONE "no line of names like device,time,lat,lon,accuracy"

static const struct taken_row rows[] = {
    { "the least", "device,time,lat,lon\ntag-1,1592943245,51.5,0.4\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4" },
    { "other names, capitals, any order",
      "Longitude,LATITUDE,Timestamp,ID\n0.4,51.5,1592943245,tag-1\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4" },
    { "no end of the last line, lines of Windows",
      "device,time,lat,lon\r\ntag-1,2020-06-23T20:14:05Z,51.5,0.4\r\ntag-2,1592943245,51.5,0.4",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4\n1 tag-2 2020-06-23T20:14:05.000Z 51.5 0.4" },
    { "quotes, and commas in them", HEAD "\"tag-1\",\"1592943245\",\"51.5\",\"0.4\",\"8\"\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4 accuracy 8" },
    { "a column that nobody knows, with commas and quotes",
      "note,device,time,lat,lon\n\"at 5, he \"\"said\"\"\",tag-1,1592943245,51.5,0.4\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4" },
    { "all that a ping may have",
      "device,time,lat,lon,accuracy,speed,course,battery,tamper\n"
      "tag-1,1592943245,51.5,0.4,8,1.4,85,64,true\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4 accuracy 8 speed 1.4 course 85 battery 64 "
      "tamper" },
    { "empty is not given, accuracy 0 is unknown",
      HEAD "tag-1,1592943245,51.5,0.4,\ntag-1,1592943246,51.5,0.4,0\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4\n1 tag-1 2020-06-23T20:14:06.000Z 51.5 0.4" },
    { "a poor hdop: 10 m each", "device,time,lat,lon,hdop\ntag-1,1592943245,51.5,0.4,3.5\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4 accuracy 35" },
    { "blank lines do not count", HEAD "\n\ntag-1,1592943245,51.5,0.4,8\n\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4 accuracy 8" },
    { "a short line lacks what is at its end", HEAD "tag-1,1592943245,51.5\n", "0 lon: missing" },
    { "off the map", HEAD "tag-1,1592943245,151.5,0.4,8\n", "0 lat: 151.5 is outside -90..90" },
    { "no number", HEAD "tag-1,1592943245,north,0.4,8\n", "0 lat: not a number" },
    { "no time", HEAD "tag-1,yesterday,51.5,0.4,8\n",
      "0 time: neither seconds, milliseconds nor like 2020-06-23T20:14:05Z" },
    { "no device", HEAD ",1592943245,51.5,0.4,8\n", "0 device: missing" },
    { "no name of a device", HEAD "tag 1,1592943245,51.5,0.4,8\n",
      "0 device: not 1..64 letters, digits, - _ ." },
    { "a quote that does not end", HEAD "\"tag-1,1592943245,51.5,0.4,8\n",
      "0 device: not 1..64 letters, digits, - _ ." },
    { "no names", "tag-1,1592943245,51.5,0.4\n", NONE },
    { "nothing", "", NONE },
};

static void each_row_is_read_as_it_stands(void **state)
{
    (void)state;
    taken_hold(ping_csv_read, rows);
}

static void a_line_too_long_is_a_ping_without_anything(void **state)
{
    static char text[3 * PING_CSV_LINE_MAX] = HEAD;
    struct taken taken;

    (void)state;
    memset(text + strlen(text), 'x', PING_CSV_LINE_MAX);
    strcat(text, "\ntag-1,1592943245,51.5,0.4,8\n");
    taken_all(ping_csv_read, &(struct ping_body){ .bytes = text, .n = strlen(text) }, &taken);
    assert_string_equal(taken.text, "0 device: missing\n"
                                    "1 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4 accuracy 8");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_is_read_as_it_stands),
        cmocka_unit_test(a_line_too_long_is_a_ping_without_anything),
    };

    return cmocka_run_group_tests_name("ping_csv", tests, NULL, NULL);
}
