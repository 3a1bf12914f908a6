/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every shape of other projects' suites as a zone: it loads, and then answers, or there is a
 * reason. ctest's time-out is the bound of its time, RLIMIT_AS that of its memory.
 */
#include "adapter/conf/orderfile.h"

#include <ftw.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "support/orders.h"
#include "support/scratch.h"
#include "support/test.h"

enum { ROOM = 2 * 1024 * 1024 };

static const struct civil winter = { .n = 1, .change = { { UTC_ALWAYS, 0 } } };

/* What its suite says of a shape. */
enum word { GOOD, BAD, NO_WORD, WORDS };

/* nftw() carries no argument of ours. */
static struct {
    int files, loaded;
    int of[WORDS], loaded_of[WORDS];
} walking;

/* The zone says something of the corners of its box, and of a place far away. */
static void ask(const struct zone *zone)
{
    struct lonlat_box box = zone_box(zone);
    struct lonlat places[] = { box.sw, box.ne, { 0.45, 51.5 } };

    assert_true(lonlat_valid(box.sw) && lonlat_valid(box.ne));
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        double metres = zone_distance(zone, places[i], 1e7);

        assert_true(metres >= -1e7 && metres <= 1e8); // which NaN is not
    }
}

/* orders.d/A.conf as it is, anywhere in the world. Whether it loads; else there is a reason. */
static bool loads(void)
{
    struct orderfile_options options = { .folder = "orders.d",
                                         .region = { { -180, -90 }, { 180, 90 } },
                                         .civil = &winter,
                                         .ping_interval_ms = 15000 };
    struct complaints complaints = { 0 };
    struct rulebook *rules = orderfile_load(&options, &complaints);
    bool loaded = rules != NULL;

    assert_int_equal(loaded, complaints.errors == 0);
    for (size_t i = 0; i < complaints.n; i++)
        assert_int_equal(strncmp(complaints.kept[i].text, "orders.d/", 9), 0);
    if (loaded)
        ask(rulebook_exclusion(rules, 0)->zone);
    rulebook_destroy(rules);
    complaints_fini(&complaints);
    return loaded;
}

static enum word word_of(const char *path)
{
    if (strstr(path, "/bad/") != NULL || strstr(path, "/invalid/") != NULL)
        return BAD;
    return strstr(path, "/good/") != NULL || strstr(path, "/valid/") != NULL ? GOOD : NO_WORD;
}

/*
 * What its suite calls bad is refused, but for what does not matter here: which way round rings go
 * (RFC 7946 lets a reader accept both), and a bbox, which we do not read.
 */
static bool may_load(const char *path)
{
    return word_of(path) != BAD || strstr(path, "winding") != NULL ||
           strstr(path, "-rhr") != NULL || strstr(path, "bbox") != NULL;
}

static void count(const char *path, bool loaded)
{
    enum word word = word_of(path);

    walking.files++;
    walking.loaded += loaded;
    walking.of[word]++;
    walking.loaded_of[word] += loaded;
    if (loaded && !may_load(path))
        fail_msg("%s: is bad, and was loaded", path);
}

static void print_counts(const char *suite)
{
    static const char *const says[WORDS] = { "good", "bad", "of which it says nothing" };

    for (int word = 0; word < WORDS; word++) {
        int loaded = walking.loaded_of[word];

        if (walking.of[word] > 0)
            print_message("%s: %d %s: %d loaded, %d refused with a reason\n", suite,
                          walking.of[word], says[word], loaded, walking.of[word] - loaded);
    }
}

/* ---- GeoJSON ---- */

static bool load_file(const char *path)
{
    static char bytes[ROOM];
    FILE *file = fopen(path, "re");
    size_t n;

    assert_non_null(file);
    n = fread(bytes, 1, sizeof bytes, file);
    assert_true(feof(file));
    fclose(file);
    scratch_write_bytes("orders.d/shape.geojson", bytes, n);
    scratch_write("orders.d/A.conf", ORDER("A", "R-1", "tag-1") "[zone A/z]\n"
                                                                "geojson = shape.geojson\n");
    return loads();
}

static int load_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)where;
    if (kind == FTW_F && (strstr(path, ".geojson") != NULL || strstr(path, ".json") != NULL))
        count(path, load_file(path));
    return 0;
}

