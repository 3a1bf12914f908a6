/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tally.h - differences, counted by kind and told gravest first: a hole in the numbers must not
 * hide an alert that was lost.
 */
#ifndef TORTURE_TALLY_H
#define TORTURE_TALLY_H

#include <stddef.h>
#include <stdio.h>

enum { TALLY_LINES_MAX = 20 }; /* shown of each kind; the rest is only counted */

/* Gravest first. */
enum difference {
    DIFFERENCE_LOST,
    DIFFERENCE_TWICE,
    DIFFERENCE_FOREIGN, /* nothing foretold it */
    DIFFERENCE_ORDER,
    DIFFERENCE_TEXT,
    DIFFERENCE_SITE, /* of `blind` and `sighted` */
    DIFFERENCE_OPEN, /* of the hash */
    DIFFERENCE_HOLE,
    DIFFERENCE_STATUS,
    DIFFERENCES
};

struct tally {
    unsigned long seed;
    struct {
        size_t n;
        char *lines[TALLY_LINES_MAX];
    } of[DIFFERENCES];
};

/* `who` it is about: a respondent, an incident, the site. */
void tally_note(struct tally *tally, enum difference kind, const char *who, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

size_t tally_total(const struct tally *tally);

/* Nothing when there is no difference. */
void tally_print(const struct tally *tally, FILE *out);
void tally_fini(struct tally *tally);

#endif
