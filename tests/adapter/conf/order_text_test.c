/* SPDX-License-Identifier: Apache-2.0 */
/* An order as one text: read again it is the same order, with the same digest. */
#include "adapter/conf/order_text.h"

#include <stdlib.h>
#include <string.h>

#include "support/near.h"
#include "support/orders.h"
#include "support/scratch.h"
#include "support/test.h"

static const struct civil winter = { .n = 1, .change = { { UTC_ALWAYS, 0 } } };

static struct rulebook *load_folder(void)
{
    struct complaints complaints = { 0 };
    struct rulebook *rules = orders_load(&complaints);

    if (rules == NULL)
        complaints_print(&complaints, COMPLAINTS_WARNINGS | COMPLAINTS_SECRETS, stderr);
    complaints_fini(&complaints);
    assert_non_null(rules);
    return rules;
}

static struct rulebook *load_texts(const char *const *texts, size_t n)
{
    struct orderfile_options options = { .texts = texts,
                                         .n_texts = n,
                                         .region = { { -180, -90 }, { 180, 90 } },
                                         .civil = &winter,
                                         .ping_interval_ms = 1 };
    struct complaints complaints = { 0 };
    struct rulebook *rules = orderfile_load(&options, &complaints);

    complaints_fini(&complaints);
    return rules;
}

static void assert_same_text(const struct order *a, const struct order *b)
{
    char *one = order_text(a), *other = order_text(b);

    assert_non_null(one);
    assert_string_equal(one, other);
    free(one);
    free(other);
}

static void assert_same_order(const struct order *a, const struct order *b)
{
    assert_same_text(a, b);
    assert_string_equal(a->digest, b->digest);
    assert_string_equal(a->id, b->id);
    assert_string_equal(a->kind, b->kind);
    assert_string_equal(a->respondent, b->respondent);
    assert_true(a->from.ms == b->from.ms && a->served.ms == b->served.ms);
    assert_true(a->until.ms == b->until.ms && a->age == b->age);
}

static void assert_same_exclusion(const struct exclusion *a, const struct exclusion *b)
{
    assert_string_equal(a->subject, b->subject);
    assert_true(a->warn == b->warn && a->n_permits == b->n_permits);
    assert_int_equal(a->schedule == NULL, b->schedule == NULL);
    if (a->schedule != NULL)
        assert_memory_equal(a->schedule, b->schedule, sizeof *a->schedule);
    for (size_t i = 0; i < a->n_permits; i++) {
        assert_string_equal(a->permits[i]->id, b->permits[i]->id);
        assert_true(a->permits[i]->from.ms == b->permits[i]->from.ms);
        assert_true(a->permits[i]->until.ms == b->permits[i]->until.ms);
    }
    for (int i = 0; i < 400; i++) { // the same answer to the last bit, near the zone and far
        struct lonlat at = { 0.44 + 0.004 * (i % 20), 51.55 + 0.004 * (i / 20) };
        double one = zone_distance(a->zone, at, 1e6), other = zone_distance(b->zone, at, 1e6);

        assert_memory_equal(&one, &other, sizeof one);
    }
}

/* What is in orders.d, against what its texts make. */
static void assert_comes_back(void)
{
    struct rulebook *was = load_folder(), *is;
    struct rulebook_counts counts = rulebook_counts(was);
    char *texts[8];

    assert_in_range(counts.orders, 1, 8);
    for (size_t i = 0; i < counts.orders; i++)
        texts[i] = order_text(rulebook_order(was, i));
    is = load_texts((const char *const *)texts, counts.orders);
    assert_non_null(is);
    assert_int_equal(rulebook_counts(is).exclusions, counts.exclusions);
    assert_int_equal(rulebook_counts(is).devices, counts.devices);
    assert_int_equal(rulebook_counts(is).respondents, counts.respondents);
    for (size_t i = 0; i < counts.orders; i++)
        assert_same_order(rulebook_order(was, i), rulebook_order(is, i));
    for (size_t i = 0; i < counts.exclusions; i++) {
        size_t nth;

        assert_true(rulebook_find_exclusion(is, rulebook_exclusion(was, i)->subject, &nth));
        assert_same_exclusion(rulebook_exclusion(was, i), rulebook_exclusion(is, nth));
    }
    for (size_t i = 0; i < counts.orders; i++)
        free(texts[i]);
    rulebook_destroy(was);
    rulebook_destroy(is);
}

