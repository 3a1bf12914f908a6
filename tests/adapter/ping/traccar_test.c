/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/traccar.h"

#include "support/taken.h"

#include "support/test.h"

#define DEVICE "\"device\":{\"id\":1,\"name\":\"his tag\",\"uniqueId\":\"tag-1\"}"
#define TIME   "\"fixTime\":\"2020-06-23T20:14:05.250+00:00\""
#define PLACE  "\"latitude\":51.5,\"longitude\":0.4"
#define IS     "0 tag-1 2020-06-23T20:14:05.250Z 51.5 0.4"

#define WITH(members) "{\"position\":{" TIME "," PLACE members "}," DEVICE "}"
#define AT(time)      "{\"position\":{" time "," PLACE "}," DEVICE "}"
static const struct taken_row rows[] = {
    { "the least", WITH(""), IS },
    { "all of it",
      WITH(",\"id\":566,\"attributes\":{\"batteryLevel\":66,\"distance\":25.79,\"motion\":false,"
           "\"hdop\":1.1},\"deviceId\":1,\"type\":null,\"protocol\":\"osmand\","
           "\"serverTime\":\"2020-06-23T20:14:06.279+00:00\",\"outdated\":false,\"valid\":true,"
           "\"altitude\":0,\"speed\":10,\"course\":85,\"address\":null,\"accuracy\":24.04,"
           "\"network\":null,\"geofenceIds\":null"),
      IS " accuracy 24.04 speed 5.144444444 course 85 battery 66" },
    { "+0000", AT("\"fixTime\":\"2020-06-23T20:14:05.250+0000\""), IS },
    { "Z", AT("\"fixTime\":\"2020-06-23T20:14:05.250Z\""), IS },
    { "milliseconds", AT("\"fixTime\":1592943245250"), IS },
    { "the fix, not the report",
      AT("\"deviceTime\":\"2020-06-23T20:20:00Z\",\"fixTime\":\"2020-06-23T20:14:05.250Z\""), IS },
    { "the report, where no fix is told",
      AT("\"fixTime\":null,\"deviceTime\":\"2020-06-23T20:14:05.250Z\""), IS },
    { "no time but the server's", AT("\"serverTime\":\"2020-06-23T20:14:05.250Z\""),
      "0 tag-1 untimed 51.5 0.4" },
    { "a time of words", AT("\"fixTime\":\"now\""), "0 tag-1 untimed 51.5 0.4" },

    { "accuracy 0 is unknown", WITH(",\"accuracy\":0.0"), IS },
    { "a poor hdop then: 10 m each", WITH(",\"accuracy\":0,\"attributes\":{\"hdop\":4}"),
      IS " accuracy 40" },
    { "battery 101 is unknown", WITH(",\"attributes\":{\"batteryLevel\":101}"), IS },
    { "attributes null", WITH(",\"attributes\":null"), IS },
    { "not valid: kept, not trusted", WITH(",\"valid\":false"), IS " no-fix" },
    { "outdated: kept, not trusted", WITH(",\"valid\":true,\"outdated\":true"), IS " no-fix" },
    // Traccar's client tells when another app says where it is (traccar-client-android#74).
    { "a phone made to lie", WITH(",\"valid\":true,\"attributes\":{\"mock\":true}"),
      IS " tamper no-fix alarm mock" },
    { "and as its query was read", WITH(",\"attributes\":{\"mock\":1.0}"),
      IS " tamper no-fix alarm mock" },
    { "a phone that is not", WITH(",\"attributes\":{\"mock\":false}"), IS },
    // traccar/traccar#2945: by masts; the server vouches, and OpenCellID knows no accuracy
    { "approximate, and nobody knows how far",
      WITH(",\"valid\":true,\"accuracy\":0.0,\"attributes\":{\"approximate\":true,\"hdop\":4}"),
      IS " accuracy 40 no-fix" },
    { "approximate, by so much",
      WITH(",\"valid\":true,\"accuracy\":1414.0,\"attributes\":{\"approximate\":true}"),
      IS " accuracy 1414" },
    { "not approximate", WITH(",\"attributes\":{\"approximate\":false}"), IS },
    { "valid null is as good as absent", WITH(",\"valid\":null,\"outdated\":null"), IS },
    { "valid as text", WITH(",\"valid\":\"true\""), IS },
    { "speed as text", WITH(",\"speed\":\"1\""), IS " speed 0.5144444444" },
    // traccar/traccar#2809: {"alarm":false,"battery":0,...} of an old server
    { "no alarm, as old servers say it", WITH(",\"attributes\":{\"alarm\":false}"), IS },
    { "attributes that an operator computes",
      WITH(",\"attributes\":{\"batteryLevel\":\"64\",\"hdop\":\"poor\"}"), IS " battery 64" },
    { "tampered with", WITH(",\"attributes\":{\"alarm\":\"tampering\"}"),
      IS " tamper alarm tampering" },
    { "taken off, among others", WITH(",\"attributes\":{\"alarm\":\"lowBattery,removing\"}"),
      IS " tamper battery-low alarm lowBattery,removing" },
    { "another alarm", WITH(",\"attributes\":{\"alarm\":\"sos,tamperingly\"}"),
      IS " alarm sos,tamperingly" },

    { "an event with a position",
      "{\"event\":{\"type\":\"ignitionOn\"},\"position\":{" TIME "," PLACE "}," DEVICE "}", IS },
    { "an event without", "{\"event\":{\"type\":\"deviceOnline\"},\"position\":null," DEVICE "}",
      "0 ignored" },
    { "several", "[" WITH("") ",{}," WITH(",\"valid\":false") "]",
      IS "\n1 position: not an object\n2 tag-1 2020-06-23T20:14:05.250Z 51.5 0.4 no-fix" },
    { "none", "[]", "" },

    { "no position", "{" DEVICE "}", "0 position: not an object" },
    { "no device", "{\"position\":{" TIME "," PLACE ",\"deviceId\":1}}", "0 device: missing" },
    { "a device without its id", "{\"position\":{" TIME "," PLACE "},\"device\":{\"id\":1}}",
      "0 uniqueId: missing" },
    { "a device whose id is none of ours",
      "{\"position\":{" TIME "," PLACE "},\"device\":{\"uniqueId\":\"his tag\"}}",
      "0 uniqueId: not a text of 1..64 letters, digits, - _ ." },
    { "a device whose id is a number",
      "{\"position\":{" TIME "," PLACE "},\"device\":{\"uniqueId\":353506112457668}}",
      "0 353506112457668 2020-06-23T20:14:05.250Z 51.5 0.4" },
    { "no latitude", "{\"position\":{" TIME ",\"longitude\":1}," DEVICE "}",
      "0 latitude: missing" },
    { "latitude 91", "{\"position\":{" TIME ",\"latitude\":91,\"longitude\":1}," DEVICE "}",
      "0 lat: 91 is outside -90..90" },
    { "no object", "7", "0 not an object" },
    { "no JSON", "", "not JSON: line 1, column 0: unexpected token near end of file" },
};

static void each_position_is_taken_or_refused(void **state)
{
    (void)state;
    taken_hold(traccar_read, rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_position_is_taken_or_refused) };

    return cmocka_run_group_tests_name("traccar_json", tests, NULL, NULL);
}
