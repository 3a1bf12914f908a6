/* SPDX-License-Identifier: Apache-2.0 */
#include "room/room.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

void room_open(struct house *house, const char *argument)
{
    house_order(house, "A", "tag-1", 0, 200, "");
    if (house->db == NULL)
        house_redis_start(house, "");
    house_start(house, argument, NULL);
}

void room_breach(struct house *house)
{
    assert_int_equal(house_ping(house, "tag-1", 0, 900), 200);
    assert_int_equal(house_ping(house, "tag-1", 300, 10), 200);
    house_expect(house, "breach A/home/1/1\n");
}

void room_await(struct house *house, const char *key, long long n)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (house_redis_number(house, "XLEN %s", key) < n) {
        if (now_ms() > deadline)
            fail_msg("%s does not come to hold %lld", key, n);
        freeReplyObject(house_redis(house, "XREAD BLOCK 100 STREAMS %s $", key));
    }
}

void room_await_beat(struct house *house)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (house_redis_number(house, "EXISTS {breachd}:heartbeat") == 0) {
        if (now_ms() > deadline)
            fail_msg("breachd's heart does not beat");
        freeReplyObject(house_redis(house, "XREAD BLOCK 100 STREAMS nothing $"));
    }
}

void room_say(struct house *house, const char *incident, const char *action, const char *by,
              const char *reason)
{
    freeReplyObject(
        house_redis(house, "XADD {breachd}:acks * incident %s action %s by %s reason %s note %s",
                    incident, action, by, reason, ""));
}

/* A refused word is answered before it is in the ledger. */
static void settle(struct house *house)
{
    if (child_lives(&house->breachd))
        house_settle(house);
}

long long room_ledger(struct house *house, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    long long number;

    settle(house);
    assert_int_equal(
        sqlite3_open_v2(house_path(house, "ledger.db").text, &db, SQLITE_OPEN_READONLY, NULL),
        SQLITE_OK);
    sqlite3_busy_timeout(db, 2000);
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return number;
}

void room_agrees(struct house *house)
{
    struct path ledger = house_path(house, "ledger.db");

    settle(house);
    if (house_ctl(house, "verify", "--ledger", ledger.text, NULL) != 0 ||
        house_ctl(house, "replay", "--ledger", ledger.text, NULL) != 0)
        fail_msg("%s%s", house_ctl_said(house), house_ctl_complained(house));
}

char *room_event(const struct made *made)
{
    char *text = NULL;

    assert_true(
        asprintf(&text,
                 "{\"sequence\":\"%d\",\"specversion\":\"1.0\",\"id\":\"essex/%s/%d\","
                 "\"source\":\"/breachd/essex\",\"type\":\"breachd.%s\",\"subject\":\"%s\","
                 "\"time\":\"%s\",\"datacontenttype\":\"application/json\",\"data\":{"
                 "\"incident\":\"%s\",\"area\":\"%s\",\"severity\":\"%s\",\"exercise\":false,"
                 "\"reason\":\"alert %d\",\"received\":\"%s\"}}",
                 made->sequence, made->incident, made->sequence, made->type, made->incident,
                 made->time, made->incident, made->area, made->severity, made->sequence,
                 made->time) > 0);
    return text;
}

void room_publish(struct house *house, const struct made *made)
{
    char *event = room_event(made);

    freeReplyObject(
        house_redis(house, "XADD {breachd}:alerts * id %s type %s area %s severity %s event %s",
                    made->incident, made->type, made->area, made->severity, event));
    free(event);
}