static void walk(const char *suite, int at_least, int load_at_least)
{
    char path[512];

    snprintf(path, sizeof path, "%s/%s", SHARED_DATA, suite);
    if (access(path, R_OK) != 0) {
        print_message("skipped: no %s\n", path);
        skip();
    }
    memset(&walking, 0, sizeof walking);
    nftw(path, load_one, 16, FTW_PHYS);
    print_counts(suite);
    assert_true(walking.files >= at_least && walking.loaded >= load_at_least);
}

static void the_suites_of_validity_load_or_say_why(void **state)
{
    (void)state;
    walk("suite-geojson-validity", 200, 10);
}

static void the_fixtures_of_turf_load_or_say_why(void **state)
{
    (void)state;
    walk("suite-turf", 400, 20);
}

static void weird_polygons_as_geojson_are_no_geojson(void **state)
{
    (void)state;
    walk("suite-polygons-weird", 50, 0);
}

/* ---- WKT: the rings of earcut and polylabel, drawn into a square of some 10 km ---- */

struct extent {
    double low[2], high[2];
};

static bool measure(const json_t *rings, struct extent *out)
{
    const json_t *ring, *corner;
    size_t i, k;

    *out = (struct extent){ { INFINITY, INFINITY }, { -INFINITY, -INFINITY } };
    json_array_foreach(rings, i, ring)
    {
        json_array_foreach(ring, k, corner)
        {
            for (size_t axis = 0; axis < 2; axis++) {
                double at = json_number_value(json_array_get(corner, axis));

                out->low[axis] = fmin(out->low[axis], at);
                out->high[axis] = fmax(out->high[axis], at);
            }
        }
    }
    return out->high[0] > out->low[0] && out->high[1] > out->low[1];
}

static void print_corner(FILE *out, const json_t *corner, const struct extent *extent)
{
    double at[2];

    for (size_t axis = 0; axis < 2; axis++)
        at[axis] = (json_number_value(json_array_get(corner, axis)) - extent->low[axis]) /
                   (extent->high[axis] - extent->low[axis]);
    fprintf(out, "%.9f %.9f", 0.4 + 0.15 * at[0], 51.5 + 0.1 * at[1]);
}

static void print_wkt(FILE *out, const json_t *rings, const struct extent *extent)
{
    const json_t *ring, *corner;
    size_t i, k;

    fprintf(out, ORDER("A", "R-1", "tag-1") "[zone A/z]\nwkt = POLYGON (");
    json_array_foreach(rings, i, ring)
    {
        fprintf(out, "%s(", i > 0 ? ", " : "");
        json_array_foreach(ring, k, corner)
        {
            print_corner(out, corner, extent);
            fprintf(out, ", ");
        }
        print_corner(out, json_array_get(ring, 0), extent);
        fprintf(out, ")");
    }
    fprintf(out, ")\n");
}

static int load_rings(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    struct extent extent;
    json_t *rings;
    FILE *out;

    (void)about;
    (void)where;
    if (kind != FTW_F || strstr(path, ".json") == NULL)
        return 0;
    rings = json_load_file(path, 0, NULL);
    if (rings != NULL && measure(rings, &extent)) {
        out = fopen("orders.d/A.conf", "we");
        assert_non_null(out);
        print_wkt(out, rings, &extent);
        assert_int_equal(fclose(out), 0);
        count(path, loads());
    }
    json_decref(rings);
    return 0;
}

static void weird_polygons_as_wkt_load_or_say_why(void **state)
{
    static const char path[] = SHARED_DATA "/suite-polygons-weird";
    (void)state;

    if (access(path, R_OK) != 0) {
        print_message("skipped: no %s\n", path);
        skip();
    }
    scratch_write("orders.d/A.conf", "");
    memset(&walking, 0, sizeof walking);
    nftw(path, load_rings, 16, FTW_PHYS);
    print_counts("suite-polygons-weird as WKT");
    assert_true(walking.files >= 40 && walking.loaded >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(the_suites_of_validity_load_or_say_why),
        scratch_test(the_fixtures_of_turf_load_or_say_why),
        scratch_test(weird_polygons_as_geojson_are_no_geojson),
        scratch_test(weird_polygons_as_wkt_load_or_say_why),
    };

#ifndef __SANITIZE_ADDRESS__ // which takes terabytes of addresses
    setrlimit(RLIMIT_AS, &(struct rlimit){ 512 * 1024 * 1024, 512 * 1024 * 1024 });
#endif
    return cmocka_run_group_tests_name("zone_suites", tests, NULL, NULL);
}
