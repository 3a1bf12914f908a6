/* SPDX-License-Identifier: Apache-2.0 */
/* integrity.h - the tables of what was missed, told in vain and misled, each with its bounds. */
#ifndef DETECT_INTEGRITY_H
#define DETECT_INTEGRITY_H

#include "detect/stanford.h"
#include "detect/tally.h"

/* Each head begins a table, whose second column has that name; a row of it. */
void integrity_stays_head(FILE *out, const char *second);
void integrity_stays_row(FILE *out, enum tally_stay stay, const char *second, const char *judge,
                         const struct stay_tally *row);
void integrity_days_head(FILE *out, const char *second);
void integrity_days_row(FILE *out, enum tally_day day, const char *second, const char *judge,
                        const struct day_tally *row);
void integrity_shares_head(FILE *out, const char *second);
void integrity_shares_row(FILE *out, const char *accuracy, const char *second,
                          const struct integrity *of);

/*
 * The section: all judges of the results beside the engine before, whose tally lies at `before`
 * (NULL: there is none).
 */
void integrity_report(FILE *out, const struct results *results, const char *before);

#endif
