/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/mqtt_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/rows.h"

#define NAME64 "0123456789012345678901234567890123456789012345678901234567890123"

/* `want` is what was read, or why nothing was. */
static const struct row {
    const char *says, *text, *want;
} rows[] = {
    { "none", "", "off" },
    { "a host", "mqtt://broker.example", "plain broker.example 1883 -" },
    { "a port", "mqtt://broker.example:1884", "plain broker.example 1884 -" },
    { "a slash behind it", "mqtt://h:1/", "plain h 1 -" },
    { "a user", "mqtt://breachd@h", "plain h 1883 breachd" },
    { "TLS", "mqtts://breachd@h", "secure h 8883 breachd" },
    { "IPv4", "mqtt://127.0.0.1:1", "plain 127.0.0.1 1 -" },
    { "IPv6", "mqtts://[::1]:65535", "secure ::1 65535 -" },
    { "IPv6 without a port", "mqtt://[::1]", "plain ::1 1883 -" },
    { "an empty user", "mqtt://@h", "plain h 1883 -" },
    { "a password in another scheme", "tcp://u:secret@h",
      "a password belongs into password-file, not into the url" },
    { "a password as a parameter", "mqtt://h/x?password=secret",
      "a password belongs into password-file, not into the url" },
    { "a password", "mqtt://u:secret@h",
      "a password belongs into password-file, not into the url" },
    { "another scheme", "http://h", "\"http://h\" is not mqtt://[user@]host:port or mqtts://…" },
    { "no scheme", "h:1883", "\"h:1883\" is not mqtt://[user@]host:port or mqtts://…" },
    { "no host", "mqtt://", "\"mqtt://\" has no host" },
    { "a user alone", "mqtt://u@", "\"mqtt://u@\" has no host" },
    { "a bracket alone", "mqtt://[::1", "\"mqtt://[::1\" has no host" },
    { "port 0", "mqtt://h:0", "\"mqtt://h:0\": a port is 1..65535, and nothing stands behind it" },
    { "port 65536", "mqtt://h:65536",
      "\"mqtt://h:65536\": a port is 1..65535, and nothing stands behind it" },
    { "no port", "mqtt://h:", "\"mqtt://h:\": a port is 1..65535, and nothing stands behind it" },
    { "a path", "mqtt://h/x", "\"mqtt://h/x\": a port is 1..65535, and nothing stands behind it" },
};

static void that_is_the_broker(void **state)
{
    const struct row *row = *state;
    struct mqtt_target target;
    struct fault why;
    char got[512];

    if (!mqtt_target_parse(row->text, &target, &why))
        snprintf(got, sizeof got, "%s", why.text);
    else if (target.host[0] == '\0')
        strcpy(got, "off");
    else
        snprintf(got, sizeof got, "%s %s %d %s", target.secure ? "secure" : "plain", target.host,
                 target.port, target.user[0] ? target.user : "-");
    assert_string_equal(got, row->want);
}

static const struct row topics[] = {
    { "one", "owntracks/+/+", "owntracks/+/+" },
    { "two, by commas and blanks", " owntracks/+/+ ,\tpings/# ", "owntracks/+/+|pings/#" },
    { "everything", "#", "#" },
    { "one level", "+", "+" },
    { "an empty level", "a//b", "a//b" },
    { "none", "", "no topic: nothing would come" },
    { "commas", ",,", "no topic: nothing would come" },
    { "half a level", "a/b+",
      "\"a/b+\" is no topic: + stands for a whole level, # for the whole end" },
    { "half a level, from its front", "a/+b",
      "\"a/+b\" is no topic: + stands for a whole level, # for the whole end" },
    { "# within", "a/#/b",
      "\"a/#/b\" is no topic: + stands for a whole level, # for the whole end" },
    { "# behind a letter", "a#",
      "\"a#\" is no topic: + stands for a whole level, # for the whole end" },
    { "shared", "pings/#, $share/b/owntracks/+/+",
      "\"$share/b/owntracks/+/+\" is shared: breachd must have every ping" },
    { "a queue", "$queue/pings", "\"$queue/pings\" is shared: breachd must have every ping" },
    { "nine", "1,2,3,4,5,6,7,8,9", "more than 8 topics" },
};

static void those_are_the_topics(void **state)
{
    const struct row *row = *state;
    struct mqtt_topics read;
    struct fault why;
    char got[512] = "";

    if (!mqtt_topics_parse(row->text, &read, &why)) {
        read.n = 0;
        strcpy(got, why.text);
    }
    for (size_t i = 0; i < read.n; i++) {
        strcat(got, i > 0 ? "|" : "");
        strcat(got, read.of[i]);
    }
    assert_string_equal(got, row->want);
}

static const struct holding {
    const char *says, *topics, *topic;
    bool held;
} holdings[] = {
    { "itself", "a/b", "a/b", true },
    { "another", "a/b", "a/c", false },
    { "a beginning", "a/b", "a", false },
    { "more behind", "a/b", "a/b/c", false },
    { "a longer level", "a/b", "a/bc", false },
    { "a shorter level", "a/bc", "a/b", false },
    { "OwnTracks'", "owntracks/+/+", "owntracks/jane/tag-1", true },
    { "OwnTracks' of another kind", "owntracks/+/+", "owntracks/jane/tag-1/event", false },
    { "a level too few", "owntracks/+/+", "owntracks/jane", false },
    { "an empty level", "a/+/c", "a//c", true },
    { "a last level that is empty", "a/+", "a/", true },
    { "all", "#", "a/b/c", true },
    { "all below", "a/#", "a/b/c", true },
    { "all below, and itself", "a/#", "a", true },
    { "all below another", "a/#", "b/a", false },
    { "below a wildcard", "+/#", "a", true },
    { "the second of two", "a/b, c/+", "c/d", true },
};

