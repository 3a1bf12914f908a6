/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_read.h - how far the ping stream was read, on disk with what its pings changed. */
#ifndef APP_PIPELINE_READ_H
#define APP_PIPELINE_READ_H

struct pipeline;

enum { PIPELINE_READ_MAX = 160 };

/*
 * Which entry of the ping stream was read last, as its door says it: kept with the changes that
 * gather, to be tried again when there is no room; and as it was recalled, or kept since.
 */
void pipeline_keep_read(struct pipeline *pipeline, const char *entry);
const char *pipeline_read(const struct pipeline *pipeline); /* "": none ever */

#endif
