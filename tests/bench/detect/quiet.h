/* SPDX-License-Identifier: Apache-2.0 */
/* quiet.h - real phones that lay still, and the silences that are told of them: each is false. */
#ifndef DETECT_QUIET_H
#define DETECT_QUIET_H

#include "core/detect.h"

#include <stdio.h>

/* What the phone gives each minute of its recorded gaps. */
enum quiet_gap { GAP_NOTHING, GAP_NO_FIX, GAP_3_KM, GAP_1500_M, GAP_FROZEN, QUIET_GAPS };

enum { QUIET_EDGES = 3 };
extern const double quiet_edges[QUIET_EDGES]; /* metres from where the recording lay */

/* Silent alerts by their cause and severity. */
struct quiet {
    size_t no_ping, no_ping_high, no_fix, no_fix_high;
};

struct quiets {
    size_t recordings; /* 0: no data here */
    double nights;     /* device-nights, of eight hours */
    struct quiet of[QUIET_GAPS][QUIET_EDGES];
};

void quiet_run(const char *shared_data, const struct detect *detect, struct quiets *out);
void quiet_report(FILE *out, const struct quiets *quiets);

#endif
