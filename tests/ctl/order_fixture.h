/* SPDX-License-Identifier: Apache-2.0 */
/* order_fixture.h - a scratch folder with a breachd.conf and orders.d, and breachctl run in it. */
#ifndef CTL_ORDER_FIXTURE_H
#define CTL_ORDER_FIXTURE_H

#include <stdbool.h>

/* For cmocka: the folder is made, and is the working one; `orders.d` is empty. */
int order_setup(void **state);
int order_teardown(void **state);

#define order_test(test) cmocka_unit_test_setup_teardown(test, order_setup, order_teardown)

/* `breachctl ARGUMENTS -c breachd.conf` by the shell, so quotes are its; the exit code. */
int order_run(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same with these lines on stdin. */
int order_answer(const char *lines, const char *arguments);

/* What the newest one wrote to stdout, to stderr. */
const char *order_said(void);
const char *order_complained(void);

/* A file's text, until the next call; NULL: there is none. */
const char *order_file(const char *path);

/* The newest one ended so, and wrote this to stderr; else the test fails with what it wrote. */
void assert_ended(int code, int want, const char *complaint);
void assert_file(const char *path, const char *want);

/*
 * `zones --geojson` of a folder, in zones.geojson too, less what tells that it is another text. The
 * caller frees.
 */
char *order_export(const char *folder);

/* Other region and time zone than Essex in London. */
void order_settings(const char *region, const char *timezone);

#endif
