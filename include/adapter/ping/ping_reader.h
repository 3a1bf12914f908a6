/* SPDX-License-Identifier: Apache-2.0 */
/* ping_reader.h - the one shape of all that turns a door's bytes into checked pings. */
#ifndef ADAPTER_PING_PING_READER_H
#define ADAPTER_PING_PING_READER_H

#include "core/fault.h"
#include "core/ping.h"

#include <stddef.h>

enum { PING_NAMES_MAX = 6 };

/* What came in at a door; all of it borrowed. */
struct ping_body {
    const char *bytes;
    size_t n;
    const char *names[PING_NAMES_MAX]; /* of the sender, as the door knows them; NULL: none */
    const char *topic;                 /* that it came on, by MQTT; NULL: none */
    const char *agent;                 /* of HTTP: its User-Agent; NULL: none */

    /*
     * Whether a device of that name is under an order: where a sender has several names, the
     * first such is meant. NULL: nobody is known.
     */
    bool (*known)(const char *device, void *arg);
    void *known_arg;
};

/*
 * Number `index` of the body, from 0: a ping; or the reason why it is none ("lat: 151.5 is outside
 * -90..90"), with NULL or what was read of it, of which the device alone counts, "" where nobody
 * knows; or neither: a message that is no ping and need not be one.
 */
typedef void ping_taker(const struct ping *ping, size_t index, const char *why, void *arg);

/*
 * Hands over each message of the body. False, with nothing handed over, when the body as a whole
 * cannot be read.
 */
typedef bool ping_reader(const struct ping_body *body, ping_taker *take, void *arg,
                         struct fault *why);

#endif
