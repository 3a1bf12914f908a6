/* SPDX-License-Identifier: Apache-2.0 */
/* bars.h - what is wanted, and what was got. */
#ifndef DETECT_BARS_H
#define DETECT_BARS_H

#include "detect/query.h"
#include "detect/still.h"

struct bar {
    char what[160], wanted[48], got[128];
    bool met;
};

enum { BARS_MAX = 32 };

/* Returns how many there are. */
size_t bars_measure(const struct results *results, const struct stills *stills,
                    struct bar bars[BARS_MAX]);

#endif
