/* SPDX-License-Identifier: Apache-2.0 */
/* sender.h - who hands pings in: for which devices, and how fast. */
#ifndef APP_SENDER_H
#define APP_SENDER_H

#include <stdbool.h>
#include <stdint.h>

/* Zeroed, it may speak for no device. */
struct sender {
    bool (*covers)(const char *device, void *arg); /* whether it may speak for it; NULL: for none */
    void *arg;                                     /* borrowed */

    uintptr_t id;   /* with a rate: by which it is told from other senders; not 0 */
    double rate;    /* pings a second of one device; 0: any number */
    double burst_s; /* what was not used of so many seconds may come at once */
    /* Each is weighed by itself; else a batch that begins within the rate is taken whole. */
    bool ping_by_ping;

    /*
     * Answered with the commit that gathers, whatever its pings changed: how long
     * the answer took tells nothing of a zone.
     */
    bool with_commit;
};

bool sender_covers(const struct sender *sender, const char *device);

/* The `covers` of who may speak for every device. */
bool sender_covers_all(const char *device, void *arg);

#endif
