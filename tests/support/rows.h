/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows.h - a table whose rows are sentences: each row is a test of
 * its own, named by its first member.
 */
#ifndef SUPPORT_ROWS_H
#define SUPPORT_ROWS_H

#include <stdio.h>

#include "support/test.h"

enum { ROWS_MAX = 128 };

/* `test` gets its row as *state. Returns how many failed. */
#define rows_hold(group, rows, test) rows_hold_in(group, rows, test, NULL, NULL)

/* Each of them between `setup` and `teardown`, which leave *state as it is. */
#define rows_hold_in(group, rows, test, setup, teardown)                                           \
    rows_run(group, rows, sizeof(rows) / sizeof *(rows), sizeof *(rows),                           \
             (struct CMUnitTest){ NULL, test, setup, teardown, NULL })

static inline int rows_run(const char *group, const void *rows, size_t n, size_t size,
                           struct CMUnitTest each)
{
    struct CMUnitTest tests[ROWS_MAX] = { 0 };

    if (n > ROWS_MAX) {
        fprintf(stderr, "%s: %zu rows are more than %d\n", group, n, ROWS_MAX);
        return 1;
    }
    for (size_t i = 0; i < n; i++) {
        const char *row = (const char *)rows + i * size;

        tests[i] = each;
        tests[i].name = *(const char *const *)(const void *)row;
        tests[i].initial_state = (void *)(uintptr_t)row;
    }
    return _cmocka_run_group_tests(group, tests, n, NULL, NULL);
}

#endif
