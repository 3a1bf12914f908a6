/* SPDX-License-Identifier: Apache-2.0 */
/* What gzip has packed is unpacked whole, within the room there is, or not at all. */
#include "adapter/gzip.h"

#include <string.h>

#include "support/test.h"

/* {"attribution":"x"} */
static const char packed[] =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x2c\x29\x29\xca\x4c\x2a\x2d\xc9\xcc\xcf"
    "\x53\xb2\x52\xaa\x50\xaa\x05\x00\xf6\xd1\xe6\x4f\x13\x00\x00\x00";

enum { PACKED = sizeof packed - 1, WHOLE = 19 };

static void what_was_packed_comes_out(void **state)
{
    char out[64];
    size_t n = 0;
    (void)state;

    assert_true(gzip_unpack_bytes(packed, PACKED, out, sizeof out, &n));
    assert_int_equal(n, WHOLE);
    assert_memory_equal(out, "{\"attribution\":\"x\"}", WHOLE);
    assert_true(gzip_unpack_bytes(packed, PACKED, out, WHOLE, &n));
}

static void what_has_no_room_is_cut_or_is_something_else_does_not(void **state)
{
    char out[64], other[PACKED];
    size_t n = 7;
    (void)state;

    assert_false(gzip_unpack_bytes(packed, PACKED, out, WHOLE - 1, &n));
    for (size_t cut = 0; cut < PACKED; cut++)
        assert_false(gzip_unpack_bytes(packed, cut, out, sizeof out, &n));
    memcpy(other, packed, PACKED);
    other[PACKED - 6] ^= 1; // of its checksum
    assert_false(gzip_unpack_bytes(other, PACKED, out, sizeof out, &n));
    assert_false(gzip_unpack_bytes("{\"attribution\":\"x\"}", WHOLE, out, sizeof out, &n));
    assert_int_equal(n, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_packed_comes_out),
        cmocka_unit_test(what_has_no_room_is_cut_or_is_something_else_does_not),
    };

    return cmocka_run_group_tests_name("gzip", tests, NULL, NULL);
}
