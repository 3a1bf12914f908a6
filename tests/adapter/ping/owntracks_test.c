/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/owntracks.h"

#include "support/taken.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

#define PLACE "\"lat\":51.5,\"lon\":0.4,\"tst\":1592943245"
#define IS    "0 JJ 2020-06-23T20:14:05.000Z 51.5 0.4"

#define WITH(member, value)                                                                        \
    "{\"_type\":\"location\",\"tid\":\"JJ\"," PLACE ",\"" member "\":" value "}"
static const struct taken_row rows[] = {
    { "the least", "{\"_type\":\"location\",\"tid\":\"JJ\"," PLACE "}", IS },
    { "as Android sends it",
      "{\"_type\":\"location\",\"BSSID\":\"02:00:00:00:00:00\",\"acc\":15,\"alt\":440,\"batt\":46,"
      "\"bs\":1,\"conn\":\"w\",\"created_at\":1592943246,\"inregions\":[\"home\"],\"m\":1,"
      "\"t\":\"u\",\"tid\":\"JJ\",\"vac\":2,\"vel\":36,\"cog\":271," PLACE "}",
      IS " accuracy 15 speed 10 course 271 battery 46" },
    { "accuracy 0 is unknown", WITH("acc", "0"), IS },
    { "accuracy -1 is unknown", WITH("acc", "-1"), IS },
    { "accuracy as text", WITH("acc", "\"8\""), IS " accuracy 8" },
    { "as an empty text", WITH("acc", "\"\""), IS },
    { "as words", WITH("acc", "\"poor\""), IS },
    { "as a text that is no number", WITH("acc", "\"nan\""), IS },
    { "90 km/h are 25 m/s", WITH("vel", "90"), IS " speed 25" },
    { "standing", WITH("vel", "0"), IS " speed 0" },
    { "vel -1 is unknown", WITH("vel", "-1"), IS },
    { "cog -1 is unknown", WITH("cog", "-1"), IS },
    { "battery -1 is unknown", WITH("batt", "-1"), IS },
    { "battery as text", WITH("batt", "\"46\""), IS " battery 46" },
    { "members of other trackers", WITH("count", "\"4696\""), IS },

    { "a time as text",
      "{\"_type\":\"location\",\"tid\":\"JJ\",\"lat\":51.5,\"lon\":0.4,\"tst\":\"1592943245\"}",
      IS },
    { "a time of words",
      "{\"_type\":\"location\",\"tid\":\"JJ\",\"lat\":51.5,\"lon\":0.4,\"tst\":\"now\"}",
      "0 JJ untimed 51.5 0.4" },
    { "no time", "{\"_type\":\"location\",\"tid\":\"JJ\",\"lat\":1,\"lon\":1}",
      "0 JJ untimed 1 1" },
    { "no latitude", "{\"_type\":\"location\",\"tid\":\"JJ\",\"tst\":1,\"lon\":1}",
      "0 lat: missing" },
    { "latitude 91", "{\"_type\":\"location\",\"tid\":\"JJ\",\"tst\":1,\"lat\":91,\"lon\":1}",
      "0 lat: 91 is outside -90..90" },
    { "all of it as text", // owntracks/android#20
      "{\"_type\":\"location\",\"tid\":\"JJ\",\"tst\":\"1592943245\",\"lat\":\"51.5\",\"lon\":\"0."
      "4\"}",
      IS },
    { "latitude as words", "{\"_type\":\"location\",\"tid\":\"JJ\",\"tst\":1,\"lat\":\"1 N\"}",
      "0 lat: not a number" },
    { "latitude 91 as text",
      "{\"_type\":\"location\",\"tid\":\"JJ\",\"tst\":1,\"lat\":\"91\",\"lon\":1}",
      "0 lat: 91 is outside -90..90" },
    { "latitude empty", "{\"_type\":\"location\",\"tid\":\"JJ\",\"tst\":1,\"lat\":\"\"}",
      "0 lat: missing" },
    { "nobody's", "{\"_type\":\"location\"," PLACE "}",
      "0 device: neither user, device, topic nor tid names it" },

    { "a last will", "{\"_type\":\"lwt\",\"tst\":1}", "0 ignored" },
    { "a transition", "{\"_type\":\"transition\",\"lat\":\"no number\"}", "0 ignored" },
    { "a waypoint", "{\"_type\":\"waypoint\"}", "0 ignored" },
    { "encrypted", "{\"_type\":\"encrypted\",\"data\":\"YWJj\"}", "0 ignored" },
    { "a type of tomorrow", "{\"_type\":\"hologram\"}", "0 ignored" },
    // owntracks/recorder#374: a script's message, which was stored and shown nowhere
    { "no type, and a place", "{\"acc\":0,\"tid\":\"JJ\"," PLACE "}", IS },
    { "no type, and half a place", "{\"tid\":\"JJ\",\"tst\":1,\"lat\":51.5}", "0 _type: missing" },
    // owntracks/android#519: a fix that the phone made a mess of
    { "an accuracy far below nothing", WITH("acc", "-2147473"), IS },
    { "a type that is a number", "{\"_type\":1}", "0 _type: missing" },
    { "a type with a zero inside", "{\"_type\":\"location\\u0000\"}", "0 _type: missing" },
    { "no object", "7", "0 not an object" },

    { "nothing, as when a friend is deleted", "", "" },
    { "nothing but blanks", " \r\n\t", "" },
    { "an empty list", "[]", "" },
    { "a list", "[{\"_type\":\"lwt\"},{\"_type\":\"location\",\"tid\":\"JJ\"," PLACE "},3]",
      "0 ignored\n1 JJ 2020-06-23T20:14:05.000Z 51.5 0.4\n2 not an object" },
    { "broken", "{\"_type\":", "not JSON: line 1, column 9: unexpected token near end of file" },
    { "a member twice", "{\"_type\":\"lwt\",\"_type\":\"location\"}",
      "a member twice: line 1, column 22: duplicate object key near '\"_type\"'" },
};

