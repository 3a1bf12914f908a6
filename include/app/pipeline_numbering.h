/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_numbering.h - from which number incidents are counted, where the ledger is new or an
 * older copy; see core/numbering.h.
 */
#ifndef APP_PIPELINE_NUMBERING_H
#define APP_PIPELINE_NUMBERING_H

#include <stdbool.h>
#include <stdint.h>

struct pipeline;

/*
 * A ledger that has told nothing yet, and does not know after which number it counts; and to tell
 * it, before anything is judged: see core/numbering.h. False when memory is out.
 */
bool pipeline_lacks_numbering(const struct pipeline *pipeline);
bool pipeline_start_numbering(struct pipeline *pipeline, uint32_t after);

/*
 * The ledger is an older copy, put back: what is new is numbered above what this Redis can know,
 * `seen` being the highest number that it shows, and above every earlier epoch. False when it
 * cannot be kept now. Once a life is enough, so it is said whether that was done.
 */
bool pipeline_begin_epoch(struct pipeline *pipeline, uint32_t seen);

uint32_t pipeline_epoch(const struct pipeline *pipeline); /* 0: there was none */

/* See pipeline_start_numbering. */
uint32_t pipeline_numbered_after(const struct pipeline *pipeline);

#endif
