/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/overland.h"

#include "support/taken.h"

#include <string.h>

#include "support/test.h"

#define TIME "\"timestamp\":\"2020-06-23T20:14:05Z\""
#define POINT(degrees)                                                                             \
    "\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[" degrees "]}"
#define FEATURE(members) "{" POINT("0.4,51.5") ",\"properties\":{" TIME members "}}"
#define ONE(members)     "{\"locations\":[" FEATURE(",\"device_id\":\"tag-1\"" members) "]}"
#define IS               "tag-1 2020-06-23T20:14:05.000Z 51.5 0.4"
static const struct taken_row features[] = {
    { "the least", ONE(""), "0 " IS },
    // aaronpk/Overland-iOS README; Freika/dawarich#1211
    { "as Overland sends it",
      ONE(",\"speed\":3,\"battery_state\":\"unplugged\",\"motion\":[\"walking\"],"
          "\"trip_id\":\"2025-05-18T19:34:42Z\",\"horizontal_accuracy\":12,\"speed_accuracy\":-1,"
          "\"vertical_accuracy\":0,\"battery_level\":0.25,\"wifi\":\"x\",\"course\":90,"
          "\"altitude\":-1,\"pauses\":false,\"locations_in_payload\":1,\"tracking_mode\":3"),
      "0 " IS " accuracy 12 speed 3 course 90 battery 25" },
    { "-1 is unknown",
      ONE(",\"speed\":-1,\"course\":-1,\"horizontal_accuracy\":-1,\"battery_level\":-1"), "0 " IS },
    { "a battery of which nothing is known",
      ONE(",\"battery_state\":\"unknown\",\"battery_level\":0"), "0 " IS },
    { "one that is empty", ONE(",\"battery_state\":\"unplugged\",\"battery_level\":0"),
      "0 " IS " battery 0" },
    { "one whose state alone is unknown",
      ONE(",\"battery_state\":\"unknown\",\"battery_level\":0.1"), "0 " IS " battery 10" },
    { "an offset without a colon",
      "{\"locations\":[{" POINT("0.4,51.5,12") ",\"properties\":{\"device_id\":\"tag-1\","
                                               "\"timestamp\":\"2020-06-23T13:14:05-0700\"}}]}",
      "0 " IS },
    { "a batch, and what stands beside it",
      "{\"locations\":[" FEATURE(",\"device_id\":\"tag-1\"") "," FEATURE(
          ",\"device_id\":\"tag-2\"") "],\"current\":{},\"trip\":{\"mode\":\"car\"}}",
      "0 " IS "\n1 tag-2 2020-06-23T20:14:05.000Z 51.5 0.4" },
    { "an empty batch", "{\"locations\":[]}", "" },
    { "what has no place is none", "{\"locations\":[{\"type\":\"Feature\",\"geometry\":null}]}",
      "0 ignored" },
    // dontic/wayfinder#36: the id was never set
    { "nobody's", "{\"locations\":[" FEATURE(",\"device_id\":\"\"") "]}",
      "0 device_id: neither the location nor the address names it" },
    { "an id with a slash", "{\"locations\":[" FEATURE(",\"device_id\":\"a/b\"") "]}",
      "0 device_id: not a text of 1..64 letters, digits, - _ ." },
    { "no time",
      "{\"locations\":[{" POINT("0.4,51.5") ",\"properties\":{\"device_id\":\"tag-1\"}}]}",
      "0 tag-1 untimed 51.5 0.4" },
    { "no properties", "{\"device_id\":\"tag-1\",\"locations\":[{" POINT("0.4,51.5") "}]}",
      "0 tag-1 untimed 51.5 0.4" },
    { "a line",
      "{\"locations\":[{\"geometry\":{\"type\":\"LineString\",\"coordinates\":[]},"
      "\"properties\":{\"device_id\":\"tag-1\"," TIME "}}]}",
      "0 geometry: not a Point" },
    { "half a place",
      "{\"locations\":[{" POINT("0.4") ",\"properties\":{\"device_id\":\"tag-1\"," TIME "}}]}",
      "0 coordinates: not longitude and latitude" },
    { "off the map",
      "{\"locations\":[{" POINT("0.4,91") ",\"properties\":{\"device_id\":\"tag-1\"," TIME "}}]}",
      "0 lat: 91 is outside -90..90" },
    { "accuracy as text", ONE(",\"horizontal_accuracy\":\"5\""), "0 " IS " accuracy 5" },
    { "accuracy as words", ONE(",\"horizontal_accuracy\":\"good\""), "0 " IS },
    { "coordinates as texts",
      "{\"locations\":[{" POINT("\"0.4\",\"51.5\"") ",\"properties\":{\"device_id\":\"tag-1\"," TIME
                                                    "}}]}",
      "0 " IS },
    { "a feature of a number", "{\"locations\":[7]}", "0 not an object" },
    { "locations that are no list", "{\"locations\":7}", "0 not an object" },
    { "broken",
      "{\"locations\":", "not JSON: line 1, column 13: unexpected token near end of file" },
};

