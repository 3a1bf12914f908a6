/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_pace.h - one device may send only so fast, whoever carries its pings: what is more is
 * held back, and those beside it in a gateway's body, a topic or the stream are not.
 */
#ifndef APP_PIPELINE_PACE_H
#define APP_PIPELINE_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fault;
struct pipeline;
struct sender;

/* How fast the pings of a batch come. */
struct pacing {
    uint64_t turn; /* of the sender: this batch, or a ping of it; never 0, nor another's */
    size_t paced;  /* pings that their devices pay for, */
    int retry_s;   /* and how long to wait for those that could not */
};

/* Whether the ping is one too many of its device: then why, and it is told and counted. */
bool pipeline_throttle(struct pipeline *pipeline, const struct sender *sender,
                       struct pacing *pacing, size_t respondent, size_t device, struct fault *why);

/* How many seconds the sender has to wait before a ping of the device would be taken; 0: none. */
int pipeline_device_wait(const struct pipeline *pipeline, const struct sender *sender,
                         const char *device);

/* Something of the device was refused unread: with its next ping that is taken that is a doubt. */
void pipeline_device_refused(struct pipeline *pipeline, const struct sender *sender,
                             const char *device);

#endif
