/* SPDX-License-Identifier: Apache-2.0 */
#include "core/rulebook.h"

#include "core/arena.h"

#include <stdio.h>
#include <string.h>

#include "support/london.h"
#include "support/near.h"
#include "support/rows.h"
#include "support/said.h"

static const struct lonlat_box essex = { { -0.1, 51.4 }, { 1.4, 52.2 } };
static const struct rulebook_room room = { 40, 40, 40, 40 };

static struct order order_of(const char *id, const char *respondent)
{
    return (struct order){ .id = id,
                           .kind = "DVPO",
                           .clause = "3",
                           .respondent = respondent,
                           .area = "Basildon",
                           .monitoring = "consent",
                           .age = 27,
                           .from = utc_of("2020-06-09T11:00:00Z"),
                           .served = utc_of("2020-06-09T14:30:00Z"),
                           .until = utc_of("2020-07-07T11:00:00Z"),
                           .digest = "0123456789ab" };
}

static struct zone_draft circle_of(const char *order, const char *name)
{
    return (struct zone_draft){
        .order = order, .name = name, .centre = { 0.45782, 51.56844 }, .radius = 200, .warn = 800
    };
}

static struct permit permit_of(const char *id, const char *zones)
{
    return (struct permit){ .id = id,
                            .zones = zones,
                            .by = "Sgt 1234",
                            .why = "hearing",
                            .from = { 1592900000000 },
                            .until = { 1592910000000 } };
}

/* An empty rulebook for each test. */
static int setup(void **state)
{
    *state = rulebook_create(&essex, &london_2020, room);
    return *state == NULL;
}

static int teardown(void **state)
{
    rulebook_destroy(*state);
    return 0;
}

/* So many texts can still be copied; below 0: all. */
static int texts_left = -1;

char *__real_arena_text(struct arena *arena, const char *text);
char *__wrap_arena_text(struct arena *arena, const char *text);
char *__wrap_arena_text(struct arena *arena, const char *text)
{
    if (texts_left == 0 && text != NULL)
        return NULL;
    texts_left -= texts_left > 0 && text != NULL;
    return __real_arena_text(arena, text);
}

static void add_order(struct rulebook *rules, const char *id, const char *respondent,
                      const char *device)
{
    struct order order = order_of(id, respondent);
    struct fault why;

    if (!rulebook_add_order(rules, &order, &device, 1, &why))
        fail_msg("%s", why.text);
}

static void add_zone(struct rulebook *rules, const char *order, const char *name)
{
    struct zone_draft draft = circle_of(order, name);
    struct fault why;

    if (!rulebook_add_zone(rules, &draft, &why))
        fail_msg("%s", why.text);
}

static void seal(struct rulebook *rules)
{
    struct fault why;

    if (!rulebook_seal(rules, &why))
        fail_msg("%s", why.text);
}

static void a_device_leads_to_its_respondents_own_zones(void **state)
{
    const struct respondent *who;
    size_t respondent, device;

    add_order(*state, "DVPO-1", "R-1", "tag-1");
    add_order(*state, "DVPO-2", "R-2", "tag-2");
    add_order(*state, "DVPO-3", "R-1", "phone-1");
    add_zone(*state, "DVPO-1", "home");
    add_zone(*state, "DVPO-2", "home");
    add_zone(*state, "DVPO-3", "school");
    seal(*state);
    assert_true(rulebook_find_device(*state, "phone-1", &respondent, &device));
    who = rulebook_respondent(*state, respondent);
    assert_string_equal(who->id, "R-1");
    assert_string_equal(who->devices[device], "phone-1");
    assert_int_equal(who->n_devices, 2);
    assert_int_equal(who->n_exclusions, 2);
    assert_string_equal(who->exclusions[0]->subject, "DVPO-1/home");
    assert_string_equal(who->exclusions[1]->subject, "DVPO-3/school");
    assert_string_equal(who->exclusions[1]->name, "school");
    assert_string_equal(who->exclusions[1]->order->id, "DVPO-3");
    assert_near(who->exclusions[1]->warn, 800, 0);
    assert_false(rulebook_find_device(*state, "tag-9", &respondent, &device));
}

