/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Essex's wards, each written in every way that is taken: the zone is the same, to the last bit of
 * its corners. In another system the very same numbers are no zone.
 */
#include "adapter/conf/orderfile.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "support/near.h"
#include "support/orders.h"
#include "support/scratch.h"

static const char wards[] = SHARED_DATA "/poly-essex/wards2020-essex.geojson";

#define AS_FILE  ORDER("A", "R-1", "tag-1") "[zone A/z]\ngeojson = z.geojson\n"
#define IN(name) "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"" name "\"}}"
#define OF(which)                                                                                  \
    "{\"type\":\"FeatureCollection\"," which ",\"features\":[{\"type\":\"Feature\",\"geometry\":"

/* A geometry's positions, each with `more` behind it. */
static void print_positions(FILE *out, const json_t *value, bool json, const char *more)
{
    const char *opens = json ? "[" : "(", *closes = json ? "]" : ")";
    const json_t *one;
    size_t i;

    if (json_is_number(json_array_get(value, 0))) {
        fprintf(out, "%s%.17g%s%.17g%s%s", json ? "[" : "",
                json_number_value(json_array_get(value, 0)), json ? "," : " ",
                json_number_value(json_array_get(value, 1)), more, json ? "]" : "");
        return;
    }
    fputs(opens, out);
    json_array_foreach(value, i, one)
    {
        fputs(i > 0 ? "," : "", out);
        print_positions(out, one, json, more);
    }
    fputs(closes, out);
}

/* The zone of orders.d/A.conf, as rules that the caller destroys; NULL when it is refused. */
static struct rulebook *load(void)
{
    struct complaints complaints = { 0 };
    struct rulebook *rules = orders_load(&complaints);

    complaints_fini(&complaints);
    return rules;
}

static struct rulebook *as_file(const json_t *geometry, const char *before, const char *more,
                                const char *after)
{
    FILE *out;

    scratch_write("orders.d/A.conf", AS_FILE);
    out = fopen("orders.d/z.geojson", "we");
    assert_non_null(out);
    fprintf(out, "%s{\"type\":\"%s\",\"coordinates\":", before,
            json_string_value(json_object_get(geometry, "type")));
    print_positions(out, json_object_get(geometry, "coordinates"), true, more);
    fprintf(out, "}%s", after);
    assert_int_equal(fclose(out), 0);
    return load();
}

static struct rulebook *as_wkt(const json_t *geometry, const char *before, const char *dimension,
                               const char *more)
{
    FILE *out = fopen("orders.d/A.conf", "we");

    assert_non_null(out);
    fprintf(out, ORDER("A", "R-1", "tag-1") "[zone A/z]\nwkt = %s%s%s ", before,
            json_string_value(json_object_get(geometry, "type")), dimension);
    print_positions(out, json_object_get(geometry, "coordinates"), false, more);
    assert_int_equal(fclose(out), 0);
    return load();
}

/* Takes `rules`. */
static void assert_same(const struct rulebook *plain, struct rulebook *rules, const char *says)
{
    if (rules == NULL)
        fail_msg("%s: refused", says);
    assert_near(zone_moved(rulebook_exclusion(plain, 0)->zone, rulebook_exclusion(rules, 0)->zone),
                0, 0);
    rulebook_destroy(rules);
}

/* False when the ward as such is no zone, as GEOS finds. */
static bool try_ward(const json_t *geometry)
{
    struct rulebook *plain = as_file(geometry, "", "", "");

    if (plain == NULL)
        return false;
    assert_same(plain, as_file(geometry, OF(IN("urn:ogc:def:crs:OGC:1.3:CRS84")), ",12.5", "}]}"),
                "a collection, its system, and altitudes");
    assert_same(plain, as_wkt(geometry, "", "", ""), "WKT");
    assert_same(plain, as_wkt(geometry, "SRID=4326;", "Z", " 12.5"), "EWKT, glued");
    assert_same(plain, as_wkt(geometry, "SRID=4326; ", " ZM", " 12.5 7"), "EWKT, apart");
    assert_null(as_file(geometry, OF(IN("urn:ogc:def:crs:EPSG::4277")), "", "}]}"));
    assert_null(as_wkt(geometry, "SRID=4277;", "", ""));
    rulebook_destroy(plain);
    return true;
}

static void each_ward_is_the_same_zone_in_every_way(void **state)
{
    json_t *all = json_load_file(wards, 0, NULL), *ward;
    int n = 0, zones = 0;
    size_t i;
    (void)state;

    if (all == NULL) {
        print_message("skipped: no %s\n", wards);
        skip();
    }
    json_array_foreach(json_object_get(all, "features"), i, ward)
    {
        zones += try_ward(json_object_get(ward, "geometry"));
        n++;
    }
    json_decref(all);
    print_message("%d wards, %d of them zones in Essex's region\n", n, zones);
    assert_true(zones > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(each_ward_is_the_same_zone_in_every_way),
    };

    return cmocka_run_group_tests_name("zone_alike", tests, NULL, NULL);
}
