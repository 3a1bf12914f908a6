/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tally.h - what one judge missed, a stay, and told in vain, a device-day: counts, so that bounds
 * can be said, and small enough to be kept as text. That of an engine before is read from its file.
 */
#ifndef DETECT_TALLY_H
#define DETECT_TALLY_H

#include "detect/score.h"

#include <stdio.h>

/* True stays that a ping saw 10 m deep, by the accuracy that is told. */
enum tally_stay {
    STAYS_RIGHT,    /* told right, all skies */
    STAYS_FINE,     /* and 15 m or better */
    STAYS_CANYON,   /* and in an urban canyon */
    STAYS_DOUBTFUL, /* optimistic by 2 */
    STAYS_ABSENT,
    TALLY_STAYS
};
const char *tally_stays(enum tally_stay stay);

struct stay_tally {
    size_t n, missed_possible, missed_breach;
    double possible_s[2], breach_s[2]; /* p50, p95 of those told; NaN: none */
};

/* Who never was inside, or what was told of nothing true beside a stay; accuracy told right. */
enum tally_day {
    DAYS_STAND, /* BESIDE of them, one a distance */
    DAYS_LIVE = DAYS_STAND + BESIDE,
    DAYS_PASS,
    DAYS_FAR,
    DAYS_VISIT, /* who visits, dashes in or goes through, in what he does outside */
    TALLY_DAYS
};
const char *tally_days(enum tally_day day);

struct day_tally {
    size_t runs, with_possible, with_breach; /* runs, and those with a false one or more */
    double days, possibles, breaches;        /* truly outside; false alerts */
};

struct tally {
    struct stay_tally stays[TALLY_STAYS];
    struct day_tally days[TALLY_DAYS];
};

void tally_of(const struct results *results, enum judge judge, struct tally *out);

/* As text: first `title` as a comment, then a line a row. False when the file refuses. */
bool tally_save(const struct tally *tally, const char *title, FILE *out);

/*
 * The same back; `title` becomes that of the file's first line. What is no whole tally ends the
 * program.
 */
enum { TALLY_TITLE_MAX = 256 };
void tally_load(const char *path, char title[TALLY_TITLE_MAX], struct tally *out);

#endif
