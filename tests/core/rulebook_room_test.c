/* SPDX-License-Identifier: Apache-2.0 */
/* rulebook_room_test.c - full is a case: orders, devices, zones, and those of one respondent. */
#include "core/rulebook.h"

#include <stdio.h>
#include <string.h>

#include "support/london.h"

static const struct lonlat_box essex = { { -0.1, 51.4 }, { 1.4, 52.2 } };

static struct rulebook *rules_with(struct rulebook_room room)
{
    struct rulebook *rules = rulebook_create(&essex, &london_2020, room);

    assert_non_null(rules);
    return rules;
}

static bool add_order(struct rulebook *rules, int nth, const char *respondent,
                      const char *const *devices, size_t n, struct fault *why)
{
    char id[16];
    struct order order = { .id = id,
                           .kind = "DVPO",
                           .respondent = respondent,
                           .from = { 0 },
                           .served = { 0 },
                           .until = UTC_NEVER };

    snprintf(id, sizeof id, "O-%d", nth);
    return rulebook_add_order(rules, &order, devices, n, why);
}

static bool add_zone(struct rulebook *rules, const char *order, int nth, struct fault *why)
{
    char name[16];
    struct zone_draft draft = {
        .order = order, .name = name, .centre = { 0.45 + nth / 8192.0, 51.5 }, .radius = 200
    };

    snprintf(name, sizeof name, "z%d", nth);
    return rulebook_add_zone(rules, &draft, why);
}

static void no_more_orders_than_there_is_room_for(void **state)
{
    static const char *const tag = "tag-1";
    struct rulebook *rules = rules_with((struct rulebook_room){ 2, 10, 10, 10 });
    struct fault why;

    (void)state;
    assert_true(add_order(rules, 0, "R-1", &tag, 1, &why));
    assert_true(add_order(rules, 1, "R-1", &tag, 1, &why));
    assert_false(add_order(rules, 2, "R-1", &tag, 1, &why));
    assert_string_equal(why.text, "order O-2: no room for more than 2");
    rulebook_destroy(rules);
}

/* One past the room, so that a rulebook which does not look is seen without being broken. */
static void no_more_zones_than_there_is_room_for(void **state)
{
    static const char *const tag = "tag-1";
    struct rulebook *rules = rules_with((struct rulebook_room){ 1, 1, 2, 0 });
    struct fault why;
    bool third;

    (void)state;
    assert_true(add_order(rules, 0, "R-1", &tag, 1, &why));
    assert_true(add_zone(rules, "O-0", 0, &why));
    assert_true(add_zone(rules, "O-0", 1, &why));
    third = add_zone(rules, "O-0", 2, &why);
    rulebook_destroy(rules);
    assert_false(third);
}

static void no_more_devices_than_there_is_room_for(void **state)
{
    static const char *const tags[] = { "tag-1", "tag-2", "tag-3" };
    struct rulebook *rules = rules_with((struct rulebook_room){ 2, 2, 0, 0 });
    struct fault why;
    bool third;

    (void)state;
    assert_true(add_order(rules, 0, "R-1", tags, 2, &why));
    third = add_order(rules, 1, "R-2", tags + 2, 1, &why);
    rulebook_destroy(rules);
    assert_false(third);
}

static void a_respondent_carries_eight_devices(void **state)
{
    static const char *const tags[] = { "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9" };
    struct rulebook *rules = rules_with((struct rulebook_room){ 9, 40, 10, 10 });
    struct fault why;

    (void)state;
    assert_false(add_order(rules, 0, "R-1", tags, 9, &why));
    assert_string_equal(why.text, "devices: 9 of R-1 are more than 8");
    assert_true(add_order(rules, 1, "R-1", tags, 5, &why));
    assert_true(add_order(rules, 2, "R-1", tags + 2, 6, &why)); // three of them known already
    assert_false(add_order(rules, 3, "R-1", tags + 8, 1, &why));
    assert_int_equal(rulebook_counts(rules).devices, 8);
    assert_int_equal(rulebook_counts(rules).orders, 2);
    rulebook_destroy(rules);
}

static void naming_a_device_twice_is_carrying_it_once(void **state)
{
    static const char *const tags[] = { "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t1" };
    struct rulebook *rules = rules_with((struct rulebook_room){ 9, 40, 10, 10 });
    struct fault why = { .text = "" };
    bool added = add_order(rules, 0, "R-1", tags, 9, &why);
    size_t devices = rulebook_counts(rules).devices;

    (void)state;
    rulebook_destroy(rules);
    assert_string_equal(why.text, "");
    assert_true(added);
    assert_int_equal(devices, 8);
}

