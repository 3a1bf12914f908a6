/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testbed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

#define FIELDS 5

static const char *const fields[FIELDS] = { "id", "type", "area", "severity", "event" };

const json_t *alert_at(const json_t *alert, const char *path)
{
    size_t length = strcspn(path, ".");
    char name[64];

    snprintf(name, sizeof(name), "%.*s", (int)length, path);
    alert = json_object_get(alert, name);
    return path[length] == '.' ? alert_at(alert, path + length + 1) : alert;
}

const char *alert_text(const json_t *alert, const char *path)
{
    const char *text = json_string_value(alert_at(alert, path));

    return text == NULL ? "" : text;
}

static void in_sequence(struct testbed *testbed, const json_t *alert)
{
    long long sequence = strtoll(alert_text(alert, "sequence"), NULL, 10);

    if (testbed->first != 0)
        assert_int_equal(sequence, testbed->first);
    testbed->first = sequence + 1;
}

/* One stream entry: [id, [field, value, …]], with the fields of the contract in their order. */
static void take_entry(struct testbed *testbed, const redisReply *entry)
{
    const redisReply *pairs = entry->element[1];
    json_t *alert;

    assert_int_equal(pairs->elements, 2 * FIELDS);
    for (size_t i = 0; i < FIELDS; i++)
        assert_string_equal(pairs->element[2 * i]->str, fields[i]);
    alert = json_loads(pairs->element[9]->str, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(alert);
    assert_string_equal(pairs->element[1]->str, alert_text(alert, "id"));
    assert_string_equal(pairs->element[7]->str, alert_text(alert, "data.severity"));
    in_sequence(testbed, alert);
    json_array_append_new(strcmp(alert_text(alert, "type"), "breachd.rules") == 0 ? testbed->rules
                                                                                  : testbed->alerts,
                          alert);
    snprintf(testbed->newest, sizeof(testbed->newest), "%s", entry->element[0]->str);
}

/* Waits in Redis for what comes after the newest; nil when nothing came in time. */
static void take_entries(struct testbed *testbed)
{
    redisReply *reply = testbed_redis(testbed, "XREAD BLOCK %d STREAMS {breachd}:alerts %s",
                                      PATIENCE_MS / 2, testbed->newest);

    if (reply->type != REDIS_REPLY_ARRAY)
        fail_msg("no alert after %s, the %zuth", testbed->newest, json_array_size(testbed->alerts));
    const redisReply *entries = reply->element[0]->element[1];
    for (size_t i = 0; i < entries->elements; i++)
        take_entry(testbed, entries->element[i]);
    freeReplyObject(reply);
}

/* The newest alert's number by /v1/status; false while something is on its way to the disk. */
static bool is_settled(struct testbed *testbed, long long *out_number)
{
    json_t *status;
    bool saving;

    assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
    status = testbed_json(testbed);
    saving = json_is_true(json_object_get(status, "saving"));
    *out_number = json_integer_value(json_object_get(status, "sequence"));
    json_decref(status);
    return !saving;
}

long long testbed_settle(struct testbed *testbed)
{
    int64_t patience = now_ms() + PATIENCE_MS;
    long long number;

    while (!is_settled(testbed, &number))
        assert_true(now_ms() < patience);
    return number;
}

size_t testbed_gather(struct testbed *testbed)
{
    long long want = testbed_settle(testbed);

    while (want > 0 && (testbed->first == 0 || testbed->first <= want))
        take_entries(testbed);
    return json_array_size(testbed->alerts);
}

/* `blind` and `sighted` of a start that found a ledger. */
static bool tells_of_restart(const json_t *alert, bool *open)
{
    const char *type = alert_text(alert, "type");
    bool blind = strcmp(type, "breachd.blind") == 0;

    if (blind)
        *open = strstr(alert_text(alert, "data.reason"), "was not running") != NULL;
    return *open && (blind || strcmp(type, "breachd.sighted") == 0);
}

const char *testbed_story(struct testbed *testbed)
{
    size_t length;
    const json_t *alert;
    bool restarting = false;
    FILE *out;

    testbed_gather(testbed);
    free(testbed->story);
    out = open_memstream(&testbed->story, &length);
    for (size_t i = 0; (alert = json_array_get(testbed->alerts, i)) != NULL; i++) {
        const char *type = alert_text(alert, "type"), *id = alert_text(alert, "id");

        if (tells_of_restart(alert, &restarting))
            continue;
        fprintf(out, "%s %s\n", strncmp(type, "breachd.", 8) == 0 ? type + 8 : type,
                strncmp(id, "essex/", 6) == 0 ? id + 6 : id);
    }
    fclose(out);
    return testbed->story;
}

void testbed_expect(struct testbed *testbed, const char *story)
{
    assert_string_equal(testbed_story(testbed), story);
}
