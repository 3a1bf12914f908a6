/* SPDX-License-Identifier: Apache-2.0 */
/* curves.h - how detection, false alarms and delay depend on what is given. */
#ifndef DETECT_CURVES_H
#define DETECT_CURVES_H

#include "detect/chart.h"
#include "detect/query.h"
#include "detect/still.h"

enum { CURVES_MAX = 12 };

/* Returns how many there are. */
size_t curves_draw(const struct results *results, const struct stills *stills,
                   struct chart charts[CURVES_MAX]);

#endif
