/* SPDX-License-Identifier: Apache-2.0 */
/* caller.h - a raw client of the HTTP door, in the same event loop: any bytes, at any pace. */
#ifndef ADAPTER_IO_CALLER_H
#define ADAPTER_IO_CALLER_H

#include "adapter/endpoint.h"

#include <event2/event.h>

struct caller {
    struct event_base *base;
    struct bufferevent *bev;
    bool connected, gone; /* gone: the door has closed */
};

void caller_connect(struct caller *caller, struct event_base *base, const struct endpoint *at);
void caller_say(struct caller *caller, const char *bytes);
void caller_leave(struct caller *caller); /* twice is fine */

/* How often `text` stands in what was heard so far. */
int caller_heard(const struct caller *caller, const char *text);
void caller_until(struct caller *caller, const char *text); /* it was heard */
void caller_until_gone(struct caller *caller);

#endif
