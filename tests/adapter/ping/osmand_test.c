/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/osmand.h"

#include "support/taken.h"

#include "support/test.h"

#define ID     "\"device_id\":\"tag-1\""
#define COORDS "\"coords\":{\"latitude\":51.5,\"longitude\":0.4}"
#define TIME   "\"timestamp\":\"2020-06-23T20:14:05.862Z\""
#define IS     "0 tag-1 2020-06-23T20:14:05.862Z 51.5 0.4"

#define WITH(coords, rest)                                                                         \
    "{\"location\":{" TIME ",\"coords\":{\"latitude\":51.5,\"longitude\":0.4" coords "}" rest      \
    "}," ID "}"
static const struct taken_row rows[] = {
    { "the least", WITH("", ""), IS },
    { "all of it",
      WITH(",\"accuracy\":3.8,\"speed\":18.67,\"speed_accuracy\":0.26,\"heading\":63,"
           "\"heading_accuracy\":0.28,\"altitude\":35.7,\"altitude_accuracy\":3.8,\"floor\":null",
           ",\"event\":\"motionchange\",\"is_moving\":false,\"uuid\":\"0e9a\",\"odometer\":0,"
           "\"activity\":{\"type\":\"still\",\"confidence\":100},"
           "\"battery\":{\"is_charging\":false,\"level\":0.79},\"extras\":{}"),
      IS " accuracy 3.8 speed 18.67 course 63 battery 79" },
    { "-1 is unknown",
      WITH(",\"accuracy\":-1,\"speed\":-1,\"heading\":-1", ",\"battery\":{\"level\":-1}"), IS },
    { "a full battery", WITH("", ",\"battery\":{\"level\":1}"), IS " battery 100" },
    { "an empty one", WITH("", ",\"battery\":{\"level\":0}"), IS " battery 0" },
    { "battery as a number", WITH("", ",\"battery\":0.5"), IS },
    { "a phone made to lie", WITH("", ",\"mock\":true"), IS " tamper no-fix alarm mock" },
    { "a phone not made to lie", WITH("", ",\"mock\":false"), IS },
    { "mock as text", WITH("", ",\"mock\":\"yes\""), IS " tamper no-fix alarm mock" },
    { "mock as nobody writes it", WITH("", ",\"mock\":[]"), IS },
    { "speed as text", WITH(",\"speed\":\"1\"", ""), IS " speed 1" },
    { "speed as words: it hides no place", WITH(",\"speed\":\"nan\"", ""), IS },
    { "battery as text", WITH("", ",\"battery\":{\"level\":\"0.6\"}"), IS " battery 60" },
    { "a place as texts, by a phone of a language with commas",
      "{\"location\":{" TIME ",\"coords\":{\"latitude\":\"51,5\",\"longitude\":\"0,4\"}}," ID "}",
      IS },
    { "milliseconds", "{\"location\":{\"timestamp\":1592943245862," COORDS "}," ID "}", IS },

    { "several at once",
      "{\"location\":[{" TIME "," COORDS "},{" TIME "},{" TIME "," COORDS "}]," ID "}",
      IS "\n1 coords: not an object\n2 tag-1 2020-06-23T20:14:05.862Z 51.5 0.4" },
    { "none at once", "{\"location\":[]," ID "}", "" },

    { "no device", "{\"location\":{" TIME "," COORDS "}}",
      "0 device_id: neither the location nor the address names it" },
    // vitalidze/traccar-web#414: devices are called by numbers, and programs send those as numbers.
    { "a device that is a number", "{\"location\":{" TIME "," COORDS "},\"device_id\":14700100}",
      "0 14700100 2020-06-23T20:14:05.862Z 51.5 0.4" },
    { "a device that is a part of one", "{\"location\":{" TIME "," COORDS "},\"device_id\":7.5}",
      "0 device_id: not a text of 1..64 letters, digits, - _ ." },
    { "no location", "{" ID "}", "0 location: not an object" },
    { "no coords", "{\"location\":{" TIME "}," ID "}", "0 coords: not an object" },
    { "no time", "{\"location\":{" COORDS "}," ID "}", "0 tag-1 untimed 51.5 0.4" },
    { "a time of words", "{\"location\":{\"timestamp\":\"now\"," COORDS "}," ID "}",
      "0 tag-1 untimed 51.5 0.4" },
    { "no latitude", "{\"location\":{" TIME ",\"coords\":{\"longitude\":1}}," ID "}",
      "0 latitude: missing" },
    { "longitude 181",
      "{\"location\":{" TIME ",\"coords\":{\"latitude\":1,\"longitude\":181}}," ID "}",
      "0 lon: 181 is outside -180..180" },
    // home-assistant/android#863, #3030: what its app posts, and when it tells a zone's name alone
    { "Home Assistant's app",
      "{\"type\":\"update_location\",\"data\":{\"gps\":[51.5,0.4],\"gps_accuracy\":13,"
      "\"battery\":64,\"speed\":1,\"altitude\":47,\"course\":7,\"vertical_accuracy\":1}," ID "}",
      "0 tag-1 untimed 51.5 0.4 accuracy 13 speed 1 course 7 battery 64" },
    { "the name of a zone alone",
      "{\"type\":\"update_location\",\"data\":{\"location_name\":\"not_home\"}," ID "}",
      "0 tag-1 untimed nowhere no-fix" },
    { "half of its place", "{\"type\":\"update_location\",\"data\":{\"gps\":[51.5]}," ID "}",
      "0 gps: not latitude and longitude" },
    { "nothing of it", "{\"type\":\"update_location\"," ID "}", "0 data: not an object" },
    { "its sensors", "{\"type\":\"update_sensor_states\",\"data\":[]}", "0 ignored" },
    { "no object", "[]", "0 not an object" },
    { "no JSON", "id=tag-1", "not JSON: line 1, column 2: invalid token near 'id'" },
};

static void each_body_is_taken_or_refused(void **state)
{
    (void)state;
    taken_hold(osmand_read, rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_body_is_taken_or_refused) };

    return cmocka_run_group_tests_name("osmand_json", tests, NULL, NULL);
}
