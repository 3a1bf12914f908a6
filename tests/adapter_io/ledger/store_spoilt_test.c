/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ledger that somebody, or a breachd of before, has written nonsense into: the row is handed over
 * as spoilt, with what can be gone on with, and the numbers that were told are not given again.
 */
#include "adapter/ledger/store.h"

#include "rows.h"
#include "sql.h"
#include "store_fixture.h"
#include "support/testbed.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

struct found {
    size_t n;
    bool spoilt;
    struct known_device device;
    struct incident incident;
};

static void on_row(const struct row *row, void *arg)
{
    struct found *found = arg;

    found->n++;
    found->spoilt |= row->spoilt;
    if (row->kind == ROW_DEVICE)
        found->device = row->device;
    if (row->kind == ROW_INCIDENT)
        found->incident = row->incident;
}

static void put(const struct testbed *testbed, const char *table, const char *id, const char *known)
{
    char sql[512];

    snprintf(sql, sizeof sql,
             "DELETE FROM device; DELETE FROM incident;"
             "INSERT INTO %s VALUES ('%s', %s)",
             table, id, known);
    sql_run(testbed_path(testbed, "ledger.db").text, sql);
}

static void put_alert(const struct testbed *testbed, int sequence, const char *id,
                      const char *incident, const char *severity, int effect)
{
    char sql[512];

    snprintf(sql, sizeof sql,
             "INSERT INTO alert(sequence, id, type, area, severity, incident, effect, event)"
             " VALUES (%d, '%s', 'breach', '', '%s', '%s', %d, '{}')",
             sequence, id, severity, incident, effect);
    sql_run(testbed_path(testbed, "ledger.db").text, sql);
}

static struct found restore(const struct testbed *testbed)
{
    struct store *store = store_fixture_open(testbed);
    struct found found = { 0 };
    struct fault why;

    if (!store_restore(store, on_row, &found, &why))
        fail_msg("%s", why.text);
    store_close(store);
    assert_int_equal(found.n, 1);
    return found;
}

#define WELL                                                                                       \
    "\"heard\":true,\"time\":1795550400000,\"lon\":0.45,\"lat\":51.5,\"alerts\":7,"                \
    "\"tampered\":true"

static void a_device_is_forgotten_but_not_its_numbers(void **state)
{
    static const struct {
        const char *known;
        bool spoilt;
    } rows[] = {
        { "'{" WELL ",\"accuracy\":8}'", false },
        { "'{" WELL ",\"accuracy\":null}'", false },
        { "'{" WELL ",\"accuracy\":100000}'", false },
        { "'{" WELL ",\"accuracy\":1e308}'", true },
        { "'{" WELL "}'", true }, // perfect
        { "'{" WELL ",\"accuracy\":-8}'", true },
        { "'{" WELL ",\"accuracy\":8,\"lat\":1e308}'", true },
        { "'{" WELL ",\"accuracy\":8,\"lat\":null}'", true },
        { "'{" WELL ",\"accuracy\":8,\"time\":9223372036854775807}'", true },
        { "'{" WELL ",\"accuracy\":8,\"pace\":1e308}'", true },
        { "'{" WELL ",\"accuracy\":8,\"interval\":null}'", true },
        { "'{" WELL ",\"accuracy\":8,\"jitter\":-1}'", true },
        { "'{" WELL ",\"accuracy\":8,\"arrived\":-9223372036854775808}'", true },
        { "'{" WELL ",\"accuracy\":8,\"trail_time\":[1],\"trail_lat\":[91]}'", true },
        { "'{" WELL ",\"accuracy\":8,\"doubts\":1,\"doubted_lon\":1e300}'", true },
        { "'{" WELL ",\"accuracy\":8,\"silent\":3}'", true },
        { "'{" WELL ",\"accuracy\":8,\"trail_next\":6}'", true },
        { "'{" WELL ",\"accuracy\":8'", true },
        { "'[]'", true },
        { "x'ff00'", true },
    };
    struct testbed *testbed = *state;

    store_close(store_fixture_open(testbed));
    put_alert(testbed, 1, "essex/device/tag-1/9", "", "high", 0);
    put_alert(testbed, 2, "essex/device/tag-11/12", "", "high", 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct found found;

        put(testbed, "device", "tag-1", rows[i].known);
        found = restore(testbed);
        if (found.spoilt != rows[i].spoilt || found.device.heard == found.spoilt ||
            found.device.alerts != (found.spoilt ? 9 : 7))
            fail_msg("%s: spoilt %d, heard %d, alerts %u", rows[i].known, found.spoilt,
                     found.device.heard, found.device.alerts);
    }
    testbed_close(testbed);
}

