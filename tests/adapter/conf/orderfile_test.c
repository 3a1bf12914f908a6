/* SPDX-License-Identifier: Apache-2.0 */
/* The folder as a whole: what becomes of it, ids over all files, all of it or nothing. */
#include "adapter/conf/orderfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/nobody.h"
#include "support/orders.h"
#include "support/scratch.h"
#include "support/test.h"

static struct utc at(const char *text)
{
    struct utc read = { 0 };

    assert_true(utc_parse(text, &read));
    return read;
}

static const char whole[] =
    "[order DVPO-2020-0113]\n"
    "kind       = DVPO          ; DVPN DVPO DAPN DAPO\n"
    "clause     = 3             ; the clause that the zones enforce\n"
    "respondent = R-1001\n"
    "devices    = tag-0042, phone-0042\n"
    "area       = Basildon      ; routes alerts\n"
    "age        = 27\n"
    "monitoring = consent\n"
    "from       = 2020-06-09T12:00:00+01:00\n"
    "served     = 2020-06-09T15:30:00+01:00   ; nothing before it is a breach\n"
    "until      = 2020-07-07T12:00:00+01:00   ; absent: open-ended\n"
    "\n"
    "[zone DVPO-2020-0113/home]\n"
    "centre     = 51.56844, 0.45782           ; latitude, longitude\n"
    "radius     = 200 m\n"
    "warn       = 800 m\n"
    "\n"
    "[zone DVPO-2020-0113/school]\n"
    "wkt        = POLYGON ((0.4601 51.5701, 0.4661 51.5701,\n"
    "              0.4661 51.5741, 0.4601 51.5741,   ; two corners more\n"
    "              0.4601 51.5701))\n"
    "buffer     = 50 m\n"
    "schedule   = Mon-Fri 08:00-16:30; Sat 09:00-12:00\n"
    "\n"
    "[zone DVPO-2020-0113/work]\n"
    "geojson    = shapes/work.geojson\n"
    "\n"
    "[permit DVPO-2020-0113/court]\n"
    "zones      = home\n"
    "from       = 2020-06-23T09:00:00Z\n"
    "until      = 2020-06-23T17:00:00Z\n"
    "by         = Sgt 1234\n"
    "why        = hearing at Basildon Magistrates\n";

#define SQUARE "[[[0.50,51.60],[0.51,51.60],[0.51,51.61],[0.50,51.61],[0.50,51.60]]]"

static const char work[] = "{\"type\":\"Polygon\",\"coordinates\":" SQUARE "}";

static struct rulebook *load_whole(void)
{
    struct complaints complaints = { 0 };
    struct rulebook *rulebook;

    scratch_write("orders.d/shapes/work.geojson", work);
    scratch_write("orders.d/A.conf", whole);
    rulebook = orders_load(&complaints);
    assert_complaints("the contract's own example", &complaints, "");
    assert_non_null(rulebook);
    return rulebook;
}

static void an_order_is_taken_as_it_is_written(void **state)
{
    struct rulebook *rulebook = load_whole();
    struct rulebook_counts counts = rulebook_counts(rulebook);
    const struct order *order = rulebook_order(rulebook, 0);
    (void)state;

    assert_int_equal(counts.orders, 1);
    assert_int_equal(counts.respondents, 1);
    assert_int_equal(counts.devices, 2);
    assert_int_equal(counts.exclusions, 3);
    assert_string_equal(order->id, "DVPO-2020-0113");
    assert_string_equal(order->kind, "DVPO");
    assert_string_equal(order->clause, "3");
    assert_string_equal(order->respondent, "R-1001");
    assert_string_equal(order->area, "Basildon");
    assert_string_equal(order->monitoring, "consent");
    assert_int_equal(order->age, 27);
    assert_true(order->from.ms == at("2020-06-09T11:00:00Z").ms);
    assert_true(order->served.ms == at("2020-06-09T14:30:00Z").ms);
    assert_true(order->until.ms == at("2020-07-07T11:00:00Z").ms);
    assert_int_equal(strlen(order->digest), DIGEST_CHARS);
    rulebook_destroy(rulebook);
}

