/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_judge.h - one ping of a known device, until what it changed is in a commit. */
#ifndef APP_PIPELINE_JUDGE_H
#define APP_PIPELINE_JUDGE_H

#include "core/ping.h"
#include "core/watch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fault;
struct pipeline;

/*
 * Judges a ping of that device, and raises *wait_for to the commit that must be on disk
 * before it is acknowledged. False, counted and with a reason, when it could not be
 * kept: then nothing of it stands.
 */
bool pipeline_judge(struct pipeline *pipeline, size_t respondent, size_t device,
                    const struct ping *ping, uint64_t *wait_for, enum arrival *out_class,
                    struct fault *why);

#endif
