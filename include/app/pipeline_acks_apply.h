/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_acks_apply.h - an ack of the control room: all that it changes, or nothing. */
#ifndef APP_PIPELINE_ACKS_APPLY_H
#define APP_PIPELINE_ACKS_APPLY_H

#include "adapter/redis/acks.h"

#include <stdbool.h>

struct ack;
struct fault;
struct pipeline;

/* An ack: see pipeline_acks.h. And the id of the last one. */
enum acks_answer pipeline_ack(struct pipeline *pipeline, const struct ack *ack, struct fault *why);
const char *pipeline_last_ack_id(const struct pipeline *pipeline);

/* Skips an entry that is no ack; false: not now. And the id up to which all are on disk. */
bool pipeline_skip_ack(struct pipeline *pipeline, const char *id);
const char *pipeline_kept_ack_id(struct pipeline *pipeline);

#endif