static void its_zones_have_shape_ring_schedule_and_permit(void **state)
{
    struct rulebook *rulebook = load_whole();
    const struct exclusion *home = rulebook_exclusion(rulebook, 0);
    const struct exclusion *school = rulebook_exclusion(rulebook, 1);
    const struct exclusion *job = rulebook_exclusion(rulebook, 2);
    struct lonlat corner = { 0.46, 51.5699 };
    (void)state;

    assert_string_equal(home->subject, "DVPO-2020-0113/home");
    assert_true(home->warn == 800 && school->warn == 0);
    assert_null(home->schedule);
    assert_int_equal(school->schedule->n, 2);
    assert_int_equal(home->n_permits, 1);
    assert_string_equal(home->permits[0]->by, "Sgt 1234");
    assert_string_equal(home->permits[0]->why, "hearing at Basildon Magistrates");
    assert_int_equal(school->n_permits, 0);
    assert_true(zone_distance(home->zone, (struct lonlat){ 0.45782, 51.56844 }, 1e6) < -199.9);
    assert_true(zone_distance(school->zone, corner, 1e6) < 0); // only by the 50 m
    assert_true(zone_distance(job->zone, (struct lonlat){ 0.505, 51.605 }, 1e6) < 0);
    rulebook_destroy(rulebook);
}

static void what_may_be_left_out_has_its_default(void **state)
{
    struct complaints complaints = { 0 };
    struct rulebook *rulebook;
    const struct order *order;
    (void)state;

    scratch_write("orders.d/A.conf",
                  "[order A]\nkind = other\nrespondent = R\ndevices = t\n"
                  "from = 2020-06-09T12:00:00Z\n" ZONE(
                      "A/z") "[permit A/p]\n"
                             "from = 2020-06-09T12:00:00Z\nuntil = 2020-06-10T12:00:00Z\n");
    rulebook = orders_load(&complaints);
    complaints_fini(&complaints);
    order = rulebook_order(rulebook, 0);
    assert_null(order->clause);
    assert_null(order->area);
    assert_null(order->monitoring);
    assert_int_equal(order->age, -1);
    assert_true(order->served.ms == UTC_NEVER.ms);
    assert_true(order->until.ms == UTC_NEVER.ms);
    assert_int_equal(rulebook_exclusion(rulebook, 0)->n_permits, 1); // of all zones
    rulebook_destroy(rulebook);
}

static void files_are_one_whole_whatever_their_order(void **state)
{
    struct complaints complaints = { 0 };
    struct rulebook *rulebook;
    (void)state;

    scratch_write("orders.d/1.conf", ZONE("A/z"));
    scratch_write("orders.d/2.conf", "[permit A/p]\nfrom = 2020-06-09T12:00:00Z\n"
                                     "until = 2020-06-10T12:00:00Z\nzones = z\n");
    scratch_write("orders.d/3.conf", ORDER("A", "R", "t"));
    scratch_write("orders.d/.hidden.conf", "broken\n");
    scratch_write("orders.d/notes.txt", "broken\n");
    scratch_write("orders.d/A.conf~", "broken\n");
    rulebook = orders_load(&complaints);
    assert_complaints("three files", &complaints,
                      "orders.d/notes.txt: warning: is no order file, for its name does not end in "
                      ".conf: nobody in it is watched\n");
    assert_int_equal(rulebook_exclusion(rulebook, 0)->n_permits, 1);
    rulebook_destroy(rulebook);
}

#define IN(file, n) "orders.d/" file ".conf:" #n ": "

static void ids_are_unique_over_the_folder(void **state)
{
    (void)state;
    scratch_write("orders.d/B.conf",
                  ORDER("A", "R", "t") ZONE("A/z") "[permit A/p]\nfrom = 2020-06-09T12:00:00Z\n"
                                                   "until = 2020-06-10T12:00:00Z\n");
    assert_said_of(
        "all three of them again",
        ORDER("A", "R", "t") ZONE("A/z") "[permit A/p]\nfrom = 2020-06-09T12:00:00Z\n"
                                         "until = 2020-06-10T12:00:00Z\n",
        IN("B", 1) "order A: there is another one of that id, at orders.d/A.conf:1\n" IN(
            "B", 8) "zone A/z: there is another one of that id, at "
                    "orders.d/A.conf:8\n" IN("B", 11) "permit A/p: there is another one of "
                                                      "that id, at orders.d/A.conf:11\n");
}

static void a_device_is_carried_by_one(void **state)
{
    (void)state;
    scratch_write("orders.d/B.conf", ORDER("B", "S", "u, t") ZONE("B/z"));
    assert_said_of("two respondents", ORDER("A", "R", "t") ZONE("A/z"),
                   IN("B", 4) "devices: t is carried by R, so S cannot carry it\n");
    scratch_write("orders.d/B.conf", ORDER("B", "R", "u, t") ZONE("B/z"));
    assert_said_of("two orders of one", ORDER("A", "R", "t") ZONE("A/z"), "");
}

