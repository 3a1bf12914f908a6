/* SPDX-License-Identifier: Apache-2.0 */
#include "life.h"

#include "rows.h"
#include "store_fixture.h"

#include <stdio.h>

#include "support/test.h"

/* "+A" opens or updates incident A, "-A" closes it. */
static void add_alert(struct changes *changes, const char *step, int nth, const char *by)
{
    static char events[64][300];
    static int n;
    char *event = events[n++ % 64], id[64], incident[32];
    bool opens = *step == '+';
    struct kept_alert alert = { .received = { 1592943245000 + nth },
                                .respondent = "R-1",
                                .id = id,
                                .type = opens ? "breach" : "cleared",
                                .area = "Basildon",
                                .severity = opens ? "critical" : "info",
                                .incident = incident,
                                .effect = opens ? EFFECT_OPEN : EFFECT_CLOSE,
                                .todo = opens ? EFFECT_OPEN : EFFECT_CLOSE,
                                .judged = nth % 2 == 0,
                                .event = event,
                                .by = by,
                                .note = *by != '\0' ? "rang him" : "" };

    snprintf(incident, sizeof incident, "%s/home/1", step + 1);
    snprintf(id, sizeof id, "essex/%s/%d", incident, nth);
    snprintf(event, 300,
             "{\"id\":\"%s\",\"type\":\"breachd.%s\",\"data\":{\"incident\":\"%s\",\"severity\":"
             "\"%s\",\"area\":\"Basildon\"}}",
             id, alert.type, incident, alert.severity);
    assert_true(changes_add_alert(changes, &alert));
}

static void add_known(struct changes *changes)
{
    static const char *const names[] = { "tag-1", "A/home", "A/home/1" };
    struct row *row;

    for (int i = 0; i < 2; i++) {
        row = changes_add_row(changes, ROW_DEVICE, i ? "tag-9" : names[0]);
        row->device = some_device();
    }
    row = changes_add_row(changes, ROW_INCIDENT, names[1]);
    row->incident = some_incident();
    row = changes_add_row(changes, ROW_CUSTODY, names[2]);
    row->custody = (struct custody){ 0 };
    changes_add_row(changes, ROW_LAST_ACK, "1592943245009-0");
    row = changes_add_row(changes, ROW_STATE, "");
    row->now = (struct utc){ 1592943245100 };
    row->check_rows = true;
}

/* What a device said of itself, which is no evidence; odd ones need somebody, even ones no more. */
static void add_device_alert(struct changes *changes, const char *incident, int nth)
{
    char id[64], event[300];
    struct kept_alert alert = { .received = { 1592943240000 + nth },
                                .respondent = "R-2",
                                .id = id,
                                .type = "tamper",
                                .area = "Basildon",
                                .severity = "high",
                                .incident = incident,
                                .todo = nth % 2 != 0 ? EFFECT_OPEN : EFFECT_CLOSE,
                                .passing = true,
                                .event = event,
                                .by = "",
                                .note = "" };

    snprintf(id, sizeof id, "essex/%s/%d", incident, nth);
    snprintf(event, sizeof event,
             "{\"id\":\"%s\",\"type\":\"breachd.tamper\",\"data\":{\"incident\":\"%s\","
             "\"severity\":\"high\",\"area\":\"Basildon\"}}",
             id, incident);
    assert_true(changes_add_alert(changes, &alert));
}

/* As job.c does it. */
static void add_published(struct changes *changes, uint64_t first, uint64_t last)
{
    char body[64];
    struct kept_entry entry = {
        .kind = "published", .respondent = "", .evidence = true, .body = body
    };

    snprintf(body, sizeof body, "{\"first\":%d,\"last\":%d}", (int)first, (int)last);
    assert_true(changes_add_entry(changes, &entry));
}

static void commit(struct store *store, struct changes *changes, uint64_t published)
{
    struct fault why;

    if (!store_commit(store, changes->rows, published, &why))
        fail_msg("%s", why.text);
    arena_fini(&changes->arena);
    changes_init(changes);
}

void life_live(struct store *store)
{
    uint64_t published = store_published(store);
    struct kept_entry text = {
        .kind = "order", .respondent = "", .evidence = true, .once = true, .body = "{\"o\":1}"
    };
    struct changes changes;
    struct fault why;

    changes_init(&changes);
    assert_true(changes_add_entry(&changes, &text));
    for (int i = 0; i < 12; i++) {
        struct kept_entry ping =
            store_fixture_ping(i % 3 ? "R-1" : "R-2", 1592943240000 + i * 1000, "a");

        ping.start = i % 5 == 0;
        assert_true(changes_add_entry(&changes, &ping));
    }
    add_device_alert(&changes, "device/tag-1/tamper/1", 1);
    add_device_alert(&changes, "device/tag-1/tamper/1", 2);
    add_device_alert(&changes, "device/tag-9/tamper/1", 3);
    add_alert(&changes, "+A", 10, "");
    add_alert(&changes, "+C", 11, "Sgt 1234");
    add_alert(&changes, "-C", 12, "");
    commit(store, &changes, published);
    add_known(&changes);
    add_published(&changes, published + 1, published + 5);
    commit(store, &changes, published + 5);
    assert_true(store_fixture_mark(store, "R-1", 1592943246000));
    assert_true(store_fixture_retain(store, 1592943244000, 2));
    store_fixture_retain(store, 1592943249000, 100);
    assert_true(store_fixture_retain_alerts(store, 1592943249000, 1));
    store_fixture_retain_alerts(store, 1592943249000, 100);
    assert_true(store_renumber(store, published + 5, published + 40, &why));
    add_alert(&changes, "+A", 13, "PC 7");
    add_alert(&changes, "+D", 14, "");
    add_known(&changes);
    commit(store, &changes, store_published(store));
}

void life_of_device(struct store *store, int n)
{
    struct changes changes;

    changes_init(&changes);
    for (int i = 1; i <= n; i++) { // each begins, and ends: what needs somebody keeps its alerts
        char incident[32];

        snprintf(incident, sizeof incident, "device/tag-1/tamper/%d", (i + 1) / 2);
        add_device_alert(&changes, incident, i);
    }
    commit(store, &changes, 0);
    add_published(&changes, 1, (uint64_t)n - 2);
    commit(store, &changes, (uint64_t)n - 2);
}