#define SQUARE "[[[0.50,51.60],[0.51,51.60],\r\n[0.51,51.61],\n\n[0.50,51.61],\t[0.50,51.60]]]"

static void every_kind_of_zone_comes_back(void **state)
{
    (void)state;
    scratch_write("orders.d/shapes/work place.geojson",
                  "{\"type\":\"Feature\",\n \"properties\":{\"a\":\"[zone A/x] = caf\xc3\xa9\"},\n"
                  " \"geometry\":{\"type\":\"Polygon\",\"coordinates\":" SQUARE "}}\n");
    scratch_write(
        "orders.d/A.conf",
        "[order A]   ; a comment\nkind = DVPO\nclause = 3 = [three]\nrespondent = R\n"
        "devices = t,  u\narea = caf\xc3\xa9\nage=27\nmonitoring = consent\n"
        "from = 2020-06-09T12:00:00.250+01:00\nserved= 2020-06-09T15:30:00+01:00\n"
        "until = 2020-07-07 12:00:00+01:00\n\n" ZONE(
            "A/home") "warn = 800 m\n"
                      "[zone A/school]\nwkt = POLYGON ((0.4601 51.5701, 0.4661 51.5701,\n"
                      "   0.4661 51.5741, 0.4601 51.5741,  ; two more\n   0.4601 51.5701))\n"
                      "buffer = 50 m\nschedule = Mon-Fri 08:00-16:30; Sat 09:00-12:00\n"
                      "[zone A/work]\ngeojson = shapes/work place.geojson\n"
                      "[permit A/court]\nzones = home, school\nfrom = 2020-06-23T09:00:00Z\n"
                      "until = 2020-06-23T17:00:00Z\nby = [Sgt] = 1234\nwhy = hearing\n");
    assert_comes_back();
}

static void two_orders_over_several_files_come_back(void **state)
{
    (void)state;
    scratch_write("orders.d/1.conf", ZONE("A/z") ZONE("B/y"));
    scratch_write("orders.d/2.conf", "[permit B/p]\nfrom = 2020-06-09T12:00:00Z\n"
                                     "until = 2020-06-10T12:00:00Z\nzones = y\n");
    scratch_write("orders.d/3.conf", ORDER("B", "R", "t") ORDER("A", "R", "t u"));
    assert_comes_back();
}

/* The digest is of what is said, not of how it is laid out. */
static void layout_is_not_in_the_digest(void **state)
{
    struct rulebook *tidy, *wild;

    (void)state;
    scratch_write("orders.d/A.conf", ORDER("A", "R", "t") ZONE("A/z"));
    tidy = load_folder();
    scratch_write("orders.d/A.conf",
                  "; about\n[order   A]\n kind=other   ; so\nrespondent   =R\ndevices = t\n"
                  "monitoring = bail\nfrom = 2020-06-09T12:00:00Z\n\n"
                  "served = 2020-06-09T15:30:00Z\n");
    scratch_write("orders.d/B.conf", ZONE("A/z"));
    wild = load_folder();
    assert_same_text(rulebook_order(tidy, 0), rulebook_order(wild, 0));
    assert_string_equal(rulebook_order(tidy, 0)->digest, rulebook_order(wild, 0)->digest);
    rulebook_destroy(tidy);
    rulebook_destroy(wild);
}

static void assert_found(struct order_text_held *held, const struct order *order,
                         const char *section, const char *key, const char *value)
{
    char *found = order_text_find(held, order, section, key);

    if (value == NULL)
        assert_null(found);
    else
        assert_string_equal(found, value);
    free(found);
}

/* Of 4,000 zones of one order 20,000 keys are asked for; all of it each time took a minute. */
static void a_text_is_unpacked_once_for_all_that_is_asked_of_it(void **state)
{
    struct order_text_held held = { 0 };
    const struct order *a, *b;
    struct rulebook *rules;

    (void)state;
    scratch_write("orders.d/1.conf",
                  ORDER("A", "R", "t") ZONE("A/z") ORDER("B", "S", "u") ZONE("B/z"));
    rules = load_folder();
    a = rulebook_order(rules, 0);
    b = rulebook_order(rules, 1);
    assert_found(&held, a, "order A", "devices", "t");
    assert_non_null(held.text);
    *strstr(held.text, "devices = t") = 'D'; // were it unpacked again, the key would be there
    assert_found(&held, a, "order A", "devices", NULL);
    assert_found(&held, a, "order A", "respondent", "R");
    assert_found(&held, b, "order B", "devices", "u"); // another one's is
    assert_found(&held, b, "order A", "respondent", NULL);
    assert_found(&held, a, "order A", "devices", "t");
    order_text_let_go(&held);
    assert_null(held.text);
    rulebook_destroy(rules);
}