static void one_bad_file_refuses_the_folder(void **state)
{
    (void)state;
    scratch_write("orders.d/B.conf", ORDER("B", "S", "u") ZONE("B/z"));
    assert_said_of("both are good", ORDER("A", "R", "t") ZONE("A/z"), "");
    assert_said_of("one is not", ORDER("A", "R", "t") ZONE("A/z") "colour = red\n",
                   IN("A", 11) "colour: no such key here\n");
}

static void everything_wrong_is_told_at_once(void **state)
{
    (void)state;
    scratch_write("orders.d/B.conf", ORDER("B", "S", "u") "clause =\n" ZONE("B/z") "what\n");
    scratch_write("orders.d/C.conf", ORDER("C", "T", "v") "age = 9\n[zone C/z]\nradius = 0 m\n");
    assert_said_of(
        "six of them", ORDER("A", "R", "t") ZONE("A/z") "colour = red\n[what]\n",
        IN("A",
           12) "[what]: is none of [order ID], [zone ORDER/NAME], "
               "[permit ORDER/NAME]\n" IN("B", 12) "neither [section] nor key = value\n" IN(
                   "B",
                   8) "clause: has 0 characters, not 1..32\n" IN("C",
                                                                 8) "age: 9 is outside "
                                                                    "10..120\n" IN(
                                                                        "A",
                                                                        11) "colour: no "
                                                                            "such key "
                                                                            "here\n" IN(
                                                                                "C",
                                                                                9) "C/"
                                                                                   "z: "
                                                                                   "exac"
                                                                                   "tly "
                                                                                   "one "
                                                                                   "of "
                                                                                   "cent"
                                                                                   "re, "
                                                                                   "wkt "
                                                                                   "and "
                                                                                   "geoj"
                                                                                   "son "
                                                                                   "must"
                                                                                   " be "
                                                                                   "give"
                                                                                   "n"
                                                                                   "\n" IN(
                                                                                       "C",
                                                                                       10) "radius"
                                                                                           ": 0 m "
                                                                                           "is "
                                                                                           "outsid"
                                                                                           "e 1 "
                                                                                           "m.."
                                                                                           "100 "
                                                                                           "km\n");
}

static void a_folder_that_is_not_there_is_refused(void **state)
{
    struct complaints complaints = { 0 };
    (void)state;

    assert_null(orders_load(&complaints));
    assert_complaints("no folder", &complaints, "orders.d: No such file or directory\n");
    scratch_write("orders.d", "a file\n");
    assert_null(orders_load(&complaints));
    assert_complaints("a file", &complaints, "orders.d: Not a directory\n");
}

static void a_file_that_cannot_be_read_is_refused(void **state)
{
    (void)state;
    mkdir("orders.d", 0755);
    mkdir("orders.d/B.conf", 0755);
    assert_said_of("a folder", ORDER("A", "R", "t") ZONE("A/z"),
                   "orders.d/B.conf: Is a directory\n");
    assert_int_equal(rmdir("orders.d/B.conf"), 0);
    assert_int_equal(symlink("nowhere", "orders.d/B.conf"), 0);
    assert_said_of("a link to nothing", ORDER("A", "R", "t") ZONE("A/z"),
                   "orders.d/B.conf: No such file or directory\n");
    assert_int_equal(unlink("orders.d/B.conf"), 0);
    assert_int_equal(mkfifo("orders.d/B.conf", 0600), 0);
    assert_said_of("a FIFO", ORDER("A", "R", "t") ZONE("A/z"),
                   "orders.d/B.conf: is no regular file\n");
}

static void what_we_may_not_read_is_refused(void **state)
{
    struct complaints complaints = { 0 };
    (void)state;

    scratch_write("orders.d/A.conf", ORDER("A", "R", "t") ZONE("A/z"));
    scratch_write("orders.d/B.conf", ORDER("B", "S", "u") ZONE("B/z"));
    assert_int_equal(chmod("orders.d/B.conf", 0), 0);
    nobody_begin();
    assert_null(orders_load(&complaints));
    nobody_end();
    assert_complaints("a file", &complaints, "orders.d/B.conf: Permission denied\n");
    assert_int_equal(chmod("orders.d", 0), 0);
    nobody_begin();
    assert_null(orders_load(&complaints));
    nobody_end();
    assert_int_equal(chmod("orders.d", 0700), 0);
    assert_complaints("the folder", &complaints, "orders.d: Permission denied\n");
}

