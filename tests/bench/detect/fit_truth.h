/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fit_truth.h - what a told accuracy is worth, against the truth as far as the recordings have it:
 * the place where a device lay, and a second phone in the same bag.
 */
#ifndef DETECT_FIT_TRUTH_H
#define DETECT_FIT_TRUTH_H

#include <stdio.h>

/* A section of tables; "skipped" where there are no data. */
void fit_truth(FILE *out, const char *shared_data);

#endif
