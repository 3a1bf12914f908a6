/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trial.h - the stream against the oracle. Each difference is noted with the respondent and the
 * ping; a hole in the sequence as one.
 */
#ifndef TORTURE_TRIAL_H
#define TORTURE_TRIAL_H

#include <jansson.h>

#include "oracle.h"
#include "tally.h"

struct trial {
    const struct population *population;
    const struct oracle *oracle;
    uint32_t numbered_after; /* of the site, as the oracle was told */
    struct tally tally;
    size_t respondents, site; /* alerts of the stream: of respondents, of breachd itself */
    size_t unforetold;        /* of time or of people: only looked at for doubles */
    size_t blind;             /* how often it was */
    bool is_blind;            /* and still is, as far as the stream has been read */
    unsigned long newest;     /* sequence of the stream, as far as it has been read */
};

/* `alerts`: every event of the stream, in its order. */
void trial_on_stream(struct trial *trial, const json_t *alerts);

/*
 * `open`: the hash, incident to event; it must be what the stream
 * left open, and as the oracle says.
 */
void trial_on_open(struct trial *trial, const json_t *alerts, const json_t *open);

/* Of /v1/status, when all is published and the stream has been read. */
void trial_on_status(struct trial *trial, const json_t *open, const json_t *status);

#endif
