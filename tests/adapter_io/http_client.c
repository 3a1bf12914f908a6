/* SPDX-License-Identifier: Apache-2.0 */
#include "http_client.h"

#include "loop.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <string.h>

#include "support/test.h"

static void on_event(struct bufferevent *bev, short what, void *arg)
{
    struct http_client *client = arg;

    (void)bev;
    if (what & BEV_EVENT_CONNECTED)
        client->connected = true;
    else
        client->gone = true;
}

void http_client_connect(struct http_client *client, struct event_base *base,
                         const struct endpoint *at)
{
    *client =
        (struct http_client){ .base = base,
                              .bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE) };
    assert_non_null(client->bev);
    bufferevent_setcb(client->bev, NULL, NULL, on_event, client);
    bufferevent_enable(client->bev, EV_READ | EV_WRITE);
    assert_int_equal(
        bufferevent_socket_connect(client->bev, (const void *)&at->address, (int)at->length), 0);
}

void http_client_say(struct http_client *client, const char *bytes)
{
    bufferevent_write(client->bev, bytes, strlen(bytes));
}

void http_client_leave(struct http_client *client)
{
    if (client->bev != NULL)
        bufferevent_free(client->bev);
    client->bev = NULL;
}

int http_client_heard(const struct http_client *client, const char *text)
{
    struct evbuffer *heard = bufferevent_get_input(client->bev);
    struct evbuffer_ptr at = evbuffer_search(heard, text, strlen(text), NULL);
    int n = 0;

    while (at.pos >= 0) {
        n++;
        if (evbuffer_ptr_set(heard, &at, strlen(text), EVBUFFER_PTR_ADD) != 0)
            break;
        at = evbuffer_search(heard, text, strlen(text), &at);
    }
    return n;
}

void http_client_until(struct http_client *client, const char *text)
{
    loop_until(client->base, http_client_heard(client, text) > 0);
}

void http_client_until_gone(struct http_client *client)
{
    loop_until(client->base, client->gone);
}