static void what_was_added_is_counted_and_found(void **state)
{
    struct rulebook_counts count;
    size_t nth;

    add_order(*state, "DVPO-1", "R-1", "tag-1");
    add_order(*state, "DVPO-2", "R-1", "tag-1");
    add_zone(*state, "DVPO-1", "home");
    add_zone(*state, "DVPO-2", "home");
    seal(*state);
    count = rulebook_counts(*state);
    assert_int_equal(count.orders, 2);
    assert_int_equal(count.respondents, 1);
    assert_int_equal(count.devices, 1);
    assert_int_equal(count.exclusions, 2);
    assert_string_equal(rulebook_order(*state, 1)->id, "DVPO-2");
    assert_string_equal(rulebook_order(*state, 1)->digest, "0123456789ab");
    assert_true(rulebook_find_exclusion(*state, "DVPO-2/home", &nth));
    assert_string_equal(rulebook_exclusion(*state, nth)->subject, "DVPO-2/home");
    assert_false(rulebook_find_exclusion(*state, "DVPO-3/home", &nth));
    assert_int_equal(civil_offset(rulebook_civil(*state), utc_of("2020-06-23T20:00:00Z")), 3600);
}

static void what_orders_share_is_kept_once(void **state)
{
    const struct order *one, *other;

    add_order(*state, "DVPO-1", "R-1", "tag-1");
    add_order(*state, "DVPO-2", "R-2", "tag-2");
    seal(*state);
    one = rulebook_order(*state, 0);
    other = rulebook_order(*state, 1);
    assert_string_equal(one->area, "Basildon");
    assert_ptr_equal(one->area, other->area);
    assert_ptr_equal(one->kind, other->kind);
    assert_ptr_equal(one->clause, other->clause);
    assert_ptr_equal(one->monitoring, other->monitoring);
}

static void everything_is_copied(void **state)
{
    char id[] = "DVPO-1", respondent[] = "R-1", tag[] = "tag-1", name[] = "home", by[] = "Sgt";
    const char *device = tag;
    struct order order = order_of(id, respondent);
    struct zone_draft draft = circle_of(id, name);
    struct schedule schedule = { 1, { { 1, 480, 540 } } };
    struct permit permit = permit_of("court", name);
    const struct respondent *who;
    struct fault why;

    permit.by = by;
    draft.schedule = &schedule;
    assert_true(rulebook_add_order(*state, &order, &device, 1, &why));
    assert_true(rulebook_add_zone(*state, &draft, &why));
    assert_true(rulebook_add_permit(*state, id, &permit, &why));
    id[0] = respondent[0] = tag[0] = name[0] = by[0] = 'x';
    schedule.n = 0;
    seal(*state);
    who = rulebook_respondent(*state, 0);
    assert_string_equal(who->id, "R-1");
    assert_string_equal(who->devices[0], "tag-1");
    assert_string_equal(who->exclusions[0]->subject, "DVPO-1/home");
    assert_int_equal(who->exclusions[0]->schedule->n, 1);
    assert_string_equal(who->exclusions[0]->permits[0]->by, "Sgt");
}

static void a_permit_is_of_the_zones_it_names_or_of_all(void **state)
{
    struct permit one = permit_of("court", "school, work"), all = permit_of("visit", NULL);
    const struct respondent *who;
    struct fault why;

    add_order(*state, "DVPO-1", "R-1", "tag-1");
    add_order(*state, "DVPO-2", "R-1", "tag-1");
    add_zone(*state, "DVPO-1", "home");
    add_zone(*state, "DVPO-1", "school");
    add_zone(*state, "DVPO-1", "work");
    add_zone(*state, "DVPO-2", "school");
    assert_true(rulebook_add_permit(*state, "DVPO-1", &one, &why));
    assert_true(rulebook_add_permit(*state, "DVPO-1", &all, &why));
    seal(*state);
    who = rulebook_respondent(*state, 0);
    assert_int_equal(who->exclusions[0]->n_permits, 1);
    assert_string_equal(who->exclusions[0]->permits[0]->id, "visit");
    assert_int_equal(who->exclusions[1]->n_permits, 2);
    assert_int_equal(who->exclusions[2]->n_permits, 2);
    assert_int_equal(who->exclusions[3]->n_permits, 0);
}

/*
 * What is tried against a rulebook that has DVPO-1 of R-1 with tag-1,
 * its zone home and its permit court.
 */
