/* SPDX-License-Identifier: Apache-2.0 */
/* wording_test.c - a text that was packed is the same again, to the byte. */
#include "core/wording.h"

#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static const char usual[] =
    "[order B-000001]\nkind = non-molestation\nclause = 1\nrespondent = R-000001\n"
    "devices = tag-000001\narea = Basildon\nmonitoring = consent\nfrom = 2020-01-01T00:00:00Z\n"
    "served = 2020-01-01T00:00:00Z\n[zone B-000001/home]\ncentre = 51.883151, 0.238634\n"
    "radius = 200 m\nwarn = 800 m\n";

/* The length of what was packed, of which the very same text has come. */
static size_t there_and_back(const char *text)
{
    char *packed = wording_pack(text), *again = packed ? wording_unpack(packed) : NULL;
    size_t n;

    assert_non_null(again);
    assert_string_equal(again, text);
    n = strlen(packed);
    free(packed);
    free(again);
    return n;
}

static void a_usual_order_is_half_as_long(void **state)
{
    (void)state;
    assert_in_range(there_and_back(usual), 1, sizeof usual / 2 + 10);
}

static void every_text_comes_back_to_the_byte(void **state)
{
    (void)state;
    there_and_back("");
    there_and_back("\n");
    there_and_back("]\nkind = ");
    there_and_back("[order A]\nkind = DVPO\nwhy = kind = \xc3\xa9\n[permit A/x]\nzones = home\n");
    there_and_back("]\nmonitoring = consent");
    there_and_back("monitoring = consents\nmonitoring = consents\nfrom =");
}

/* Each byte there is, also those that stand for a wording. */
static void a_text_with_bytes_of_ours_comes_back_too(void **state)
{
    char text[300] = "[order A]\nkind = DVPO\nclause = ";

    (void)state;
    for (size_t i = 1, n = strlen(text); i < 256; i++)
        text[n++] = (char)i;
    there_and_back(text);
    there_and_back("\x1f");
    there_and_back("\x01");
    there_and_back("\x02\nkind = ");
}

/* What was never packed, as orders have it that are in no rulebook. */
static void a_plain_text_is_what_it_is(void **state)
{
    char *text = wording_unpack(usual);

    (void)state;
    assert_non_null(text);
    assert_string_equal(text, usual);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_usual_order_is_half_as_long),
        cmocka_unit_test(every_text_comes_back_to_the_byte),
        cmocka_unit_test(a_text_with_bytes_of_ours_comes_back_too),
        cmocka_unit_test(a_plain_text_is_what_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
