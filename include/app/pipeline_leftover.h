/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_leftover.h - the ledger is an older copy, or new, and Redis still holds what was going
 * on: none of it may vanish, though nothing more is known of it than what stands there.
 */
#ifndef APP_PIPELINE_LEFTOVER_H
#define APP_PIPELINE_LEFTOVER_H

#include <stdbool.h>
#include <stdint.h>

struct leftover;
struct pipeline;

/*
 * What Redis held of an incident when an epoch was begun, and did not have before alert `after`:
 * what the ledger does not know of stands in `todo` from then on until it is closed; what it knows
 * as less grave is escalated. Twice is as once. False when it cannot be kept now.
 */
bool pipeline_take_leftover(struct pipeline *pipeline, const struct leftover *leftover,
                            uint64_t after);

#endif