static const struct refused_row {
    const char *says;
    const char *order, *respondent, *device; // an order is added
    const char *from, *until;
    const char *zone_of, *zone; // or a zone
    struct lonlat centre;
    double radius;
    const char *text;
    const char *permit_of, *permit, *zones; // or a permit
    const char *want;
} refused[] = {
    { "an order twice", .order = "DVPO-1", .respondent = "R-1", .device = "tag-1",
      .want = "order DVPO-1: there is another one of that id" },
    { "a device under two respondents", .order = "DVPO-2", .respondent = "R-2", .device = "tag-1",
      .want = "devices: tag-1 is carried by R-1, so R-2 cannot carry it" },
    { "an order that ends before it begins", .order = "DVPO-2", .respondent = "R-2",
      .device = "tag-2", .from = "2020-07-08T00:00:00Z", .until = "2020-07-07T00:00:00Z",
      .want = "until: not after from" },
    { "an order that ends as it begins", .order = "DVPO-2", .respondent = "R-2", .device = "tag-2",
      .from = "2020-07-07T00:00:00Z", .until = "2020-07-07T00:00:00Z",
      .want = "until: not after from" },
    { "an order served after its end", .order = "DVPO-2", .respondent = "R-2", .device = "tag-2",
      .from = "2020-06-01T00:00:00Z", .until = "2020-06-02T00:00:00Z",
      .want = "served: not before until" },
    { "a zone of no order", .zone_of = "DVPO-9", .zone = "home",
      .want = "zone DVPO-9/home: there is no order DVPO-9" },
    { "a zone twice", .zone_of = "DVPO-1", .zone = "home",
      .want = "zone DVPO-1/home: there is another one of that id" },
    { "a zone in Lagos", .zone_of = "DVPO-1", .zone = "work", .centre = { 3.4, 6.5 },
      .want = "outside the region 51.4..52.2, -0.1..1.4 (latitude 6.50000..6.50000, longitude "
              "3.40000..3.40000)" },
    { "a zone with its coordinates swapped", .zone_of = "DVPO-1", .zone = "work",
      .centre = { 51.56844, 0.45782 },
      .want = "outside the region 51.4..52.2, -0.1..1.4: latitude and longitude are swapped, here "
              "or in region? "
              "(latitude 0.45782..0.45782, longitude 51.56844..51.56844)" },
    { "a polygon with its coordinates swapped", .zone_of = "DVPO-1", .zone = "work",
      .text = "POLYGON ((51.5 0.4, 51.6 0.4, 51.6 0.5, 51.5 0.4))",
      .want = "outside the region 51.4..52.2, -0.1..1.4: latitude and longitude are swapped, here "
              "or in region? "
              "(latitude 0.40000..0.50000, longitude 51.50000..51.60000)" },
    { "a polygon around the whole world", .zone_of = "DVPO-1", .zone = "work",
      .text = "POLYGON ((179 0, -179 0, -179 1, 179 1, 179 0))",
      .want = "reaches over the 180th meridian, or off the map" },
    { "a circle too small", .zone_of = "DVPO-1", .zone = "work", .centre = { 0.45, 51.5 },
      .radius = 0.5, .want = "0.5 m is outside 1..100000 m" },
    { "an invalid polygon", .zone_of = "DVPO-1", .zone = "work",
      .text = "POLYGON ((0.4 51.5, 0.5 51.6, 0.5 51.5, 0.4 51.6, 0.4 51.5))",
      .want = "Self-intersection at longitude 0.45, latitude 51.55" },
    { "a permit of no order", .permit_of = "DVPO-9", .permit = "visit",
      .want = "permit DVPO-9/visit: there is no order DVPO-9" },
    { "a permit twice", .permit_of = "DVPO-1", .permit = "court",
      .want = "permit DVPO-1/court: there is another one of that id" },
    { "a permit for no zone", .permit_of = "DVPO-1", .permit = "visit", .zones = "home, school",
      .want = "zones: order DVPO-1 has no zone school" },
    { "a permit for part of a name", .permit_of = "DVPO-1", .permit = "visit", .zones = "hom",
      .want = "zones: order DVPO-1 has no zone hom" },
    { "a permit that ends before it begins", .permit_of = "DVPO-1", .permit = "visit",
      .from = "2020-07-08T00:00:00Z", .until = "2020-07-07T00:00:00Z",
      .want = "until: not after from" },
};

