/* SPDX-License-Identifier: Apache-2.0 */
/*
 * estimates_test.c - where a device is believed to be takes room for as long as a zone must know:
 * of a thousand who are far none has any, of those who come near each has, and a restart neither
 * loses nor makes one. When memory is out for it, just that is said.
 */
#include "app/pipeline_acks.h"
#include "pipeline_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "adapter_io/rows.h"
#include "support/starve.h"
#include "support/test.h"

enum { PEOPLE = 1000, NEAR = 300 };

static void write_orders(const struct testbed *testbed)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    for (int i = 0; i < PEOPLE; i++)
        fprintf(out,
                "[order O-%d]\nkind = DVPO\nclause = 3\nrespondent = R-%d\ndevices = tag-%d\n"
                "area = Basildon\nmonitoring = consent\nfrom = 2020-01-01T00:00:00Z\n"
                "served = 2020-01-01T00:00:00Z\n[zone O-%d/home]\ncentre = %.6f, %.6f\n"
                "radius = 200 m\n",
                i, i, i, i, HOME_LAT, HOME_LON);
    fclose(out);
    testbed_write(testbed, "orders.d/all.conf", text, size);
    free(text);
}

/* So many of them, from the first on, are there. */
static size_t ping_all(struct pipeline_fixture *fixture, int people, int64_t second, double north)
{
    char id[32];

    for (int i = 0; i < people; i++) {
        snprintf(id, sizeof id, "tag-%d", i);
        pipeline_fixture_take(fixture, id, second, north);
    }
    pipeline_fixture_await(fixture);
    pipeline_fixture_settle(fixture);
    assert_int_equal(fixture->code, 200);
    return roster_estimates(fixture->pipeline->roster);
}

static void restart(struct pipeline_fixture *fixture)
{
    pipeline_fixture_close(fixture);
    pipeline_fixture_open(fixture);
}

static void who_is_far_has_none(void **state)
{
    struct pipeline_fixture fixture = { .testbed = *state, .answered = true };

    write_orders(*state);
    pipeline_fixture_open(&fixture);
    assert_int_equal(ping_all(&fixture, PEOPLE, 0, 9000), 0);
    assert_int_equal(ping_all(&fixture, NEAR, 2000, 100), NEAR);
    assert_int_equal(ping_all(&fixture, NEAR, 2060, 90), NEAR);
    restart(&fixture);
    assert_int_equal(roster_estimates(fixture.pipeline->roster), NEAR);
    assert_int_equal(ping_all(&fixture, NEAR, 2120, 80), NEAR);
    // Away: what is open must know of it, and ends; within ten minutes he may come back,
    assert_int_equal(ping_all(&fixture, NEAR, 5000, 20000), NEAR);
    assert_int_equal(ping_all(&fixture, NEAR, 5060, 20100), NEAR);
    assert_int_equal(ping_all(&fixture, NEAR, 5120, 20200), NEAR);
    assert_int_equal(pipeline_fixture_count(&fixture, "cleared", "O-%"), NEAR);
    // but not later; nor does a restart bring back what went.
    assert_int_equal(ping_all(&fixture, NEAR, 5800, 20300), 0);
    restart(&fixture);
    assert_int_equal(ping_all(&fixture, NEAR, 5860, 20400), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(ping_all(&fixture, NEAR, 8000 + 60 * i, 100 + i), NEAR);
    assert_int_equal(pipeline_fixture_count(&fixture, "breach", "O-%/home/2"), NEAR);
    pipeline_fixture_close(&fixture);
    testbed_close(*state);
}

/* A row of somebody near comes back, whole or with the word that it is not. */
static void what_memory_lacks_is_said(void **state)
{
    struct row row = { .kind = ROW_DEVICE, .name = "tag-1", .device = some_device() };
    int n = 0;
    bool whole;

    (void)state;
    row.estimate = (struct estimate){ .heard = row.device.newest.time, .belief = { .n = 1 } };
    row.estimate.belief.when = row.estimate.heard;
    do {
        struct roster *roster = roster_create();

        assert_non_null(roster);
        starve_begin(STARVE_ONE, ++n);
        whole = roster_recall_row(roster, &row);
        starve_end();
        assert_int_equal(roster_estimates(roster), whole ? 1 : 0);
        roster_forget(roster);
        assert_int_equal(roster_estimates(roster), 0);
        roster_destroy(roster);
    } while (!whole);
    assert_true(n > 1);
}

/* So has who has an incident: without it nobody would be called. */
static void what_memory_lacks_of_a_custody_is_said(void **state)
{
    struct row row = { .kind = ROW_CUSTODY, .name = "A/home/1", .custody = { .taken = true } };
    struct roster *roster = roster_create();
    int n = 0;
    bool whole;

    (void)state;
    assert_non_null(roster);
    do {
        struct pipeline_acks acks;
        const struct custody *custody;

        pipeline_acks_init(&acks, roster_corrections(roster));
        starve_begin(STARVE_ONE, ++n);
        whole = pipeline_acks_recall_row(&acks, &row);
        starve_end();
        custody = table_find(&acks.custodies, row.name);
        assert_int_equal(custody != NULL && custody->taken, whole);
        pipeline_acks_fini(&acks);
    } while (!whole);
    assert_true(n > 1);
    roster_destroy(roster);
}

/* Of a ping that brings somebody near; who has room already needs no more. */
static void who_has_room_needs_no_more(void **state)
{
    struct roster *roster = roster_create();
    struct known_device device = { .heard = true };
    struct known_device *devices[] = { &device };
    struct track track = { .devices = devices };
    struct respondent who = { .n_devices = 1 };

    (void)state;
    assert_non_null(roster);
    roster_lend(roster, &device);
    roster_take_back(roster, &who, &track); // he is far
    assert_null(device.estimate);
    for (int i = 0; i < 2; i++) { // near; the first time memory is out
        roster_lend(roster, &device);
        assert_int_equal(device.estimate->belief.n, 0);
        device.estimate->belief.n = 1;
        starve_begin(STARVE_ONE, i == 0 ? 1 : 2);
        assert_int_equal(roster_keep_lent(roster, &device), i == 1);
        starve_end();
        roster_take_back(roster, &who, &track);
        assert_int_equal(roster_estimates(roster), i);
    }
    assert_int_equal(device.estimate->belief.n, 1);
    roster_lend(roster, &device);
    starve_begin(STARVE_ONE, 1);
    assert_true(roster_keep_lent(roster, &device));
    assert_int_equal(starve_end(), 0);
    device.estimate->belief.n = 0; // far again
    roster_take_back(roster, &who, &track);
    assert_null(device.estimate);
    assert_int_equal(roster_estimates(roster), 0);
    roster_destroy(roster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(who_is_far_has_none),
        cmocka_unit_test(what_memory_lacks_is_said),
        cmocka_unit_test(what_memory_lacks_of_a_custody_is_said),
        cmocka_unit_test(who_has_room_needs_no_more),
    };

    return cmocka_run_group_tests_name("estimates", tests, NULL, NULL);
}