static void a_respondent_has_so_many_zones_over_all_orders(void **state)
{
    static const char *const tag = "tag-1";
    struct rulebook *rules =
        rules_with((struct rulebook_room){ 2, 1, RESPONDENT_ZONES_MAX + 1, 0 });
    struct fault why;

    (void)state;
    assert_true(add_order(rules, 0, "R-1", &tag, 1, &why));
    assert_true(add_order(rules, 1, "R-1", &tag, 1, &why));
    for (int i = 0; i < RESPONDENT_ZONES_MAX; i++)
        assert_true(add_zone(rules, i % 2 ? "O-1" : "O-0", i, &why));
    assert_false(add_zone(rules, "O-1", 4999, &why));
    assert_string_equal(why.text, "zone O-1/z4999: more than 4096 zones for R-1");
    assert_true(rulebook_seal(rules, &why));
    assert_int_equal(rulebook_respondent(rules, 0)->n_exclusions, 4096);
    rulebook_destroy(rules);
}

static void so_many_orders_of_a_respondent_have_zones(void **state)
{
    static const char *const tag = "tag-1";
    struct rulebook *rules = rules_with((struct rulebook_room){ 40, 1, 40, 0 });
    struct fault why;

    (void)state;
    for (int i = 0; i <= RESPONDENT_ORDERS_MAX; i++) {
        char id[16];

        snprintf(id, sizeof id, "O-%d", i);
        assert_true(add_order(rules, i, "R-1", &tag, 1, &why));
        assert_int_equal(add_zone(rules, id, i, &why), i < RESPONDENT_ORDERS_MAX);
    }
    assert_string_equal(why.text, "zone O-32/z32: more than 32 orders with zones for R-1");
    assert_true(add_zone(rules, "O-31", 99, &why));
    rulebook_destroy(rules);
}

/* Zones of 400 m, one beside the other by 8.5 m: some 47 of them over each place. */
static void add_overlapping(const int *more, size_t n_devices, bool refused)
{
    static const char *const tags[] = { "tag-1", "tag-2", "tag-3" };
    struct rulebook *rules = rules_with((struct rulebook_room){ 1, 3, 1000, 0 });
    struct fault why;
    char complaint[120];

    snprintf(
        complaint, sizeof complaint,
        "respondent R-1: more than %zu zones reach over one place, with their rings: at zone O-0/",
        128 / n_devices);
    assert_true(add_order(rules, 0, "R-1", tags, n_devices, &why));
    for (int i = 0; i < 500; i++)
        assert_true(add_zone(rules, "O-0", i, &why));
    for (int i = 0; i < *more; i++) {
        struct zone_draft draft = {
            .order = "O-0", .name = why.text, .centre = { 0.46, 51.5 }, .radius = 200
        };

        snprintf(why.text, sizeof why.text, "more-%d", i);
        assert_true(rulebook_add_zone(rules, &draft, &why));
    }
    assert_true(rulebook_seal(rules, &why));
    assert_int_equal(rulebook_overlap(rules, 0, &why), refused);
    if (refused)
        assert_non_null(strstr(why.text, complaint));
    rulebook_destroy(rules);
}

static void zones_over_one_place_are_counted(void **state)
{
    static const int fit = 78, too_many = 84;

    (void)state;
    add_overlapping(&fit, 1, false);
    add_overlapping(&too_many, 1, true);
}

/* Of three devices each has a third of the room: one question holds the zones of all of them. */
static void several_devices_share_the_room(void **state)
{
    static const int none = 0;

    (void)state;
    add_overlapping(&none, 2, false);
    add_overlapping(&none, 3, true); // some 47 of 42
}

static void an_empty_rulebook_answers_too(void **state)
{
    struct rulebook *rules = rules_with((struct rulebook_room){ 0 });
    struct fault why;
    size_t a, b;

    (void)state;
    assert_true(rulebook_seal(rules, &why));
    assert_int_equal(rulebook_counts(rules).respondents, 0);
    assert_false(rulebook_find_device(rules, "tag-1", &a, &b));
    rulebook_destroy(rules);
    rulebook_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_orders_than_there_is_room_for),
        cmocka_unit_test(no_more_zones_than_there_is_room_for),
        cmocka_unit_test(no_more_devices_than_there_is_room_for),
        cmocka_unit_test(a_respondent_carries_eight_devices),
        cmocka_unit_test(naming_a_device_twice_is_carrying_it_once),
        cmocka_unit_test(a_respondent_has_so_many_zones_over_all_orders),
        cmocka_unit_test(so_many_orders_of_a_respondent_have_zones),
        cmocka_unit_test(zones_over_one_place_are_counted),
        cmocka_unit_test(several_devices_share_the_room),
        cmocka_unit_test(an_empty_rulebook_answers_too),
    };

    return cmocka_run_group_tests_name("rulebook, full", tests, NULL, NULL);
}
