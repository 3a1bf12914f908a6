/* SPDX-License-Identifier: Apache-2.0 */
/* complaints.h - everything wrong with some files, gathered, so that all of it is shown at once. */
#ifndef ADAPTER_COMPLAINTS_H
#define ADAPTER_COMPLAINTS_H

#include <stdbool.h>
#include <stddef.h>

enum { COMPLAINTS_KEPT_MAX = 1000 }; /* the rest is only counted */

/* Zeroed is empty. */
struct complaints {
    size_t errors, warnings; /* all of them */
    size_t n;                /* those kept */
    char **texts;
};

/* Keeps `file:line: what: why`; without a line when `line` is 0. */
void complain(struct complaints *complaints, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Keeps `file:line: warning: what: why`. */
void complain_softly(struct complaints *complaints, const char *file, int line, const char *format,
                     ...) __attribute__((format(printf, 4, 5)));

void complaints_fini(struct complaints *complaints);

#endif
