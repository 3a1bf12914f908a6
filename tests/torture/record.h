/* SPDX-License-Identifier: Apache-2.0 */
/* record.h - what Redis holds at the end. */
#ifndef TORTURE_RECORD_H
#define TORTURE_RECORD_H

#include "support/testbed.h"

/* Every event of the stream, in its order; each entry's fields must say what its event says. */
json_t *record_stream(struct testbed *testbed);

/* The `open` hash: incident to event. */
json_t *record_open(struct testbed *testbed);

/*
 * Waits until /v1/status says that everything is published and Redis is connected; the status, or
 * NULL when that did not come in `ms`.
 */
json_t *record_settled(struct testbed *testbed, int64_t ms);

#endif
