/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ping_memory_test.c - memory runs out at each allocation in turn while a body of pings is read:
 * it is nobody's mistake, and then nothing was handed over.
 */
#include "adapter/ping/ping_json.h"

#include "adapter/memory_json.h"

#include <string.h>

#include "support/rows.h"
#include "support/starve.h"
#include "support/taken.h"
#include "support/test.h"

enum { ALLOCATIONS_MAX = 500 };

/* Not a plain one, which needs no memory. */
#define T    "{\"device\":\"t\",\"time\":0,\"lat\":1,\"lon\":1,\"x\":[]}"
#define IS   " t 1970-01-01T00:00:00.000Z 1 1\n"
#define LAST " t 1970-01-01T00:00:00.000Z 1 1"

static const struct row {
    const char *says;
    ping_reader *reader;
    const char *body, *want;
} rows[] = {
    { "one object", ping_json_read, T, "0" LAST },
    { "an array", ping_json_read, "[" T ",7," T "]", "0" IS "1 not an object\n2" LAST },
    { "one a line", ping_json_read_lines, T "\n7\n" T "\n", "0" IS "1 not an object\n2" LAST },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    const struct ping_body body = { .bytes = row->body, .n = strlen(row->body) };
    int failed = 0;

    for (int n = 1; n < ALLOCATIONS_MAX; n++) {
        struct taken taken = { 0 };
        struct fault why;
        bool ok;

        starve_begin(STARVE_ONE, n);
        ok = row->reader(&body, taken_add, &taken, &why);
        if (starve_end() < n && ok) { // all of them have failed once
            assert_string_equal(taken.text, row->want);
            break;
        }
        failed++;
        assert_false(ok);
        assert_true(fault_is_memory(&why));
        assert_int_equal(taken.length, 0);
    }
    assert_in_range(failed, 2, ALLOCATIONS_MAX - 2);
}

#define PLAIN "{\"device\":\"t\",\"time\":0,\"lat\":1,\"lon\":1}"

static void a_plain_body_needs_none(void **state)
{
    static ping_reader *const readers[] = { ping_json_read, ping_json_read_lines };
    const struct ping_body body = { .bytes = PLAIN, .n = strlen(PLAIN) };

    (void)state;
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        struct taken taken = { 0 };
        struct fault why;

        starve_begin(STARVE_ONE, 1);
        assert_true(readers[i](&body, taken_add, &taken, &why));
        assert_int_equal(starve_end(), 0);
        assert_string_equal(taken.text, "0" LAST);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_plain_body_needs_none) };

    memory_json_watch();
    return rows_hold("ping_memory", rows, row_holds) +
           cmocka_run_group_tests_name("ping_memory, plain", tests, NULL, NULL);
}
