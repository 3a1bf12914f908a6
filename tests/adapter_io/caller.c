/* SPDX-License-Identifier: Apache-2.0 */
#include "caller.h"

#include "loop.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <string.h>

#include "support/test.h"

static void on_event(struct bufferevent *bev, short what, void *arg)
{
    struct caller *caller = arg;

    (void)bev;
    if (what & BEV_EVENT_CONNECTED)
        caller->connected = true;
    else
        caller->gone = true;
}

void caller_connect(struct caller *caller, struct event_base *base, const struct endpoint *at)
{
    *caller = (struct caller){ .base = base,
                               .bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE) };
    assert_non_null(caller->bev);
    bufferevent_setcb(caller->bev, NULL, NULL, on_event, caller);
    bufferevent_enable(caller->bev, EV_READ | EV_WRITE);
    assert_int_equal(
        bufferevent_socket_connect(caller->bev, (const void *)&at->address, (int)at->length), 0);
}

void caller_say(struct caller *caller, const char *bytes)
{
    bufferevent_write(caller->bev, bytes, strlen(bytes));
}

void caller_leave(struct caller *caller)
{
    if (caller->bev != NULL)
        bufferevent_free(caller->bev);
    caller->bev = NULL;
}

int caller_heard(const struct caller *caller, const char *text)
{
    struct evbuffer *heard = bufferevent_get_input(caller->bev);
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

void caller_until(struct caller *caller, const char *text)
{
    loop_until(caller->base, caller_heard(caller, text) > 0);
}

void caller_until_gone(struct caller *caller)
{
    loop_until(caller->base, caller->gone);
}
