/* SPDX-License-Identifier: Apache-2.0 */
/* http_client.h - a raw client of the HTTP door, in the same event loop: any bytes, at any pace. */
#ifndef ADAPTER_IO_HTTP_CLIENT_H
#define ADAPTER_IO_HTTP_CLIENT_H

#include "adapter/endpoint.h"

#include <event2/event.h>

struct http_client {
    struct event_base *base;
    struct bufferevent *bev;
    bool connected, gone; /* gone: the door has closed */
};

void http_client_connect(struct http_client *client, struct event_base *base,
                         const struct endpoint *at);
void http_client_say(struct http_client *client, const char *bytes);
void http_client_leave(struct http_client *client); /* twice is fine */

/* How often `text` stands in what was heard so far. */
int http_client_heard(const struct http_client *client, const char *text);
void http_client_until(struct http_client *client, const char *text); /* it was heard */
void http_client_until_gone(struct http_client *client);

#endif
