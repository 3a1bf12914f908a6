/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a subscriber gets: whole CloudEvents, the same on the stream
 * and the channels, open, heartbeat.
 */
#include <stdio.h>
#include <string.h>

#include "support/test.h"
#include "support/testbed.h"

static const struct member {
    const char *path;
    const char *is; // one letter a JSON type it may have: s n i b(ool) 0(null) o
} members[] = {
    { "specversion", "s" },     { "id", "s" },
    { "source", "s" },          { "type", "s" },
    { "subject", "s" },         { "time", "s" },
    { "sequence", "s" },        { "age", "i" },
    { "datacontenttype", "s" }, { "data.incident", "s" },
    { "data.order", "s" },      { "data.kind", "s" },
    { "data.clause", "s" },     { "data.respondent", "s" },
    { "data.device", "s" },     { "data.zone", "s" },
    { "data.area", "s" },       { "data.severity", "s" },
    { "data.authorised", "b" }, { "data.late", "b" },
    { "data.exercise", "b" },   { "data.probability", "ni0" },
    { "data.depth", "ni0" },    { "data.eta", "ni0" },
    { "data.rule", "i" },       { "data.reason", "s" },
    { "data.ping.time", "s" },  { "data.ping.lat", "n" },
    { "data.ping.lon", "n" },   { "data.ping.accuracy", "ni" },
    { "data.received", "s" },   { "data.rules", "s" },
};

static char letter_of(const json_t *value)
{
    static const char letters[] = {
        [JSON_OBJECT] = 'o', [JSON_ARRAY] = 'a', [JSON_STRING] = 's', [JSON_INTEGER] = 'i',
        [JSON_REAL] = 'n',   [JSON_TRUE] = 'b',  [JSON_FALSE] = 'b',  [JSON_NULL] = '0'
    };

    return value == NULL ? '-' : letters[json_typeof(value)];
}

static void assert_members(const json_t *alert)
{
    for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
        char letter = letter_of(alert_at(alert, members[i].path));

        if (strchr(members[i].is, letter) == NULL)
            fail_msg("%s: %s is %c, not one of %s", alert_text(alert, "id"), members[i].path,
                     letter, members[i].is);
    }
}

static void each_alert_is_a_cloudevent_with_every_member(void **state)
{
    struct testbed *testbed = *state;
    const json_t *alert;

    testbed_visit(testbed);
    assert_true(testbed_gather(testbed) >= 4);
    for (size_t i = 0; (alert = json_array_get(testbed->alerts, i)) != NULL; i++) {
        char id[64];

        snprintf(id, sizeof(id), "essex/A/home/1/%zu", i + 1);
        assert_members(alert);
        assert_string_equal(alert_text(alert, "specversion"), "1.0");
        assert_string_equal(alert_text(alert, "source"), "/breachd/essex");
        assert_string_equal(alert_text(alert, "id"), id);
        assert_string_equal(alert_text(alert, "subject"), "A/home");
        assert_string_equal(alert_text(alert, "datacontenttype"), "application/json");
        assert_string_equal(alert_text(alert, "data.incident"), "A/home/1");
        assert_string_equal(alert_text(alert, "data.respondent"), "R-A");
        assert_string_equal(alert_text(alert, "data.device"), "tag-1");
        assert_string_equal(alert_text(alert, "data.zone"), "home");
        assert_int_equal(strspn(alert_text(alert, "data.rules"), "0123456789abcdef"), 12);
        assert_int_equal(strlen(alert_text(alert, "data.rules")), 12);
        assert_true(json_is_true(alert_at(alert, "data.exercise")));
        assert_false(json_is_true(alert_at(alert, "data.late")));
        assert_int_equal(json_integer_value(alert_at(alert, "age")), 0); // as it is an exercise
    }
    testbed_close(testbed);
}

static redisContext *subscribe(const struct testbed *testbed)
{
    redisContext *db = testbed_redis_connect(testbed);

    redisAppendCommand(db, "SUBSCRIBE {breachd}:alerts {breachd}:alerts:Basildon");
    for (int channel = 0; channel < 2; channel++) {
        redisReply *reply = NULL;

        assert_int_equal(redisGetReply(db, (void **)&reply), REDIS_OK);
        assert_string_equal(reply->element[0]->str, "subscribe");
        freeReplyObject(reply);
    }
    return db;
}

