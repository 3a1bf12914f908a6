/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/control.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct call {
    struct control *control;
    struct bufferevent *bev;
    uint64_t number;
    bool asked, answered;
};

struct control {
    struct event_base *base;
    struct evconnlistener *listener;
    struct event *again; // listening goes on
    control_on_ask *on_ask;
    void *arg;
    char path[CONTROL_PATH_MAX];
    struct call *calls[CONTROL_CALLS_MAX];
    uint64_t number; // of the newest call
};

const char *control_path(const char *ledger, char out[CONTROL_PATH_MAX])
{
    snprintf(out, CONTROL_PATH_MAX, "%s-control", ledger);
    return out;
}

bool control_address(const char *path, struct sockaddr_un *out, struct fault *why)
{
    *out = (struct sockaddr_un){ .sun_family = AF_UNIX };
    if (strlen(path) >= sizeof out->sun_path)
        return fault_set(why, "%.300s: longer than the %zu characters of a socket's address", path,
                         sizeof out->sun_path - 1);
    strcpy(out->sun_path, path);
    return true;
}

static void end_call(struct call *call)
{
    struct control *control = call->control;

    for (size_t i = 0; i < CONTROL_CALLS_MAX; i++) {
        if (control->calls[i] == call)
            control->calls[i] = NULL;
    }
    bufferevent_free(call->bev);
    free(call);
}

static void on_readable(struct bufferevent *bev, void *arg)
{
    struct call *call = arg;
    struct evbuffer *input = bufferevent_get_input(bev);
    char *line;

    if (call->asked) { // whatever more is said is not heard
        evbuffer_drain(input, evbuffer_get_length(input));
        return;
    }
    line = evbuffer_readln(input, NULL, EVBUFFER_EOL_LF);
    if (line == NULL) {
        if (evbuffer_get_length(input) >= CONTROL_LINE_MAX)
            end_call(call);
        return;
    }
    call->asked = true;
    bufferevent_set_timeouts(bev, NULL, NULL); // an answer may take as long as it takes
    call->control->on_ask(call->number, line, call->control->arg);
    free(line); // the call may be gone
}

static void on_written(struct bufferevent *bev, void *arg)
{
    struct call *call = arg;

    (void)bev;
    if (call->answered)
        end_call(call);
}

static void on_end(struct bufferevent *bev, short what, void *arg)
{
    (void)bev;
    (void)what;
    end_call(arg);
}

/* Has asked nothing, and nothing that he said is waiting to be read. */
static bool is_silent(const struct call *call)
{
    char byte;

    return !call->asked &&
           recv(bufferevent_getfd(call->bev), &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}

/* Where all are taken, that of the oldest who is silent; NULL: nobody is. */
static struct call **free_place(struct control *control)
{
    struct call **oldest = NULL;

    for (size_t i = 0; i < CONTROL_CALLS_MAX; i++) {
        struct call **place = &control->calls[i];

        if (*place == NULL)
            return place;
        if (is_silent(*place) && (oldest == NULL || (*place)->number < (*oldest)->number))
            oldest = place;
    }
    if (oldest != NULL)
        end_call(*oldest);
    return oldest;
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address,
                      int length, void *arg)
{
    static const struct timeval patience = { CONTROL_PATIENCE_S, 0 };
    struct control *control = arg;
    struct call **place = free_place(control), *call = place ? calloc(1, sizeof *call) : NULL;

    (void)listener;
    (void)address;
    (void)length;
    if (call != NULL)
        call->bev = bufferevent_socket_new(control->base, fd, BEV_OPT_CLOSE_ON_FREE);
    if (call == NULL || call->bev == NULL) {
        free(call);
        close(fd);
        return;
    }
    *place = call;
    call->control = control;
    call->number = ++control->number;
    bufferevent_setcb(call->bev, on_readable, on_written, on_end, call);
    bufferevent_setwatermark(call->bev, EV_READ, 0, CONTROL_LINE_MAX);
    bufferevent_set_timeouts(call->bev, &patience, NULL);
    bufferevent_enable(call->bev, EV_READ | EV_WRITE);
}

/* Out of descriptors: who comes waits a second in the backlog. */
static void on_accept_error(struct evconnlistener *listener, void *arg)
{
    static const struct timeval second = { 1, 0 };
    struct control *control = arg;

    if (event_add(control->again, &second) == 0)
        evconnlistener_disable(listener);
}

static void on_again(evutil_socket_t fd, short what, void *arg)
{
    struct control *control = arg;

    (void)fd;
    (void)what;
    evconnlistener_enable(control->listener);
}

static bool listen_at(struct control *control, const struct sockaddr_un *at)
{
    unsigned flags = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC;

    control->again = evtimer_new(control->base, on_again, control);
    if (control->again == NULL)
        return false;
    control->listener =
        evconnlistener_new_bind(control->base, on_accept, control, flags, CONTROL_CALLS_MAX,
                                (const struct sockaddr *)at, (int)sizeof *at);
    if (control->listener == NULL)
        return false;
    evconnlistener_set_error_cb(control->listener, on_accept_error);
    return chmod(control->path, 0600) == 0;
}

bool control_open(struct event_base *base, const char *path, control_on_ask *on_ask, void *arg,
                  struct control **out_control, struct fault *why)
{
    struct control *control = calloc(1, sizeof *control);
    struct sockaddr_un at;
    struct stat there;

    if (control == NULL)
        return fault_set(why, FAULT_MEMORY);
    if (!control_address(path, &at, why)) {
        free(control);
        return false;
    }
    if (lstat(path, &there) == 0 && S_ISSOCK(there.st_mode))
        unlink(path);
    *control = (struct control){ .base = base, .on_ask = on_ask, .arg = arg };
    snprintf(control->path, sizeof control->path, "%s", path);
    if (!listen_at(control, &at)) {
        fault_set(why, "%.300s: %s", path, strerror(errno));
        control_close(control);
        return false;
    }
    *out_control = control;
    return true;
}

void control_close(struct control *control)
{
    if (control == NULL)
        return;
    for (size_t i = 0; i < CONTROL_CALLS_MAX; i++) {
        if (control->calls[i] != NULL)
            end_call(control->calls[i]);
    }
    if (control->listener != NULL) {
        evconnlistener_free(control->listener);
        unlink(control->path);
    }
    if (control->again != NULL)
        event_free(control->again);
    free(control);
}

void control_answer(struct control *control, uint64_t call, const char *answer)
{
    static const struct timeval patience = { CONTROL_PATIENCE_S, 0 };

    for (size_t i = 0; i < CONTROL_CALLS_MAX; i++) {
        struct call *to = control->calls[i];

        if (to == NULL || to->number != call)
            continue;
        to->answered = true;
        bufferevent_set_timeouts(to->bev, NULL, &patience);
        evbuffer_add_printf(bufferevent_get_output(to->bev), "%s\n", answer);
        return;
    }
}
