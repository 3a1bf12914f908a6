/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl order import --update: zones that were drawn anew change the files they are in. */
#include "ctl/order_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/scratch.h"
#include "support/test.h"

#define TWO_FILES                                                                                  \
    "; of all\n[order A]\nkind = bail\nrespondent = R-1\ndevices = tag-1\n"                        \
    "from = 2026-01-01T00:00:00Z ; as ordered\n\n[zone A/home]\n"
#define HOME  "centre   = 51.5712, 0.4712 ; hers\nradius   = 200 m\n"
#define AFTER "warn     = 800 m\nschedule = Mon-Fri 08:00-16:30\n"
#define SCHOOL                                                                                     \
    "[zone B/school]\nwkt = POLYGON ((0.46 51.57, 0.47 51.57,\n"                                   \
    "    0.47 51.58, 0.46 51.57))\nbuffer = 50 m\n"
#define OTHER                                                                                      \
    "[order B]\nkind = bail\nrespondent = R-2\ndevices = tag-2\nfrom = 2026-01-01T00:00:00Z\n"

/* Both zones go out; what `edit`, of sed, makes of the map comes in. */
static int update(const char *edit, const char *options)
{
    char line[512];

    scratch_write("orders.d/A.conf", TWO_FILES HOME AFTER);
    scratch_write("orders.d/B.conf", OTHER SCHOOL);
    free(order_export("orders.d"));
    snprintf(line, sizeof line, "sed '%s' zones.geojson >map.geojson", edit);
    assert_int_equal(system(line), 0); // NOLINT
    return order_run("order import map.geojson --update %s", options);
}

static void what_nobody_drew_anew_stays_as_it_is_written(void **state)
{
    (void)state;
    assert_ended(update("", ""), 0, "0 of 2 zones moved");
    assert_file("orders.d/A.conf", TWO_FILES HOME AFTER);
    assert_file("orders.d/B.conf", OTHER SCHOOL);
    assert_string_equal(order_said(), "");
}

/* The map with each ring of A/home changed by a line of Python comes in. */
static int redraw(const char *statement)
{
    char script[1024];

    update("", "");
    snprintf(script, sizeof script,
             "import json\nmap = json.load(open('zones.geojson'))\n"
             "for one in map['features']:\n"
             "    if one['properties']['zone'] == 'home':\n"
             "        for ring in one['geometry']['coordinates'][0]:\n            %s\n"
             "json.dump(map, open('map.geojson', 'w'))\n",
             statement);
    scratch_write("redraw.py", script);
    assert_int_equal(system("python3 redraw.py"), 0); // NOLINT
    return order_run("order import map.geojson --update");
}

/* The shape alone: remarks, the ring and the schedule are as somebody has written them. */
static void a_zone_that_was_drawn_anew_is_so_in_its_file(void **state)
{
    (void)state;
    // Its easternmost corner is pulled out by some 70 m.
    assert_ended(redraw("at = max(ring); ring[ring.index(at)] = [at[0] + 0.001, at[1]]"), 0,
                 "A/home: was drawn anew, by up to 69.3 m: a polygon, and no circle");
    assert_non_null(strstr(order_complained(), "A/home: moved by 69.3 m"));
    assert_non_null(strstr(order_complained(), "1 of 2 zones moved"));
    assert_non_null(strstr(order_file("orders.d/A.conf"), TWO_FILES "wkt      = POLYGON (("));
    assert_non_null(strstr(order_file("orders.d/A.conf"), "))\n" AFTER));
    assert_null(strstr(order_file("orders.d/A.conf"), "centre"));
    assert_file("orders.d/B.conf", OTHER SCHOOL);
    assert_non_null(strstr(order_said(), "; ./orders.d/A.conf\n[zone A/home]\nwkt      = POLYGON"));
}

/* Every corner of it a thousandth of a degree to the east. */
static void a_circle_that_was_moved_as_a_whole_is_one_still(void **state)
{
    (void)state;
    assert_ended(redraw("ring[:] = [[at[0] + 0.001, at[1]] for at in ring]"), 0,
                 "A/home: its circle was drawn anew, and is one of 200 m now");
    assert_file("orders.d/A.conf",
                TWO_FILES "centre   = 51.5712, 0.4722\nradius   = 200 m\n" AFTER);
}