static void an_open_incident_stays_open_to_be_ended(void **state)
{
    static const char *const rows[] = {
        "'{\"phase\":3,\"number\":2,\"numbers\":2,\"alerts\":3,\"scores\":[1e308]}'",
        "'{\"phase\":3,\"number\":2,\"numbers\":2,\"alerts\":3,\"scores\":[null]}'",
        "'{\"phase\":3,\"number\":2,\"numbers\":2,\"alerts\":3,\"opened\":-9223372036854775808}'",
        "'{\"phase\":3,\"number\":2,\"numbers\":1,\"alerts\":3}'",
        "'{\"phase\":3,\"number\":2,\"numbers\":2,\"held_by\":4294967295}'",
        "'{\"phase\":3,\"number\":2,\"numbers\":2,\"late_score\":1e300}'",
        "'{\"phase\":4}'",
        "'nonsense'",
        "x'ff'",
    };
    struct testbed *testbed = *state;

    store_close(store_fixture_open(testbed));
    put_alert(testbed, 1, "essex/A/home/1/1", "A/home/1", "critical", 1);
    put_alert(testbed, 2, "essex/A/home/1/2", "A/home/1", "info", 2);
    put_alert(testbed, 3, "essex/A/home/2/1", "A/home/2", "warning", 1);
    put_alert(testbed, 4, "essex/A/home/2/2", "A/home/2", "critical", 1);
    put_alert(testbed, 5, "essex/A/home/2/3", "A/home/2", "critical", 1);
    put_alert(testbed, 6, "essex/A/home/3/1", "A/home/3", "high", 0); // of the past
    put_alert(testbed, 7, "essex/A/home2/9/1", "A/home2/9", "critical", 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct found found;

        put(testbed, "incident", "A/home", rows[i]);
        found = restore(testbed);
        if (!found.spoilt || found.incident.phase != PHASE_BREACH || found.incident.number != 2 ||
            found.incident.numbers != 3 || found.incident.alerts < 3 ||
            found.incident.scores[0] != 0 || found.incident.shape != 0)
            fail_msg("%s: spoilt %d, phase %d, number %u of %u, alerts %u", rows[i], found.spoilt,
                     (int)found.incident.phase, found.incident.number, found.incident.numbers,
                     found.incident.alerts);
    }
    testbed_close(testbed);
}

/* The mark of a holder whose device was taken away is none: the incident comes back as it was. */
static void who_held_it_and_is_gone_is_no_nonsense(void **state)
{
    struct testbed *testbed = *state;
    struct found found;

    store_close(store_fixture_open(testbed));
    put(testbed, "incident", "A/home",
        "'{\"phase\":3,\"number\":2,\"numbers\":2,\"held_by\":2147483649,\"scores\":[4.5]}'");
    found = restore(testbed);
    assert_false(found.spoilt);
    assert_true(found.incident.inside_by == (INSIDE_BY_REMOVED | 1));
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_device_is_forgotten_but_not_its_numbers),
        testbed_test(an_open_incident_stays_open_to_be_ended),
        testbed_test(who_held_it_and_is_gone_is_no_nonsense),
    };

    return cmocka_run_group_tests_name("store_spoilt", tests, NULL, NULL);
}
