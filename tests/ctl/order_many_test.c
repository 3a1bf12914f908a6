/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl order import of a town: thousands of zones, each looked at once. */
#include "ctl/order_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/scratch.h"
#include "support/test.h"

/* More than the 10,000 that were once the most; a tenth of it under ASan, which is slow. */
#ifdef __SANITIZE_ADDRESS__
#define MANY    1200
#define UPDATED 300
#else
#define MANY    12000
#define UPDATED 3000
#endif
#define TEXT_OF(n) #n
#define TEXT(n)    TEXT_OF(n)

/* A table of so many orders of a zone each, all of them moved to the north by so many degrees. */
static void write_table(const char *path, int n, double by)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    fprintf(file, "order,kind,respondent,devices,monitoring,from,zone,lat,lon,radius\n");
    for (int i = 0; i < n; i++)
        fprintf(file, "T-%d,bail,R-%d,tag-%d,bail,2026-01-01T00:00:00Z,home,%.4f,%.4f,200 m\n", i,
                i, i, 51.42 + by + (i % 200) * 0.003, (double)(i / 200) * 0.004);
    assert_int_equal(fclose(file), 0);
}

static void thousands_of_orders_come_in_and_go_out(void **state)
{
    (void)state;
    write_table("town.csv", MANY, 0);
    assert_ended(order_run("order import town.csv"), 0,
                 "there are " TEXT(MANY) " orders, " TEXT(MANY) " zones");
    assert_ended(order_run("zones --geojson --reason test -o zones.geojson"), 0, "");
    assert_ended(order_run("order import zones.geojson --update"), 0,
                 "0 of " TEXT(MANY) " zones moved");
}

/* In as many checks of the folder as there are zones it would take a quarter of an hour. */
static void the_folder_is_checked_once_for_all_zones_that_moved(void **state)
{
    (void)state;
    write_table("town.csv", UPDATED, 0);
    write_table("moved.csv", UPDATED, 0.001);
    assert_ended(order_run("order import town.csv"), 0,
                 "there are " TEXT(UPDATED) " orders, " TEXT(UPDATED) " zones");
    assert_ended(order_run("order import moved.csv --update"), 0,
                 TEXT(UPDATED) " of " TEXT(UPDATED) " zones moved");
    assert_ended(order_run("order import moved.csv --update"), 0,
                 "0 of " TEXT(UPDATED) " zones moved");
    assert_non_null(strstr(order_file("orders.d/town.conf"),
                           "[zone T-0/home]\ncentre     = 51.4210, 0.0000\nradius     = 200 m\n"));
}

/* A map is read a feature at a time: what is no JSON is found where it stands. */
static void what_is_no_json_is_told_by_its_line(void **state)
{
    static const struct {
        const char *map, *want;
    } rows[] = {
        { "{\"type\":\"FeatureCollection\",\"features\":[\n\n{\"a\":}]}", "JSON, line 3: " },
        { "{\"type\":\"FeatureCollection\",\"features\":[\n{} {}]}",
          "JSON, line 2: a comma or ] is wanted between features" },
        { "{\"type\":\"FeatureCollection\",\"features\":[\n{},", "cannot be read as JSON" },
        { "{\"type\":\"FeatureCollection\",\"features\":[]}", "holds no feature" },
        { "{\"name\":\"\\\"features\\\":[\",\n\"of\":{\"features\":[1]}}", "holds no feature" },
        { "{\"features\":[{}],\n\"crs\":{\"properties\":{}}}", "crs: names no system" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        scratch_write("map.geojson", rows[i].map);
        assert_ended(order_run("order import map.geojson"), 1, rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        order_test(thousands_of_orders_come_in_and_go_out),
        order_test(the_folder_is_checked_once_for_all_zones_that_moved),
        order_test(what_is_no_json_is_told_by_its_line),
    };

    return cmocka_run_group_tests_name("order many", tests, NULL, NULL);
}