static void each_message_is_taken_ignored_or_refused(void **state)
{
    (void)state;
    taken_hold(owntracks_read, rows);
}

#define OWN "{\"device\":\"tag-1\",\"time\":0,\"lat\":1,\"lon\":2}"
static const struct taken_row mixed[] = {
    { "OwnTracks'", "{\"_type\":\"location\",\"tid\":\"JJ\"," PLACE "}", IS },
    { "OwnTracks' list", "[{\"_type\":\"lwt\"}]", "0 ignored" },
    { "breachd's own", OWN, "0 tag-1 1970-01-01T00:00:00.000Z 1 2" },
    { "breachd's own list", "[" OWN ",{}]",
      "0 tag-1 1970-01-01T00:00:00.000Z 1 2\n1 device: missing" },
    { "neither", "{}", "0 device: missing" },
    { "no JSON", "x", "not JSON: line 1, column 1: invalid token near 'x'" },
    { "nothing", "", "" },
};

static void by_mqtt_both_kinds_are_understood(void **state)
{
    (void)state;
    taken_hold(owntracks_read_any, mixed);
}

/* Which device a location is of, when `known` (parted by blanks) are under orders. */
static const struct naming {
    const char *says, *names[PING_NAMES_MAX], *members, *known, *want;
} namings[] = {
    { "the user that logged in", { "tag-1", "pixel", "jane" }, "", "tag-1 tag-2", "tag-1" },
    { "the device's name", { "jane", "tag-1", "jane" }, "", "tag-1", "tag-1" },
    { "the first known of two", { "tag-2", "tag-1" }, "", "tag-1 tag-2", "tag-2" },
    { "none known: the first is told", { "jane", "pixel" }, "", "tag-1", "jane" },
    { "names that cannot be ids are passed over", { "jane doe", "", "tag-1" }, "", "", "tag-1" },
    { "the topic's device", { NULL }, "\"topic\":\"owntracks/jane/tag-1\",", "tag-1", "tag-1" },
    { "a slash before it", { NULL }, "\"topic\":\"/owntracks/jane/tag-1\",", "tag-1", "tag-1" },
    { "the topic's user", { NULL }, "\"topic\":\"owntracks/tag-1/pixel\",", "tag-1", "tag-1" },
    { "a topic with more behind",
      { NULL },
      "\"topic\":\"owntracks/jane/tag-1/event\",",
      "tag-1",
      "tag-1" },
    { "a topic of a user alone", { NULL }, "\"topic\":\"owntracks/tag-1\",", "", "tag-1" },
    { "no known one: the topic's device", { NULL }, "\"topic\":\"o/jane/pixel\",", "", "pixel" },
    { "the door before the topic",
      { "tag-2" },
      "\"topic\":\"o/jane/tag-1\",",
      "tag-1 tag-2",
      "tag-2" },
    { "the topic when the door's is unknown",
      { "jane" },
      "\"topic\":\"o/jane/tag-1\",",
      "tag-1",
      "tag-1" },
    { "tid alone", { NULL }, "", "", "JJ" },
    { "tid never beside another name, though it is known", { "jane" }, "", "JJ", "jane" },
    { "a topic that is no text", { NULL }, "\"topic\":7,", "", "JJ" },
    { "a topic of slashes", { NULL }, "\"topic\":\"////\",", "", "JJ" },
    { "a topic with a long part",
      { NULL },
      "\"topic\":\"o/jane/0123456789012345678901234567890123456789012345678901234567890123x\",",
      "",
      "jane" },
};

static bool is_known(const char *device, void *arg)
{
    const char *known = arg, *at = strstr(known, device);

    return at != NULL && strcspn(at, " ") == strlen(device);
}

static void the_first_name_that_is_known_is_the_device(void **state)
{
    (void)state;
    for (const struct naming *row = namings; row < namings + sizeof namings / sizeof *namings;
         row++) {
        char message[512], known[64], want[128];
        struct ping_body body = { .bytes = message, .known = is_known, .known_arg = known };
        struct taken taken;

        snprintf(known, sizeof known, "%s", row->known);
        body.n =
            (size_t)snprintf(message, sizeof message,
                             "{\"_type\":\"location\",%s\"tid\":\"JJ\"," PLACE "}", row->members);
        memcpy(body.names, row->names, sizeof body.names);
        taken_all(owntracks_read, &body, &taken);
        snprintf(want, sizeof want, "0 %s 2020-06-23T20:14:05.000Z 51.5 0.4", row->want);
        if (strcmp(taken.text, want) != 0)
            fail_msg("%s: %s", row->says, taken.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_message_is_taken_ignored_or_refused),
        cmocka_unit_test(by_mqtt_both_kinds_are_understood),
        cmocka_unit_test(the_first_name_that_is_known_is_the_device),
    };

    return cmocka_run_group_tests_name("owntracks_json", tests, NULL, NULL);
}