static void an_empty_folder_is_only_warned_of(void **state)
{
    struct complaints complaints = { 0 };
    struct rulebook *rulebook;
    (void)state;

    mkdir("orders.d", 0755);
    rulebook = orders_load(&complaints);
    assert_non_null(rulebook);
    assert_complaints("no order", &complaints,
                      "orders.d: warning: no orders in it: nobody is protected\n");
    rulebook_destroy(rulebook);
}

/* The digest of the only order of A.conf. */
static void digest(const char *text, char out[DIGEST_CHARS + 1])
{
    struct complaints complaints = { 0 };
    struct rulebook *rulebook;

    scratch_write("orders.d/A.conf", text);
    rulebook = orders_load(&complaints);
    assert_complaints("for its digest", &complaints, "");
    strcpy(out, rulebook_order(rulebook, 0)->digest);
    rulebook_destroy(rulebook);
}

#define SHAPED ORDER("A", "R", "t") "[zone A/z]\ngeojson = z.json\n"

static void the_digest_tells_texts_apart_and_nothing_else(void **state)
{
    char first[DIGEST_CHARS + 1], other[DIGEST_CHARS + 1];
    (void)state;

    scratch_write("orders.d/z.json", work);
    digest(SHAPED, first);
    assert_int_equal(strspn(first, "0123456789abcdef"), DIGEST_CHARS);
    digest(SHAPED, other);
    assert_string_equal(other, first);
    digest("; a comment\n\n" SHAPED, other);
    assert_string_equal(other, first);
    scratch_write("orders.d/B.conf", ORDER("B", "S", "u") ZONE("B/z"));
    digest(SHAPED, other);
    assert_string_equal(other, first); // another order is not this one's text
    digest(SHAPED "warn = 1 m\n", other);
    assert_string_not_equal(other, first);
    digest(SHAPED "[permit A/p]\nfrom = 2020-06-09T12:00:00Z\nuntil = 2020-06-10T12:00:00Z\n",
           other);
    assert_string_not_equal(other, first);
    scratch_write("orders.d/z.json", "{\"type\":\"Polygon\",\"coordinates\": " SQUARE "}");
    digest(SHAPED, other);
    assert_string_not_equal(other, first);
}

/* Each Tuesday from 10:00 to 11:30 by local time, which is UTC there: see orders.c. */
static void a_permit_recurs_as_it_is_written(void **state)
{
    struct complaints complaints = { 0 };
    const struct exclusion *zone;
    struct rulebook *rulebook;
    (void)state;

    scratch_write("orders.d/A.conf",
                  ORDER("A", "R", "t")
                      ZONE("A/z") "[permit A/course]\nfrom = 2020-06-10 09:00\n"
                                  "until = 2020-07-01 09:00\nevery = Tue 10:00-11:30\n");
    rulebook = orders_load(&complaints);
    assert_complaints("it recurs", &complaints, "");
    zone = rulebook_exclusion(rulebook, 0);
    assert_null(exclusion_permit(zone, rulebook_civil(rulebook), at("2020-06-09T10:30:00Z")));
    assert_non_null(exclusion_permit(zone, rulebook_civil(rulebook), at("2020-06-16T10:30:00Z")));
    assert_null(exclusion_permit(zone, rulebook_civil(rulebook), at("2020-06-16T11:30:00Z")));
    assert_non_null(exclusion_permit(zone, rulebook_civil(rulebook), at("2020-06-30T10:00:00Z")));
    rulebook_destroy(rulebook);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(an_order_is_taken_as_it_is_written),
        scratch_test(its_zones_have_shape_ring_schedule_and_permit),
        scratch_test(what_may_be_left_out_has_its_default),
        scratch_test(files_are_one_whole_whatever_their_order),
        scratch_test(a_permit_recurs_as_it_is_written),
        scratch_test(ids_are_unique_over_the_folder),
        scratch_test(a_device_is_carried_by_one),
        scratch_test(one_bad_file_refuses_the_folder),
        scratch_test(everything_wrong_is_told_at_once),
        scratch_test(a_folder_that_is_not_there_is_refused),
        scratch_test(a_file_that_cannot_be_read_is_refused),
        scratch_test(what_we_may_not_read_is_refused),
        scratch_test(an_empty_folder_is_only_warned_of),
        scratch_test(the_digest_tells_texts_apart_and_nothing_else),
    };

    return cmocka_run_group_tests_name("orderfile", tests, NULL, NULL);
}
