/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shown.h - the incidents of which somebody who wants grave alerts alone was shown one: who takes
 * them is told by alerts that are not grave, and is shown too.
 */
#ifndef CTL_SHOWN_H
#define CTL_SHOWN_H

#include <jansson.h>
#include <stdbool.h>

enum {
    SHOWN_MAX = 10000 /* incidents; when one more comes, those of before are followed no more */
};

struct shown {
    json_t *incidents; /* a set */
};

bool shown_init(struct shown *shown); /* false: no memory */
void shown_fini(struct shown *shown); /* zeroed is fine */

/*
 * Whether the next alert in sequence is shown: it is `wanted`, or what the control room said about
 * an incident of which one was, up to its `closed`.
 */
bool shown_hear(struct shown *shown, const json_t *event, bool wanted);

#endif