static void the_topics_hold_it_or_not(void **state)
{
    const struct holding *row = *state;
    char *exact = malloc(strlen(row->topic)); // no NUL behind it
    struct mqtt_topics read;
    struct fault why;

    assert_non_null(exact);
    memcpy(exact, row->topic, strlen(row->topic));
    assert_true(mqtt_topics_parse(row->topics, &read, &why));
    assert_int_equal(mqtt_topics_hold(&read, exact, strlen(row->topic)), row->held);
    free(exact);
}

/* `user` "-": nobody. */
static const struct speaking {
    const char *says, *topics, *topic, *user;
} speakings[] = {
    { "OwnTracks' user", "owntracks/+/+", "owntracks/jane/tag-1", "jane" },
    { "with more behind", "owntracks/#", "owntracks/jane/tag-1/event", "jane" },
    { "whatever is asked for", "owntracks/jane/+", "owntracks/jane/tag-1", "jane" },
    { "by a topic without a wildcard", "owntracks/jane/tag-1", "owntracks/jane/tag-1", "jane" },
    { "by all", "#", "owntracks/jane/tag-1", "jane" },
    { "a user without a device", "owntracks/#", "owntracks/jane", "jane" },
    { "no user", "owntracks/#", "owntracks/", "-" },
    { "an empty user", "owntracks/#", "owntracks//tag-1", "-" },
    { "OwnTracks itself", "owntracks/#", "owntracks", "-" },
    { "what only begins like it", "+/x", "owntracks2/x", "owntracks2" },
    { "where the + stands", "pings/+", "pings/tag-1", "tag-1" },
    { "in the middle", "fleet/+/pos", "fleet/R-1001/pos", "R-1001" },
    { "the first of two", "fleet/+/+", "fleet/R-1001/tag-1", "R-1001" },
    { "where the # begins", "pings/#", "pings/R-1001/tag-1/x", "R-1001" },
    { "all below, and itself", "pings/#", "pings", "-" },
    { "the first level", "#", "tag-1", "tag-1" },
    { "the first that stands for it", "a/b/+, a/+/c", "a/b/c", "c" },
    { "and not one that does not", "a/x/+, a/+/c", "a/b/c", "b" },
    { "the first has no wildcard", "a/b, a/+", "a/b", "-" },
    { "asked for by none", "a/+", "b/c", "-" },
    { "an empty level", "a/+/c", "a//c", "-" },
    { "no id", "a/+", "a/jane@example", "-" },
    { "an id of 64", "a/+", "a/" NAME64, NAME64 },
    { "an id of 65", "a/+", "a/" NAME64 "x", "-" },
};

static void that_user_speaks(void **state)
{
    const struct speaking *row = *state;
    char *exact = malloc(strlen(row->topic)), user[NAME_MAX_CHARS + 1] = "-"; // no NUL behind it
    struct mqtt_topics read;
    struct fault why;
    bool found;

    assert_non_null(exact);
    memcpy(exact, row->topic, strlen(row->topic));
    assert_true(mqtt_topics_parse(row->topics, &read, &why));
    found = mqtt_topics_user(&read, exact, strlen(row->topic), user);
    assert_string_equal(user, row->user);
    assert_int_equal(found, strcmp(row->user, "-") != 0);
    free(exact);
}

static void a_topic_without_a_wildcard_is_mute(void **state)
{
    struct mqtt_topics read;
    struct fault why;
    (void)state;

    assert_true(mqtt_topics_parse("owntracks/a/b, a/+, #, x/#", &read, &why));
    assert_null(mqtt_topics_mute(&read));
    assert_true(mqtt_topics_parse("a/+, b/c, d", &read, &why));
    assert_string_equal(mqtt_topics_mute(&read), "b/c");
}

/* 255 characters are a topic, one more is not; a host has 255 too. */
static void long_ones_are_refused(void **state)
{
    char text[512] = "", url[512] = "mqtt://";
    struct mqtt_topics read;
    struct mqtt_target target;
    struct fault why;

    (void)state;
    memset(text, 't', MQTT_TOPIC_MAX);
    assert_true(mqtt_topics_parse(text, &read, &why));
    assert_string_equal(read.of[0], text);
    strcat(url, text);
    assert_true(mqtt_target_parse(url, &target, &why));
    strcat(text, "t");
    assert_false(mqtt_topics_parse(text, &read, &why));
    assert_string_equal(why.text, "a topic of more than 255 characters");
    strcat(url, "t");
    assert_false(mqtt_target_parse(url, &target, &why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_topic_without_a_wildcard_is_mute),
        cmocka_unit_test(long_ones_are_refused),
    };

    return rows_hold("brokers", rows, that_is_the_broker) +
           rows_hold("topics", topics, those_are_the_topics) +
           rows_hold("holdings", holdings, the_topics_hold_it_or_not) +
           rows_hold("speakings", speakings, that_user_speaks) +
           cmocka_run_group_tests_name("mqtt_target", tests, NULL, NULL);
}
