/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/osmand_query.h"

#include "support/taken.h"

#include <string.h>

#include "support/test.h"

#define BASE "id=tag-1&timestamp=1592943245&lat=51.5&lon=0.4"
#define IS   "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4"
static const struct taken_row rows[] = {
    { "the least", BASE, IS },
    { "deviceid for id", "deviceid=tag-1&timestamp=1592943245&lat=51.5&lon=0.4", IS },
    // osmandapp/OsmAnd LiveMonitoringData: hdop is Location.getAccuracy, speed getSpeed. (#3445)
    { "as OsmAnd sends it: hdop in metres, speed in m/s",
      BASE "&hdop=6.0&altitude=224.0&speed=4.5&bearing=85.5",
      IS " accuracy 6 speed 4.5 course 85.5" },
    { "its battery", BASE "&hdop=12.864&altitude=0.0&speed=0.0&bearing=0.0&batproc=64",
      IS " accuracy 12.864 speed 0 course 0 battery 64" },
    { "its accuracy when it has none", BASE "&hdop=0.0&altitude=0.0&speed=0.0", IS " speed 0" },
    { "a tracker's dilution in that template", BASE "&hdop=1.2&altitude=30&speed=9",
      IS " speed 9" },
    // osmandapp/OsmAnd#4472: what got no 2xx was sent again and again
    { "a template of longer names",
      "latitude=51.5&longitude=0.4&timestamp=1592943245&hdop=10.0&altitude=0.0&speed=0.0&"
      "reporter=OsmAnd&bearing=0.0&id=tag-1",
      IS " accuracy 10 speed 0 course 0" },
    { "a template without altitude",
      "id=tag-1&lat=51.5&lon=0.4&timestamp=1592943245&hdop=20.5&speed=4.5",
      IS " accuracy 20.5 speed 4.5" },
    { "beside an accuracy it is a tracker's", BASE "&hdop=6&altitude=30&speed=1&accuracy=0",
      IS " accuracy 60 speed 0.5144444444" },
    // traccar/traccar#1664: a tracker of its own order
    { "in another order it is a tracker's: a dilution and knots",
      BASE "&speed=1&altitude=433.10&heading=108.42&hdop=8",
      IS " accuracy 80 speed 0.5144444444 course 108.42" },
    { "no dilution is told to be worse than 210 m", // of 11 satellites: in hundredths
      BASE "&speed=0&altitude=433.10&heading=108.42&hdop=81&sat=11",
      IS " accuracy 210 speed 0 course 108.42" },
    { "an altitude twice is nothing to us", BASE "&altitude=1&altitude=2", IS },
    { "as Traccar Client sends it",
      BASE "&speed=10.0&bearing=90.0&altitude=12.0&accuracy=8.0&batt=64.0&charge=true",
      IS " accuracy 8 speed 5.144444444 course 90 battery 64" },
    { "order does not matter", "lon=0.4&lat=51.5&timestamp=1592943245&id=tag-1", IS },
    { "location for lat and lon", "id=tag-1&timestamp=1592943245&location=51.5,0.4", IS },
    { "its comma encoded", "id=tag-1&timestamp=1592943245&location=51.5%2C0.4", IS },
    { "negative degrees", "id=tag-1&timestamp=1592943245&lat=-51.5&lon=-0.4",
      "0 tag-1 2020-06-23T20:14:05.000Z -51.5 -0.4" },
    { "cells and stations of WLAN are ignored", BASE "&cell=257,02,16,2224&cell=1,2,3,4&wifi=a,-7",
      IS },
    { "an empty one counts as absent", BASE "&batt=&accuracy=&valid=&mock=", IS },

    { "accuracy 0 is unknown", BASE "&accuracy=0", IS },
    { "accuracy goes before hdop", BASE "&accuracy=8&hdop=1", IS " accuracy 8" },
    { "a good hdop is no accuracy", BASE "&accuracy=0&hdop=1.5", IS },
    { "a poor hdop: 10 m each", BASE "&accuracy=0&hdop=3.5", IS " accuracy 35" },
    { "hdop 0 is unknown", BASE "&hdop=0", IS },
    { "speed in knots", BASE "&speed=1", IS " speed 0.5144444444" },
    { "speed -1 is unknown", BASE "&speed=-1", IS },
    { "heading for bearing", BASE "&heading=271", IS " course 271" },
    { "battery 101 is unknown", BASE "&batt=101", IS },
    { "volts are no per cents", BASE "&batt=11.43", IS },
    { "nor are those of one cell", BASE "&batt=3.92", IS },
    { "a float's error is none", BASE "&batt=11.000000476837158", IS " battery 11.00000048" },
    { "a full one by a finer scale", BASE "&batt=88.5", IS " battery 88.5" },

    { "valid=true", BASE "&valid=true", IS },
    { "valid=1", BASE "&valid=1", IS },
    { "valid=True, as Python says it", BASE "&valid=True", IS },
    { "mock=TRUE", BASE "&mock=TRUE", IS " tamper no-fix alarm mock" },
    { "valid=false is kept and not trusted", BASE "&valid=false", IS " no-fix" },
    { "valid=0 too", BASE "&valid=0", IS " no-fix" },
    { "valid=perhaps too", BASE "&valid=perhaps", IS " no-fix" },
    { "a phone made to lie", BASE "&mock=true", IS " tamper no-fix alarm mock" },
    { "and cut off", BASE "&mock=true&alarm=removing,sos",
      IS " tamper no-fix alarm mock,removing,sos" },
    { "a phone not made to lie", BASE "&mock=false", IS },

    { "an alarm of tampering", BASE "&alarm=tampering", IS " tamper alarm tampering" },
    { "of the battery", BASE "&alarm=lowBattery", IS " battery-low alarm lowBattery" },
    { "another is kept", BASE "&alarm=sos", IS " alarm sos" },
    { "none", BASE "&alarm=", IS },
    { "two: neither is lost", BASE "&alarm=powerCut&alarm=sos", IS " tamper alarm sos" },
    { "without a fix", BASE "&alarm=jamming&valid=false", IS " tamper no-fix alarm jamming" },

    { "a plus before it, not escaped", "id=tag-1&timestamp=1592943245&lat=+51.5&lon=0.4", IS },
    { "a blank after the comma", "id=tag-1&timestamp=1592943245&location=51.5,%200.4", IS },

    { "milliseconds", "id=tag-1&timestamp=1592943245250&lat=51.5&lon=0.4",
      "0 tag-1 2020-06-23T20:14:05.250Z 51.5 0.4" },
    { "ISO, encoded", "id=tag-1&timestamp=2020-06-23T20%3A14%3A05Z&lat=51.5&lon=0.4", IS },
    { "ISO, its plus lost", "id=tag-1&timestamp=2020-06-23T21:14:05+01:00&lat=51.5&lon=0.4", IS },
    { "ISO, its plus kept", "id=tag-1&timestamp=2020-06-23T21:14:05%2B01:00&lat=51.5&lon=0.4", IS },
    { "a date and a time", "id=tag-1&timestamp=2020-06-23+20:14:05&lat=51.5&lon=0.4", IS },

#define NOW "0 tag-1 untimed 51.5 0.4"
    { "no id", "timestamp=1&lat=51.5&lon=0.4", "0 id: missing" },
    { "an empty id", "id=&timestamp=1&lat=51.5&lon=0.4", "0 id: missing" },
    { "an id with a slash", "id=a%2Fb&timestamp=1&lat=51.5&lon=0.4",
      "0 id: not 1..64 letters, digits, - _ ." },
    { "no time", "id=tag-1&lat=51.5&lon=0.4", NOW },
    { "a time of words", "id=tag-1&timestamp=now&lat=51.5&lon=0.4", NOW },
    { "microseconds", "id=tag-1&timestamp=1592943245250000&lat=51.5&lon=0.4",
      "0 tag-1 2200-11-25T02:47:30.000Z 51.5 0.4" },
    { "no place", "id=tag-1&timestamp=1&cell=257,02,16,2224", "0 lat: missing" },
    // traccar/traccar#4915: a strap is cut where no satellite is heard, too
    { "an alarm without a place", "id=tag-1&timestamp=1592943245&alarm=removing",
      "0 tag-1 2020-06-23T20:14:05.000Z nowhere tamper no-fix alarm removing" },
    { "any alarm", "id=tag-1&timestamp=1592943245&alarm=lowBattery",
      "0 tag-1 2020-06-23T20:14:05.000Z nowhere battery-low no-fix alarm lowBattery" },
    { "no fix, and no place", "id=tag-1&timestamp=1592943245&valid=false",
      "0 tag-1 2020-06-23T20:14:05.000Z nowhere no-fix" },
    { "an alarm and half a place", "id=tag-1&timestamp=1&lat=51.5&alarm=removing",
      "0 lon: missing" },
    { "half a place", "id=tag-1&timestamp=1&lat=51.5", "0 lon: missing" },
    { "latitude 91", "id=tag-1&timestamp=1&lat=91&lon=0.4", "0 lat: 91 is outside -90..90" },
    { "longitude 181", "id=tag-1&timestamp=1&lat=51.5&lon=181", "0 lon: 181 is outside -180..180" },
    // tinuzz/wp-plugin-trackserver#12: a phone of a language with decimal commas
    { "decimal commas", "id=tag-1&timestamp=1592943245&lat=51,5&lon=0,4&accuracy=8,5",
      IS " accuracy 8.5" },
    { "in one location", "id=tag-1&timestamp=1592943245&location=51,5,0,4", IS },
    { "two commas", "id=tag-1&timestamp=1&lat=5,1,5&lon=0.4", "0 lat: not a number" },
    { "latitude nan", "id=tag-1&timestamp=1&lat=nan&lon=0.4", "0 lat: not a number" },
    { "latitude 0x33", "id=tag-1&timestamp=1&lat=0x33&lon=0.4", "0 lat: not a number" },
    { "latitude 1e999", "id=tag-1&timestamp=1&lat=1e999&lon=0.4", "0 lat: not a number" },
    { "half a location", "id=tag-1&timestamp=1&location=51.5", "0 location: not like 51.5,0.4" },
    { "a location of three", "id=tag-1&timestamp=1&location=51.5,0.4,12",
      "0 location: not like 51.5,0.4" },
    { "a location of words", "id=tag-1&timestamp=1&location=here,there",
      "0 location: not like 51.5,0.4" },
    { "a place twice", "id=tag-1&timestamp=1&location=51.5,0.4&lat=51.5&lon=0.4",
      "0 location: given beside lat and lon" },
    { "speed of words", BASE "&speed=fast", IS },
    { "accuracy of words", BASE "&accuracy=8m", IS },
    { "a template that nobody filled in", BASE "&speed=%25SPD&batt=%25BATT&hdop=null", IS },
    { "two ids", BASE "&id=tag-2", "0 id: given twice" },
    { "an id of each name", BASE "&deviceid=tag-2", "0 deviceid: given twice" },
    { "the same twice is no riddle", BASE "&deviceid=tag-1&lat=51.5&longitude=0.4", IS },
    { "of all else the first counts", BASE "&bearing=85&heading=90&timestamp=1", IS " course 85" },
    { "two latitudes", BASE "&lat=51.6", "0 lat: given twice" },

    { "nothing", "", "0 id: missing" },
    { "no =", "hello", "0 id: missing" },
    { "no = among others", BASE "&ignition&accuracy=8", IS " accuracy 8" },
    { "nothing between two &", "&&id=tag-1&&timestamp=1592943245&lat=51.5&lon=0.4&&", IS },
    { "no name", BASE "&=1", IS },
    { "a NUL behind the id", "id=tag-1%00x&timestamp=1&lat=51.5&lon=0.4", "0 id: missing" },
    { "a NUL in an alarm", BASE "&alarm=%00", IS },
    { "a % at the end", BASE "&alarm=sos%4", IS " alarm sos%4" },
    { "a % that encodes nothing", "id=tag-1%zz&timestamp=1&lat=51.5&lon=0.4",
      "0 id: not 1..64 letters, digits, - _ ." },
};