/* printf '%s' TEXT | sha256sum */
static void the_digest_is_that_of_the_text(void **state)
{
    char digest[DIGEST_CHARS + 1];

    (void)state;
    assert_true(order_text_digest("", digest));
    assert_string_equal(digest, "e3b0c44298fc");
    assert_true(order_text_digest("{\"a\":1}", digest));
    assert_string_equal(digest, "015abd7f5cc5");
}

/* The ledger keeps texts as JSON, which holds UTF-8 or nothing: such a text could not be kept. */
static void a_file_name_that_is_not_utf8_is_refused(void **state)
{
    struct complaints complaints = { 0 };

    (void)state;
    scratch_write("orders.d/caf\xe9.geojson", "{\"type\":\"Polygon\",\"coordinates\":" SQUARE "}");
    scratch_write("orders.d/A.conf",
                  ORDER("A", "R", "t") "[zone A/z]\ngeojson = caf\xe9.geojson\n");
    assert_null(orders_load(&complaints));
    assert_complaints("latin-1", &complaints, "orders.d/A.conf:9: geojson: is not UTF-8\n");
}

static void a_geojson_that_is_not_utf8_is_refused(void **state)
{
    struct complaints complaints = { 0 };

    (void)state;
    scratch_write("orders.d/z.geojson",
                  "{\"type\":\"Feature\",\"properties\":{\"a\":\"caf\xe9\"},"
                  "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":" SQUARE "}}");
    scratch_write("orders.d/A.conf", ORDER("A", "R", "t") "[zone A/z]\ngeojson = z.geojson\n");
    assert_null(orders_load(&complaints));
    complaints_fini(&complaints);
}

/* Only a ledger says so; nobody writes it into a file. */
static void a_shape_in_a_file_is_no_key(void **state)
{
    struct complaints complaints = { 0 };

    (void)state;
    scratch_write("orders.d/A.conf", ORDER("A", "R", "t") ZONE("A/z") "geojson-text = {}\n");
    assert_null(orders_load(&complaints));
    assert_complaints("an inner key", &complaints,
                      "orders.d/A.conf:11: geojson-text: no such key here\n");
}

static void what_is_no_text_of_an_order_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "\n\n[\n]\n[]\n",
        "kind = DVPO\n",
        "[order A]\n",
        "[order A\nkind = DVPO\n",
        "[zone A/z]\ncentre = 51.5, 0.4\nradius = 200 m\n",
        "[order A]\nkind = other\nrespondent = R\ndevices = t\nfrom = yesterday\n",
        "[order A]\nkind = other\nrespondent = R\ndevices = t\nfrom = 2020-06-09T12:00:00Z\n"
        "[zone A/z]\ngeojson = gone.geojson\n",
        "[order A]\nkind = other\nrespondent = R\ndevices = t\nfrom = 2020-06-09T12:00:00Z\n"
        "[zone A/z]\ngeojson = gone.geojson\ngeojson-text = {}\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct rulebook *rules = load_texts(&texts[i], 1);

        if (rules != NULL && rulebook_counts(rules).orders > 0)
            fail_msg("was read: %s", texts[i]);
        rulebook_destroy(rules);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(every_kind_of_zone_comes_back),
        scratch_test(two_orders_over_several_files_come_back),
        scratch_test(layout_is_not_in_the_digest),
        scratch_test(a_text_is_unpacked_once_for_all_that_is_asked_of_it),
        scratch_test(the_digest_is_that_of_the_text),
        scratch_test(a_file_name_that_is_not_utf8_is_refused),
        scratch_test(a_geojson_that_is_not_utf8_is_refused),
        scratch_test(a_shape_in_a_file_is_no_key),
        scratch_test(what_is_no_text_of_an_order_is_refused),
    };

    return cmocka_run_group_tests_name("order_text", tests, NULL, NULL);
}
