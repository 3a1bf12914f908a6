/* SPDX-License-Identifier: Apache-2.0 */
/* Altitudes go; everything else of a shape stays as it is. */
#include "adapter/geojson_json.h"

#include <string.h>

#include "support/test.h"

static const struct row {
    const char *says, *given, *flat; // NULL: as it was given
} rows[] = {
    { "a corner with an altitude",
      "{\"type\":\"Polygon\",\"coordinates\":[[[0.1,51.5,12],[0.2,51.5,12.5],[0.1,51.6,0],"
      "[0.1,51.5,12]]]}",
      "{\"type\":\"Polygon\",\"coordinates\":[[[0.10000000000000001,51.5],[0.20000000000000001,51."
      "5]"
      ",[0.10000000000000001,51.600000000000001],[0.10000000000000001,51.5]]]}" },
    { "in a feature of a collection",
      "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":{\"type\":"
      "\"Point\",\"coordinates\":[1,2,3]}}]}",
      "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":{\"type\":"
      "\"Point\",\"coordinates\":[1,2]}}]}" },
    { "without altitudes it is the same text", "{\"type\":\"Point\", \"coordinates\":[1, 2]}",
      NULL },
    { "three numbers elsewhere are no position", "{\"properties\":{\"rgb\":[1,2,3]}}", NULL },
    { "one has lost its altitude", "{\"coordinates\":[[[1,2,3],[1,2]]]}", NULL },
    { "a fourth number is none of ours", "{\"coordinates\":[1,2,3,4]}", NULL },
    { "words are no position", "{\"coordinates\":[1,2,\"3\"]}", NULL },
    { "no JSON: the reader says why", "{\"coordinates\":[1,2,3]", NULL },
    { "nothing at all", "", NULL },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct arena arena = { 0 };
    const char *flat = geojson_flat(row->given, &arena);

    if (row->flat == NULL)
        assert_ptr_equal(flat, row->given);
    else
        assert_string_equal(flat, row->flat);
    arena_fini(&arena);
}

int main(void)
{
    enum { ROWS = sizeof rows / sizeof *rows };
    struct CMUnitTest tests[ROWS] = { 0 };

    for (size_t i = 0; i < ROWS; i++)
        tests[i] = (struct CMUnitTest){ rows[i].says, row_holds, NULL, NULL, (void *)&rows[i] };
    return cmocka_run_group_tests_name("geojson_json", tests, NULL, NULL);
}