static bool try_row(struct rulebook *rules, const struct refused_row *row, struct fault *why)
{
    if (row->order != NULL) {
        struct order order = order_of(row->order, row->respondent);

        order.from = row->from ? utc_of(row->from) : order.from;
        order.until = row->until ? utc_of(row->until) : order.until;
        return rulebook_add_order(rules, &order, &row->device, 1, why);
    }
    if (row->zone_of != NULL) {
        struct zone_draft draft = circle_of(row->zone_of, row->zone);

        draft.centre = row->centre;
        draft.radius = row->radius != 0 ? row->radius : 200;
        draft.text = row->text;
        return rulebook_add_zone(rules, &draft, why);
    }
    struct permit permit = permit_of(row->permit, row->zones);

    permit.from = row->from ? utc_of(row->from) : permit.from;
    permit.until = row->until ? utc_of(row->until) : permit.until;
    return rulebook_add_permit(rules, row->permit_of, &permit, why);
}

/* And the rulebook is as it was, so that the next one can be tried. */
static void it_is_refused_so(void **state)
{
    const struct refused_row *row = *state;
    struct rulebook *rules = rulebook_create(&essex, &london_2020, room);
    struct permit court = permit_of("court", NULL);
    struct rulebook_counts count;
    struct fault why = { .text = "" };

    add_order(rules, "DVPO-1", "R-1", "tag-1");
    add_zone(rules, "DVPO-1", "home");
    assert_true(rulebook_add_permit(rules, "DVPO-1", &court, &why));
    assert_false(try_row(rules, row, &why));
    assert_string_equal(said(&why).text, row->want);
    add_order(rules, "DVPO-3", "R-3", "tag-3");
    add_zone(rules, "DVPO-1", "garden");
    seal(rules);
    count = rulebook_counts(rules);
    assert_int_equal(count.orders, 2);
    assert_int_equal(count.respondents, 2);
    assert_int_equal(count.devices, 2);
    assert_int_equal(count.exclusions, 2);
    assert_int_equal(rulebook_exclusion(rules, 0)->n_permits, 1);
    rulebook_destroy(rules);
}

/* A permit that lost the names of its zones would excuse all of them; an order, its area. */
static void what_there_is_no_memory_for_is_not_taken_in_part(void **state)
{
    enum { ORDER_TEXTS = 7, PERMIT_TEXTS = 4 };
    struct order order = order_of("DVPO-1", "R-1");
    struct permit court = permit_of("court", "home");
    const char *devices[] = { "tag-1" };
    struct fault why;

    order.text = "[order DVPO-1]\n";
    for (int i = 0; i < ORDER_TEXTS; i++) {
        struct rulebook *rules = rulebook_create(&essex, &london_2020, room);

        texts_left = i;
        assert_false(rulebook_add_order(rules, &order, devices, 1, &why));
        assert_int_equal(rulebook_counts(rules).orders, 0);
        rulebook_destroy(rules);
    }
    texts_left = -1;
    assert_true(rulebook_add_order(*state, &order, devices, 1, &why));
    add_zone(*state, "DVPO-1", "home");
    for (texts_left = 0; texts_left < PERMIT_TEXTS; texts_left++) {
        int left = texts_left;

        assert_false(rulebook_add_permit(*state, "DVPO-1", &court, &why));
        texts_left = left;
    }
    assert_true(rulebook_add_permit(*state, "DVPO-1", &court, &why)); // as many as it needs
    texts_left = -1;
    seal(*state);
    assert_int_equal(rulebook_exclusion(*state, 0)->n_permits, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_device_leads_to_its_respondents_own_zones, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_was_added_is_counted_and_found, setup, teardown),
        cmocka_unit_test_setup_teardown(what_orders_share_is_kept_once, setup, teardown),
        cmocka_unit_test_setup_teardown(everything_is_copied, setup, teardown),
        cmocka_unit_test_setup_teardown(what_there_is_no_memory_for_is_not_taken_in_part, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_permit_is_of_the_zones_it_names_or_of_all, setup,
                                        teardown),
    };

    return rows_hold("refused by the rulebook", refused, it_is_refused_so) +
           cmocka_run_group_tests_name("rulebook", tests, NULL, NULL);
}
