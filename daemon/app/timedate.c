/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timedate.c - sd-bus in a loop that is not its own, as sd_bus_get_fd(3) wants it: after each call
 * of it that may have changed something it is asked anew what to wait for, and for how long.
 */
#include "app/timedate.h"

#include "adapter/clock.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>

#define USUAL_PLACE "unix:path=/run/dbus/system_bus_socket"
#define SERVICE     "org.freedesktop.timedate1"
#define OBJECT      "/org/freedesktop/timedate1"
#define PROPERTIES  "org.freedesktop.DBus.Properties"

enum { STEPS_A_TURN = 16 }; // then the loop has others to serve

struct timedate {
    struct event_base *base;
    sd_bus *bus;
    struct event *io; // with the bus's own time-out; added for one turn at a time
    struct event *limit;
    timedate_callback *callback;
    void *arg;
    int steps;
    bool over; // and this is what came of it:
    enum sync_answer answer;
    struct fault why;
};

static void destroy(struct timedate *question)
{
    if (question->io != NULL)
        event_free(question->io); // before its descriptor is closed
    if (question->limit != NULL)
        event_free(question->limit);
    sd_bus_close_unref(question->bus); // without a flush, which would wait
    free(question);
}

void timedate_cancel(struct timedate *question)
{
    if (question != NULL)
        destroy(question);
}

static void end(struct timedate *question, enum sync_answer answer)
{
    question->over = true;
    question->answer = answer;
}

static bool end_without(struct timedate *question, const char *why)
{
    end(question, SYNC_NONE);
    return fault_set(&question->why, "%s", why);
}

/* Calls back with what came of it; the question is gone then. */
static void report(struct timedate *question)
{
    struct timedate was = *question;

    destroy(question);
    was.callback(was.answer, was.answer == SYNC_NONE ? was.why.text : "", was.arg);
}

/* The bus is closed only after this has returned to sd_bus_process. */
static int on_reply(sd_bus_message *reply, void *arg, sd_bus_error *ignored)
{
    struct timedate *question = arg;
    const sd_bus_error *refusal = sd_bus_message_get_error(reply);
    int yes;

    (void)ignored;
    if (question->over)
        return 1;
    if (refusal != NULL)
        end_without(question, refusal->message != NULL ? refusal->message : refusal->name);
    else if (sd_bus_message_read(reply, "v", "b", &yes) < 0)
        end_without(question, "its answer is not understood");
    else
        end(question, yes ? SYNC_YES : SYNC_NO);
    return 1;
}

/* ---- the loop ---- */

static void on_bus(evutil_socket_t fd, short what, void *arg);

static bool await_bus(struct timedate *question)
{
    int fd = sd_bus_get_fd(question->bus), events = sd_bus_get_events(question->bus);
    uint64_t until, now = (uint64_t)clock_us(), left;
    struct timeval wait;
    short wanted = 0;

    if (fd < 0 || events < 0 || sd_bus_get_timeout(question->bus, &until) < 0)
        return end_without(question, "the connection ended");
    if (events & POLLIN)
        wanted |= EV_READ;
    if (events & POLLOUT)
        wanted |= EV_WRITE;
    left = until > now ? until - now : 0;
    wait = (struct timeval){ (time_t)(left / 1000000), (suseconds_t)(left % 1000000) };
    event_del(question->io);
    return (event_assign(question->io, question->base, fd, wanted, on_bus, question) == 0 &&
            event_add(question->io, until == UINT64_MAX ? NULL : &wait) == 0) ||
           end_without(question, FAULT_MEMORY);
}

static void step(struct timedate *question)
{
    int done = 1;

    for (int i = 0; i < STEPS_A_TURN && done > 0 && !question->over; i++) {
        done = sd_bus_process(question->bus, NULL);
        if (!question->over && done < 0)
            end_without(question, strerror(-done));
        else if (!question->over && done > 0 && ++question->steps > TIMEDATE_STEPS_MAX)
            end_without(question, "too much else was sent before an answer");
    }
    if (!question->over)
        await_bus(question);
    if (question->over)
        report(question);
}

static void on_bus(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    step(arg);
}

static void on_limit(evutil_socket_t fd, short what, void *arg)
{
    struct timedate *question = arg;

    (void)fd;
    (void)what;
    end_without(question, "no answer in time");
    report(question);
}

/* ---- asking ---- */

/* A host would be looked up, a program be started, and the loop wait for it. */
static const char *address(void)
{
    const char *given = getenv("DBUS_SYSTEM_BUS_ADDRESS");

    if (given == NULL || *given == '\0')
        return USUAL_PLACE;
    return strncmp(given, "unix:", strlen("unix:")) == 0 && strchr(given, ';') == NULL ? given
                                                                                       : NULL;
}

/* Greets the bus and sends the question, as far as the socket takes it without waiting. */
static bool connect_bus(struct timedate *question, struct fault *why)
{
    const char *at = address();
    int rc;

    if (at == NULL)
        return fault_set(why, "DBUS_SYSTEM_BUS_ADDRESS is no unix socket");
    rc = sd_bus_new(&question->bus);
    if (rc >= 0)
        rc = sd_bus_set_address(question->bus, at);
    if (rc >= 0)
        rc = sd_bus_set_bus_client(question->bus, 1);
    if (rc >= 0)
        rc = sd_bus_negotiate_fds(question->bus, 0); // no descriptor comes that way
    if (rc >= 0)
        rc = sd_bus_start(question->bus);
    if (rc >= 0)
        rc = sd_bus_call_method_async(question->bus, NULL, SERVICE, OBJECT, PROPERTIES, "Get",
                                      on_reply, question, "ss", SERVICE, "NTPSynchronized");
    return rc >= 0 || fault_set(why, "%s: %s", at, strerror(-rc));
}

struct timedate *timedate_ask(struct event_base *base, int limit_ms, timedate_callback *callback,
                              void *arg, struct fault *why)
{
    const struct timeval limit = { limit_ms / 1000, limit_ms % 1000 * 1000 };
    struct timedate *question = calloc(1, sizeof *question);

    if (question == NULL) {
        fault_set(why, FAULT_MEMORY);
        return NULL;
    }
    question->base = base;
    question->callback = callback;
    question->arg = arg;
    question->io = event_new(base, -1, 0, on_bus, question);
    question->limit = event_new(base, -1, 0, on_limit, question);
    if (question->io == NULL || question->limit == NULL || event_add(question->limit, &limit) != 0)
        fault_set(why, FAULT_MEMORY);
    else if (connect_bus(question, why)) {
        if (await_bus(question))
            return question;
        *why = question->why;
    }
    destroy(question);
    return NULL;
}