/* Each alert arrives once on each of both channels: the n-th on one is the n-th on the stream. */
static void assert_heard(redisContext *db, const redisReply *entries)
{
    size_t heard[2] = { 0, 0 };

    while (heard[0] + heard[1] < 2 * entries->elements) {
        redisReply *message = NULL;
        size_t which;

        assert_int_equal(redisGetReply(db, (void **)&message), REDIS_OK);
        which = strcmp(message->element[1]->str, "{breachd}:alerts") != 0;
        assert_true(heard[which] < entries->elements);
        const redisReply *pairs = entries->element[heard[which]++]->element[1];
        assert_string_equal(message->element[2]->str, pairs->element[9]->str);
        freeReplyObject(message);
    }
}

static void both_channels_carry_the_json_of_the_stream(void **state)
{
    struct testbed *testbed = *state;
    redisReply *entries;
    redisContext *listener;

    testbed_redis_start(testbed, "");
    listener = subscribe(testbed);
    testbed_visit(testbed);
    assert_true(testbed_gather(testbed) >= 4);
    entries = testbed_redis(testbed, "XRANGE {breachd}:alerts - +");
    assert_heard(listener, entries);
    freeReplyObject(entries);
    redisFree(listener);
    testbed_close(testbed);
}

/* What a device says of itself is routed like a breach: to who watches his area. */
static void an_areas_subscriber_hears_of_a_tag_tampered_with(void **state)
{
    struct testbed *testbed = *state;
    redisContext *listener;
    redisReply *heard = NULL;

    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_redis_start(testbed, "");
    listener = testbed_redis_connect(testbed);
    freeReplyObject(redisCommand(listener, "SUBSCRIBE {breachd}:alerts:Basildon"));
    testbed_start(testbed, NULL);
    assert_int_equal(testbed_post(testbed, "{\"device\":\"tag-1\",\"time\":1592942400,\"lat\":51.5,"
                                           "\"lon\":0.4,\"tamper\":true}"),
                     200);
    testbed_expect(testbed, "tamper device/tag-1/1\nclock device/tag-1/2\n"); // it is of 2020
    assert_string_equal(alert_text(json_array_get(testbed->alerts, 0), "data.area"), "Basildon");
    assert_int_equal(redisGetReply(listener, (void **)&heard), REDIS_OK);
    assert_non_null(strstr(heard->element[2]->str, "breachd.tamper"));
    freeReplyObject(heard);
    redisFree(listener);
    testbed_close(testbed);
}

static void open_holds_the_incident_while_it_lasts(void **state)
{
    struct testbed *testbed = *state;
    redisReply *newest;

    testbed_open(testbed, "", "--rehearse");
    testbed_ping(testbed, "tag-1", 0, 500);
    testbed_gather(testbed);
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 0);

    testbed_ping(testbed, "tag-1", 300, 10);
    testbed_expect(testbed, "breach A/home/1/1\n");
    newest = testbed_redis(testbed, "HGET {breachd}:open A/home/1");
    assert_int_equal(newest->type, REDIS_REPLY_STRING);
    assert_non_null(strstr(newest->str, "breachd.breach"));
    freeReplyObject(newest);

    testbed_ping(testbed, "tag-1", 600, 500);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\n");
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 0);
    testbed_close(testbed);
}

static void the_heartbeat_is_json_and_ends_by_itself(void **state)
{
    struct testbed *testbed = *state;
    redisContext *listener;
    redisReply *heartbeat = NULL;
    json_t *json;

    testbed_redis_start(testbed, "");
    listener = testbed_redis_connect(testbed);
    freeReplyObject(redisCommand(listener, "SUBSCRIBE {breachd}:heartbeat"));
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_start(testbed, NULL);

    assert_int_equal(redisGetReply(listener, (void **)&heartbeat), REDIS_OK); // the channel
    json = json_loads(heartbeat->element[2]->str, 0, NULL);
    assert_true(json_is_object(json));
    assert_true(json_is_false(json_object_get(json, "blind")));
    // The key lives for three heartbeats of a second.
    assert_in_range(testbed_redis_number(testbed, "PTTL {breachd}:heartbeat"), 1, 3000);
    json_decref(json);
    freeReplyObject(heartbeat);
    redisFree(listener);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(each_alert_is_a_cloudevent_with_every_member),
        testbed_test(both_channels_carry_the_json_of_the_stream),
        testbed_test(an_areas_subscriber_hears_of_a_tag_tampered_with),
        testbed_test(open_holds_the_incident_while_it_lasts),
        testbed_test(the_heartbeat_is_json_and_ends_by_itself),
    };

    return cmocka_run_group_tests_name("subscriber", tests, NULL, NULL);
}
