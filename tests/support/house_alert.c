/* SPDX-License-Identifier: Apache-2.0 */
#include "support/house.h"

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

static void in_sequence(struct house *house, const json_t *alert)
{
    long long sequence = strtoll(alert_text(alert, "sequence"), NULL, 10);

    if (house->first != 0)
        assert_int_equal(sequence, house->first);
    house->first = sequence + 1;
}

/* One stream entry: [id, [field, value, …]], with the fields of the contract in their order. */
static void take_entry(struct house *house, const redisReply *entry)
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
    in_sequence(house, alert);
    json_array_append_new(house->alerts, alert);
    snprintf(house->newest, sizeof(house->newest), "%s", entry->element[0]->str);
}

/* Waits in Redis for what comes after the newest; nil when nothing came in time. */
static void take_entries(struct house *house)
{
    redisReply *reply = house_redis(house, "XREAD BLOCK %d STREAMS {breachd}:alerts %s",
                                    PATIENCE_MS / 2, house->newest);

    if (reply->type != REDIS_REPLY_ARRAY)
        fail_msg("no alert after %s, the %zuth", house->newest, json_array_size(house->alerts));
    const redisReply *entries = reply->element[0]->element[1];
    for (size_t i = 0; i < entries->elements; i++)
        take_entry(house, entries->element[i]);
    freeReplyObject(reply);
}

/* The newest alert's number by /v1/status; false while something is on its way to the disk. */
static bool is_settled(struct house *house, long long *out_number)
{
    json_t *status;
    bool saving;

    assert_int_equal(house_get(house, "/v1/status"), 200);
    status = house_json(house);
    saving = json_is_true(json_object_get(status, "saving"));
    *out_number = json_integer_value(json_object_get(status, "sequence"));
    json_decref(status);
    return !saving;
}

long long house_settle(struct house *house)
{
    int64_t patience = now_ms() + PATIENCE_MS;
    long long number;

    while (!is_settled(house, &number))
        assert_true(now_ms() < patience);
    return number;
}

size_t house_gather(struct house *house)
{
    long long want = house_settle(house);

    while (want > 0 && (house->first == 0 || house->first <= want))
        take_entries(house);
    return json_array_size(house->alerts);
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

const char *house_story(struct house *house)
{
    size_t length;
    const json_t *alert;
    bool restarting = false;
    FILE *out;

    house_gather(house);
    free(house->story);
    out = open_memstream(&house->story, &length);
    for (size_t i = 0; (alert = json_array_get(house->alerts, i)) != NULL; i++) {
        const char *type = alert_text(alert, "type"), *id = alert_text(alert, "id");

        if (tells_of_restart(alert, &restarting))
            continue;
        fprintf(out, "%s %s\n", strncmp(type, "breachd.", 8) == 0 ? type + 8 : type,
                strncmp(id, "essex/", 6) == 0 ? id + 6 : id);
    }
    fclose(out);
    return house->story;
}

void house_expect(struct house *house, const char *story)
{
    assert_string_equal(house_story(house), story);
}
