/* SPDX-License-Identifier: Apache-2.0 */
/* Against sha256sum(1) of the netstrings: printf '2:ab,0:,' | sha256sum. */
#include "adapter/digest.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

static void assert_is(struct digest *digest, const char *netstrings, size_t n)
{
    unsigned char got[DIGEST_BYTES], want[DIGEST_BYTES];

    assert_true(digest_end(digest, got));
    assert_true(digest_of(netstrings, n, want));
    assert_memory_equal(got, want, DIGEST_BYTES);
}

static void fields_are_netstrings(void **state)
{
    static const char want[] = "2:ab,0:,2:-7,4:00ff,3:a\0b,";
    struct digest digest;

    (void)state;
    digest_begin(&digest);
    digest_text(&digest, "ab");
    digest_text(&digest, "");
    digest_number(&digest, -7);
    digest_hex(&digest, (const unsigned char *)"\x00\xff", 2);
    digest_bytes(&digest, "a\0b", 3);
    assert_is(&digest, want, sizeof want - 1);
}

/* However they fall on what is gathered. */
static void fields_of_each_length_are_whole(void **state)
{
    char field[700], want[1500];

    (void)state;
    memset(field, 'x', sizeof field);
    for (size_t n = 0; n < sizeof field; n += 7) {
        size_t at = (size_t)snprintf(want, sizeof want, "%zu:%.*s,3:abc,%zu:%.*s,", n, (int)n,
                                     field, n, (int)n, field);
        struct digest digest;

        digest_begin(&digest);
        digest_bytes(&digest, field, n);
        digest_text(&digest, "abc");
        digest_bytes(&digest, field, n);
        assert_is(&digest, want, at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_netstrings),
        cmocka_unit_test(fields_of_each_length_are_whole),
    };

    return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