static void each_query_is_taken_or_refused(void **state)
{
    (void)state;
    taken_hold(osmand_query_read, rows);
}

/* Whatever template somebody has typed. On Android it has the system's. */
static void osmand_is_known_by_its_user_agent(void **state)
{
    static const char query[] = BASE "&speed=4.5&hdop=6.0";
    struct ping_body body = { .bytes = query, .n = sizeof query - 1, .agent = "OsmAnd+ 4.7" };
    struct taken taken;

    (void)state;
    taken_all(osmand_query_read, &body, &taken);
    assert_string_equal(taken.text, IS " accuracy 6 speed 4.5");
    body.agent = "Dalvik/2.1.0 (Linux; U; Android 14)";
    taken_all(osmand_query_read, &body, &taken);
    assert_string_equal(taken.text, IS " accuracy 6 speed 4.5");
    body.agent = "SIM800";
    taken_all(osmand_query_read, &body, &taken);
    assert_string_equal(taken.text, IS " accuracy 60 speed 2.315");
}

static void a_bare_nul_is_refused(void **state)
{
    static const char bytes[] = BASE "\0&batt=5";
    struct ping_body body = { .bytes = bytes, .n = sizeof bytes - 1 };
    struct taken taken;

    (void)state;
    taken_all(osmand_query_read, &body, &taken);
    assert_string_equal(taken.text, "query: holds a NUL");
}

/* 8,192 bytes are read, one more is not. */
static void a_long_query_is_refused(void **state)
{
    static char bytes[OSMAND_QUERY_MAX + 2] = BASE "&x=";
    struct ping_body body = { .bytes = bytes, .n = OSMAND_QUERY_MAX };
    struct taken taken;

    (void)state;
    memset(bytes + strlen(bytes), 'y', sizeof bytes - 1 - strlen(bytes));
    taken_all(osmand_query_read, &body, &taken);
    assert_string_equal(taken.text, IS);
    body.n++;
    taken_all(osmand_query_read, &body, &taken);
    assert_string_equal(taken.text, "query: longer than 8192 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_query_is_taken_or_refused),
        cmocka_unit_test(osmand_is_known_by_its_user_agent),
        cmocka_unit_test(a_bare_nul_is_refused),
        cmocka_unit_test(a_long_query_is_refused),
    };

    return cmocka_run_group_tests_name("osmand_query", tests, NULL, NULL);
}
