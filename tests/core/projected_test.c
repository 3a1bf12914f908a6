/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that cannot be degrees are told for what they are. */
#include "core/projected.h"

#include <math.h>

#include "support/rows.h"

#define WANTED "degrees of WGS84 are wanted"
#define GRID   "these are National Grid metres: " WANTED
#define METRES "these are metres of a map projection (Web Mercator, UTM?): " WANTED

static const struct row {
    const char *says;
    struct lonlat_box box;
    const char *want;
} rows[] = {
    { "Basildon", { { 0.45, 51.56 }, { 0.46, 51.57 } }, "" },
    { "off the map is for others to tell", { { 181, 91 }, { 360, 100 } }, "" },
    { "no number", { { NAN, NAN }, { NAN, NAN } }, "" },
    { "no end", { { 0, 0 }, { INFINITY, 51 } }, "" },
    { "Basildon on the grid", { { 571340, 188470 }, { 571440, 188570 } }, GRID },
    { "the wrong way round", { { 188470, 571340 }, { 188570, 571440 } }, GRID },
    { "Scilly, where northings are small", { { 83000, 5000 }, { 84000, 6000 } }, GRID },
    { "Shetland, where they are largest", { { 460000, 1210000 }, { 461000, 1220000 } }, GRID },
    { "Web Mercator", { { 51000, 6720000 }, { 52000, 6721000 } }, METRES },
    { "Web Mercator in Wales", { { -400000, 6720000 }, { -399000, 6721000 } }, METRES },
    { "UTM", { { 320000, 5715000 }, { 321000, 5716000 } }, METRES },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct fault why = { .text = "" };

    assert_int_equal(projected_not(&row->box, &why), row->want[0] == '\0');
    assert_string_equal(why.text, row->want);
}

int main(void)
{
    return rows_hold("projected", rows, row_holds);
}