#define COORDS   "\"coords\":{\"latitude\":51.5,\"longitude\":0.4,\"accuracy\":12,\"speed\":-1}"
#define LOCATION "{" COORDS "," TIME "}"
static const struct taken_row locations[] = {
    // transistorsoft's plugin: react-native-background-geolocation#52, #124
    { "one", "{\"device_id\":\"tag-1\",\"location\":" LOCATION "}", "0 " IS " accuracy 12" },
    { "as it sends it",
      "{\"device_id\":\"tag-1\",\"location\":{\"uuid\":\"x\",\"odometer\":1,\"is_moving\":true,"
      "\"event\":\"heartbeat\",\"battery\":{\"level\":0.5,\"is_charging\":false},"
      "\"activity\":{\"type\":\"still\",\"confidence\":100},\"extras\":{}," COORDS "," TIME "}}",
      "0 " IS " accuracy 12 battery 50" },
    { "a list in it", "{\"device_id\":\"tag-1\",\"location\":[" LOCATION ",{" TIME "}]}",
      "0 " IS " accuracy 12\n1 coords: not an object" },
    { "a list of them",
      "[{\"device_id\":\"tag-1\",\"location\":" LOCATION "},{\"device_id\":\"tag-1\","
      "\"location\":[" LOCATION "]}]",
      "0 " IS " accuracy 12\n1 " IS " accuracy 12" },
    { "its own id before that of what is around it",
      "{\"device_id\":\"tag-2\",\"location\":{\"device_id\":\"tag-1\"," COORDS "," TIME "}}",
      "0 " IS " accuracy 12" },
    { "with no root", "[{\"device_id\":\"tag-1\"," COORDS "," TIME "}]", "0 " IS " accuracy 12" },
    { "a phone made to lie",
      "{\"device_id\":\"tag-1\",\"location\":{\"mock\":true," COORDS "," TIME "}}",
      "0 " IS " accuracy 12 tamper no-fix alarm mock" },
    // An app's own parameter, of an IMEI: the answer of 200 would lose the fix (traccar-web#414).
    { "an id that is a number", "{\"device_id\":353506112457668,\"location\":" LOCATION "}",
      "0 353506112457668 2020-06-23T20:14:05.000Z 51.5 0.4 accuracy 12" },
    { "an id below 0", "{\"device_id\":-1,\"location\":" LOCATION "}",
      "0 device_id: not a text of 1..64 letters, digits, - _ ." },
    { "a location of words", "{\"device_id\":\"tag-1\",\"location\":\"here\"}",
      "0 location: not an object" },
    { "what holds neither is none", "{\"provider\":{\"enabled\":true}}", "0 ignored" },
    { "a number", "7", "0 not an object" },
    { "an empty list", "[]", "" },
};

static void each_feature_is_taken_or_refused(void **state)
{
    (void)state;
    taken_hold(overland_read, features);
}

static void each_location_is_taken_or_refused(void **state)
{
    (void)state;
    taken_hold(overland_read, locations);
}

static bool is_known(const char *device, void *arg)
{
    return strcmp(device, arg) == 0;
}

/* As a person types it: …/overland?device_id=tag-1 */
static void the_address_names_who_says_no_name(void **state)
{
    static const char body[] =
        "{\"locations\":[" FEATURE("") "," FEATURE(",\"device_id\":\"tag-2\"") "]}";
    static char known[] = "tag-1";
    struct ping_body given = { .bytes = body, .n = sizeof body - 1, .names = { "jane", "tag-1" } };
    struct taken taken;

    (void)state;
    taken_all(overland_read, &given, &taken);
    assert_string_equal(taken.text, "0 jane 2020-06-23T20:14:05.000Z 51.5 0.4\n"
                                    "1 tag-2 2020-06-23T20:14:05.000Z 51.5 0.4");
    given.known = is_known;
    given.known_arg = known;
    taken_all(overland_read, &given, &taken);
    assert_string_equal(taken.text, "0 " IS "\n1 tag-2 2020-06-23T20:14:05.000Z 51.5 0.4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_feature_is_taken_or_refused),
        cmocka_unit_test(each_location_is_taken_or_refused),
        cmocka_unit_test(the_address_names_who_says_no_name),
    };

    return cmocka_run_group_tests_name("overland_json", tests, NULL, NULL);
}