/* A shape over several lines goes as a whole, and its buffer with it: the drawing has it in it. */
static void a_shape_of_several_lines_is_drawn_anew(void **state)
{
    (void)state;
    scratch_write("school.csv", "order,zone,wkt\n"
                                "B,school,\"POLYGON ((0.46 51.57, 0.48 51.57, 0.47 51.58, 0.46 "
                                "51.57))\"\n");
    update("", "");
    assert_ended(order_run("order import school.csv --update"), 0, "B/school: moved by ");
    assert_file("orders.d/B.conf", OTHER "[zone B/school]\nwkt = POLYGON ((0.46 51.57, 0.48 51.57, "
                                         "0.47 51.58, 0.46 51.57))\n");
    assert_file("orders.d/A.conf", TWO_FILES HOME AFTER);
}

static void a_circle_is_moved_by_its_numbers(void **state)
{
    (void)state;
    scratch_write("circle.csv", "order,zone,lat,lon,radius\nA,home,51.5722,0.4712,250\n");
    update("", "");
    assert_ended(order_run("order import circle.csv --update"), 0, "A/home: moved by 161.3 m");
    assert_file("orders.d/A.conf",
                TWO_FILES "centre   = 51.5722, 0.4712\nradius   = 250 m\n" AFTER);
}

static void a_zone_that_is_not_there_is_not_made(void **state)
{
    (void)state;
    assert_ended(update("s/\"zone\":\"home\"/\"zone\":\"work\"/", ""), 1,
                 "A/work: is no zone of the folder, and --update makes none");
    assert_file("orders.d/A.conf", TWO_FILES HOME AFTER);
}

static void a_place_that_is_refused_changes_nothing(void **state)
{
    (void)state;
    scratch_write("circle.csv", "order,zone,lat,lon,radius\nA,home,48.85,2.35,250\n");
    update("", "");
    assert_ended(order_run("order import circle.csv --update"), 1, "outside the region");
    assert_file("orders.d/A.conf", TWO_FILES HOME AFTER);
    assert_ended(order_run("order import circle.csv --update --lat 1"), 2, "usage");
}

/* The second of two is refused: nor is the first taken. */
static void where_one_is_refused_none_is_changed(void **state)
{
    (void)state;
    scratch_write("both.csv", "order,zone,lat,lon,radius,wkt\nA,home,51.5722,0.4712,250,\n"
                              "B,school,,,,\"POLYGON ((2.35 48.85, 2.36 48.85, 2.36 48.86, 2.35 "
                              "48.85))\"\n");
    update("", "");
    assert_ended(order_run("order import both.csv --update"), 1,
                 "refused: nothing in ./orders.d was changed");
    assert_non_null(strstr(order_complained(), "A/home: moved by 161.3 m"));
    assert_file("orders.d/A.conf", TWO_FILES HOME AFTER);
    assert_file("orders.d/B.conf", OTHER SCHOOL);
}

/* What only the disk says while it is written to is told to the zone. */
static void where_it_ends_half_way_it_is_told_which_are_in_place(void **state)
{
    (void)state;
    scratch_write("both.csv", "order,zone,lat,lon,radius,wkt\nA,home,51.5722,0.4712,250,\n"
                              "B,school,,,,\"POLYGON ((0.46 51.57, 0.48 51.57, 0.47 51.58, 0.46 "
                              "51.57))\"\n");
    update("", "");
    // It is in the way of the file that B.conf is to come out of.
    assert_int_equal(system("mkdir -p orders.d/.B.conf.new/full"), 0); // NOLINT
    assert_ended(order_run("order import both.csv --update"), 1,
                 "1 of 2 zones that moved are in place, as told above, and B/school and all behind "
                 "it are not");
    assert_non_null(strstr(order_complained(), "orders.d/A.conf is in place"));
    assert_file("orders.d/A.conf",
                TWO_FILES "centre   = 51.5722, 0.4712\nradius   = 250 m\n" AFTER);
    assert_file("orders.d/B.conf", OTHER SCHOOL);
    assert_int_equal(system("rm -r orders.d/.B.conf.new"), 0); // NOLINT
}

