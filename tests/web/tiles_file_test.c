/* SPDX-License-Identifier: Apache-2.0 */
/* A file of map tiles: which ones a browser could draw, and what is said of the others. */
#include "web/tiles_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/rows.h"
#include "support/scratch.h"
#include "support/tiles.h"

enum { WHOLE = 0, CUT = -1, STUB = -2 };

static const struct row {
    const char *says;
    int at; // where one byte is another, or one of those above
    unsigned char byte;
    const char *want; // NULL: it can be drawn
    bool credited;
} rows[] = {
    { "as it should be", WHOLE, 'P', NULL, true },
    { "something else", WHOLE, '<', "is no PMTiles file", false },
    { "not even a head", STUB, 0, "is no PMTiles file: it has not even a head", false },
    { "of version 2", 7, 2, "is PMTiles of version 2, and 3 is wanted", false },
    { "cut", CUT, 0, "is cut: it has 165 bytes, and a part of it ends behind", false },
    { "a part that begins far behind", 8 + 16 * 3 + 7, 0xff,
      "is cut: it has 166 bytes, and a part of it ends behind", false },
    { "a part so long that its end comes round", 16 + 16 * 3 + 7, 0xff,
      "is cut: it has 166 bytes, and a part of it ends behind", false },
    { "directories packed by brotli", 97, 3, "is packed by something else than gzip", false },
    { "tiles packed by zstd", 98, 4, "is packed by something else than gzip", false },
    { "tiles of no kind", 99, 0,
      "its tiles are of kind 0: 1..4, vector, png, jpeg, webp, are drawn", false },
    { "tiles of AVIF", 99, 5, "its tiles are of kind 5: 1..4, vector, png, jpeg, webp, are drawn",
      false },
    { "zooms the wrong way round", 100, 15, "its zooms are 15..14, and 0..26 are drawn", false },
    { "zooms without end", 101, 255, "its zooms are 0..255, and 0..26 are drawn", false },
    { "no root directory", 16, 0, "its root directory is not within the first 16384 bytes", false },
    { "a root directory in the head", 8, 1,
      "its root directory is not within the first 16384 bytes", false },
    { "a root directory far behind", 9, 0x80,
      "its root directory is not within the first 16384 bytes", false },
    { "metadata that are no JSON", TILES_SAID_AT, 'x', NULL, false },
    { "metadata that are said to be packed", 97, 2, NULL, false },
    { "webp", 99, 4, NULL, true },
};

static bool check(const unsigned char *bytes, size_t n, struct tiles_facts *out, struct fault *why)
{
    bool good;
    int fd;

    scratch_write_bytes("area.pmtiles", bytes, n);
    fd = open("area.pmtiles", O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    good = tiles_file_check(fd, n, out, why);
    close(fd);
    return good;
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    unsigned char bytes[TILES_SIZE];
    struct tiles_facts facts;
    struct fault why;
    bool good;

    tiles_make(bytes);
    if (row->at >= 0)
        bytes[row->at] = row->byte;
    good = check(bytes,
                 row->at == STUB  ? TILES_HEAD - 1
                 : row->at == CUT ? TILES_SIZE - 1
                                  : TILES_SIZE,
                 &facts, &why);
    assert_int_equal(good, row->want == NULL);
    if (!good) {
        assert_string_equal(why.text, row->want);
        return;
    }
    assert_int_equal(facts.credited, row->credited);
    assert_int_equal(facts.max_zoom, 14);
}

/* Each byte of the head another, all of its values: nothing breaks. */
static void whatever_the_head_says_nothing_breaks(void **state)
{
    unsigned char bytes[TILES_SIZE];
    struct tiles_facts facts;
    struct fault why;
    (void)state;

    for (size_t at = 0; at < TILES_HEAD; at++) {
        for (unsigned add = 1; add < 256; add += 63) {
            tiles_make(bytes);
            bytes[at] = (unsigned char)(bytes[at] + add);
            check(bytes, sizeof bytes, &facts, &why);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(whatever_the_head_says_nothing_breaks),
    };

    return rows_hold_in("tiles_file", rows, row_holds, scratch_setup, scratch_teardown) +
           cmocka_run_group_tests_name("tiles_file", tests, NULL, NULL);
}
