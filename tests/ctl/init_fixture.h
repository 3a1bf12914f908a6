/* SPDX-License-Identifier: Apache-2.0 */
/* init_fixture.h - breachctl init, run by the shell in a scratch folder; what it said and made. */
#ifndef CTL_INIT_FIXTURE_H
#define CTL_INIT_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "support/scratch.h"
#include "support/test.h"

enum { INIT_ROOM = 64 * 1024 };

#define GIVEN "--yes --site trial --region '49.8,-8.7 60.9,1.8' "

/* What the last run, or whoever reads its terminal, has from stdout and stderr. */
extern char said[INIT_ROOM], complained[INIT_ROOM];

/* The file's text, until the next one is asked for; fails the test when it is not there. */
const char *text_of(const char *path);

/* Runs it by the shell, with these lines on stdin; the exit code. */
int run(const char *lines, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Fails the test unless it ended so, and complained of that. */
void assert_ended(int code, int want, const char *complaint);

/* Its permission bits. */
unsigned mode_of(const char *path);

#endif