/* The table beside the shapes is not taken: each such thing is told, and that is no success. */
static const struct row {
    const char *says, *edit, *want;
} untaken[] = {
    { "a ring", "s/\"warn\":800.0/\"warn\":900.0/",
      "A/home: warn: \"900 m\" is not taken: --update takes shapes alone\n" },
    { "no ring", "s/\"warn\":800.0/\"warn\":0/", "A/home: warn: \"0 m\" is not taken" },
    { "an end", "s/\"until\":null/\"until\":\"2026-03-01T00:00:00Z\"/",
      "A: until: \"2026-03-01T00:00:00Z\" is not taken" },
    { "a radius without its drawing", "s/\"radius\":200.0/\"radius\":400.0/",
      "A/home: centre, radius: \"51.5712, 0.4712, 400 m\" is not taken" },
    { "a schedule", "s/Mon-Fri 08:00/Mon-Sat 08:00/",
      "A/home: schedule: \"Mon-Sat 08:00-16:30\" is not taken" },
    { "devices", "s/\"devices\":\"tag-1\"/\"devices\":\"tag-1, tag-3\"/",
      "A: devices: \"tag-1, tag-3\" is not taken" },
};

static void what_is_no_shape_is_told_and_not_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof untaken / sizeof *untaken; i++) {
        assert_ended(update(untaken[i].edit, ""), 1, untaken[i].want);
        assert_non_null(strstr(order_complained(), "breachctl: 0 of 2 zones moved\n"));
        assert_null(strstr(order_complained(), "drawn anew"));
        assert_file("orders.d/A.conf", TWO_FILES HOME AFTER);
    }
}

/* The shape is taken all the same. */
static void a_shape_beside_it_is_taken(void **state)
{
    (void)state;
    scratch_write("circle.csv", "order,zone,lat,lon,radius,warn\nA,home,51.5722,0.4712,250,900\n");
    update("", "");
    assert_ended(order_run("order import circle.csv --update"), 1,
                 "breachctl: 1 thing of the map is not taken, as told above");
    assert_file("orders.d/A.conf",
                TWO_FILES "centre   = 51.5722, 0.4712\nradius   = 250 m\n" AFTER);
}

static void a_zone_that_the_map_lacks_is_told(void **state)
{
    (void)state;
    update("", "");
    scratch_write("orders.d/C.conf", "[zone A/work]\ncentre = 51.58, 0.48\nradius = 100 m\n");
    assert_ended(order_run("order import map.geojson --update"), 1,
                 "breachctl: A/work: is not in the map, and stays as it is\n");
    assert_non_null(strstr(order_complained(), "0 of 2 zones moved"));
    // Of a map of some orders the others are not meant.
    scratch_write("circle.csv", "order,zone,lat,lon,radius\nA,home,51.5712,0.4712,200\n"
                                "A,work,51.58,0.48,100\n");
    assert_ended(order_run("order import circle.csv --update"), 0,
                 "breachctl: B/school: is not in the map, and stays as it is\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        order_test(what_nobody_drew_anew_stays_as_it_is_written),
        order_test(a_zone_that_was_drawn_anew_is_so_in_its_file),
        order_test(a_circle_that_was_moved_as_a_whole_is_one_still),
        order_test(a_shape_of_several_lines_is_drawn_anew),
        order_test(a_circle_is_moved_by_its_numbers),
        order_test(a_zone_that_is_not_there_is_not_made),
        order_test(a_place_that_is_refused_changes_nothing),
        order_test(where_one_is_refused_none_is_changed),
        order_test(what_is_no_shape_is_told_and_not_taken),
        order_test(a_shape_beside_it_is_taken),
        order_test(a_zone_that_the_map_lacks_is_told),
        order_test(where_it_ends_half_way_it_is_told_which_are_in_place),
    };

    return cmocka_run_group_tests_name("order update", tests, NULL, NULL);
}
