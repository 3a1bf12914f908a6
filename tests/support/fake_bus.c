/* SPDX-License-Identifier: Apache-2.0 */
/* fake_bus.c - messages as the D-Bus specification 0.38, "Message Protocol", has them. */
#include "support/fake_bus.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/test.h"

enum { RETURN = 2, ERROR = 3, SIGNAL = 4 };
enum { PATH = 1, INTERFACE = 2, MEMBER = 3, ERROR_NAME = 4, REPLY_SERIAL = 5, SIGNATURE = 8 };
enum { HELLO = 1, GET = 2 }; // serials of the calls

/* ---- bytes ---- */

static void put(struct fake_bus_bytes *bytes, const void *at, size_t n)
{
    assert_true(bytes->n + n <= FAKE_BUS_BYTES);
    memcpy(bytes->at + bytes->n, at, n);
    bytes->n += n;
}

static void put_byte(struct fake_bus_bytes *bytes, uint8_t value)
{
    put(bytes, &value, 1);
}

static void align(struct fake_bus_bytes *bytes, size_t to)
{
    while (bytes->n % to != 0)
        put_byte(bytes, 0);
}

static void put_number(struct fake_bus_bytes *bytes, uint32_t value)
{
    align(bytes, 4);
    for (int shift = 0; shift < 32; shift += 8)
        put_byte(bytes, (uint8_t)(value >> shift));
}

static void put_string(struct fake_bus_bytes *bytes, const char *text)
{
    put_number(bytes, (uint32_t)strlen(text));
    put(bytes, text, strlen(text) + 1);
}

static void put_signature(struct fake_bus_bytes *bytes, const char *signature)
{
    put_byte(bytes, (uint8_t)strlen(signature));
    put(bytes, signature, strlen(signature) + 1);
}

static void put_field(struct fake_bus_bytes *bytes, uint8_t field, const char *type,
                      const char *text)
{
    align(bytes, 8);
    put_byte(bytes, field);
    put_signature(bytes, type);
    if (*type == 'g')
        put_signature(bytes, text);
    else
        put_string(bytes, text);
}

static void put_call(struct fake_bus_bytes *bytes, uint32_t call)
{
    align(bytes, 8);
    put_byte(bytes, REPLY_SERIAL);
    put_signature(bytes, "u");
    put_number(bytes, call);
}

/* Its fields and its body have been laid out by themselves, from an offset of 0. */
static void put_message(struct fake_bus_bytes *bytes, uint8_t type,
                        const struct fake_bus_bytes *fields, const struct fake_bus_bytes *body)
{
    const uint8_t begin[] = { 'l', type, 1, 1 };
    struct fake_bus_bytes message = { 0 };

    put(&message, begin, sizeof begin);
    put_number(&message, (uint32_t)body->n);
    put_number(&message, 77); // its own serial
    put_number(&message, (uint32_t)fields->n);
    put(&message, fields->at, fields->n);
    align(&message, 8);
    put(&message, body->at, body->n);
    put(bytes, message.at, message.n);
}

void fake_bus_auth(struct fake_bus_bytes *bytes)
{
    static const char said[] = "DATA\r\nOK 0123456789abcdef0123456789abcdef\r\n";

    put(bytes, said, strlen(said));
}

void fake_bus_hello(struct fake_bus_bytes *bytes)
{
    struct fake_bus_bytes fields = { 0 }, body = { 0 };

    put_call(&fields, HELLO);
    put_field(&fields, SIGNATURE, "g", "s");
    put_string(&body, ":1.7");
    put_message(bytes, RETURN, &fields, &body);
}

static void put_value(struct fake_bus_bytes *bytes, const struct fake_bus_bytes *body)
{
    struct fake_bus_bytes fields = { 0 };

    put_call(&fields, GET);
    put_field(&fields, SIGNATURE, "g", "v");
    put_message(bytes, RETURN, &fields, body);
}

void fake_bus_bool(struct fake_bus_bytes *bytes, bool yes)
{
    struct fake_bus_bytes body = { 0 };

    put_signature(&body, "b");
    put_number(&body, yes);
    put_value(bytes, &body);
}

void fake_bus_text(struct fake_bus_bytes *bytes, const char *text)
{
    struct fake_bus_bytes body = { 0 };

    put_signature(&body, "s");
    put_string(&body, text);
    put_value(bytes, &body);
}

void fake_bus_error(struct fake_bus_bytes *bytes, uint32_t call, const char *text)
{
    struct fake_bus_bytes fields = { 0 }, body = { 0 };

    put_field(&fields, ERROR_NAME, "s", "org.freedesktop.DBus.Error.AccessDenied");
    put_call(&fields, call);
    put_field(&fields, SIGNATURE, "g", "s");
    put_string(&body, text);
    put_message(bytes, ERROR, &fields, &body);
}

void fake_bus_signal(struct fake_bus_bytes *bytes)
{
    struct fake_bus_bytes fields = { 0 }, body = { 0 };

    put_field(&fields, PATH, "o", "/x");
    put_field(&fields, INTERFACE, "s", "x.y");
    put_field(&fields, MEMBER, "s", "Z");
    put_message(bytes, SIGNAL, &fields, &body);
}

struct fake_bus_bytes fake_bus_timedated(bool yes)
{
    struct fake_bus_bytes bytes = { 0 };

    fake_bus_auth(&bytes);
    fake_bus_hello(&bytes);
    fake_bus_bool(&bytes, yes);
    return bytes;
}

/* ---- callers ---- */

struct fake_bus {
    struct sockaddr_un at;
    int listener, stop;
    pthread_t thread;
    pthread_mutex_t lock; // of what follows
    struct said {
        struct fake_bus_bytes first, more;
        int times; // `more`
        enum fake_bus_end end;
    } said;
    int callers;
};

/* Whether `fd` can be read before the bus is to stop. */
static bool may_read(const struct fake_bus *bus, int fd)
{
    struct pollfd either[] = { { .fd = fd, .events = POLLIN },
                               { .fd = bus->stop, .events = POLLIN } };

    while (poll(either, 2, -1) < 1)
        continue;
    return either[1].revents == 0;
}

/* False when the caller has left. */
static bool send_all(int caller, const struct fake_bus_bytes *bytes)
{
    return send(caller, bytes->at, bytes->n, MSG_NOSIGNAL) == (ssize_t)bytes->n;
}

static void serve(struct fake_bus *bus, int caller)
{
    struct said said;
    char unread[512];
    bool sent;

    pthread_mutex_lock(&bus->lock);
    bus->callers++;
    said = bus->said;
    pthread_mutex_unlock(&bus->lock);
    sent = send_all(caller, &said.first);
    while (sent && said.times-- > 0)
        sent = send_all(caller, &said.more);
    if (said.end == FAKE_BUS_ENDS)
        shutdown(caller, SHUT_WR);
    while (said.end != FAKE_BUS_TEARS && may_read(bus, caller) &&
           recv(caller, unread, sizeof unread, 0) > 0)
        continue;
    close(caller);
}

static void *run(void *arg)
{
    struct fake_bus *bus = arg;
    int caller;

    while (may_read(bus, bus->listener))
        if ((caller = accept4(bus->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0)
            serve(bus, caller);
    return NULL;
}

struct fake_bus *fake_bus_start(const char *path)
{
    struct fake_bus *bus = calloc(1, sizeof *bus);

    assert_non_null(bus);
    assert_true(strlen(path) < sizeof bus->at.sun_path);
    bus->at.sun_family = AF_UNIX;
    strcpy(bus->at.sun_path, path);
    bus->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bus->stop = eventfd(0, EFD_CLOEXEC);
    assert_true(bus->listener >= 0 && bus->stop >= 0);
    assert_int_equal(bind(bus->listener, (struct sockaddr *)&bus->at, sizeof bus->at), 0);
    assert_int_equal(listen(bus->listener, 16), 0);
    assert_int_equal(pthread_mutex_init(&bus->lock, NULL), 0);
    assert_int_equal(pthread_create(&bus->thread, NULL, run, bus), 0);
    return bus;
}

void fake_bus_stop(struct fake_bus *bus)
{
    assert_int_equal(eventfd_write(bus->stop, 1), 0);
    assert_int_equal(pthread_join(bus->thread, NULL), 0);
    pthread_mutex_destroy(&bus->lock);
    close(bus->listener);
    close(bus->stop);
    unlink(bus->at.sun_path);
    free(bus);
}

void fake_bus_say(struct fake_bus *bus, const struct fake_bus_bytes *first, enum fake_bus_end end)
{
    pthread_mutex_lock(&bus->lock);
    bus->said = (struct said){ .first = *first, .end = end };
    pthread_mutex_unlock(&bus->lock);
}

void fake_bus_add(struct fake_bus *bus, const struct fake_bus_bytes *more, int times)
{
    pthread_mutex_lock(&bus->lock);
    bus->said.more = *more;
    bus->said.times = times;
    pthread_mutex_unlock(&bus->lock);
}

int fake_bus_callers(struct fake_bus *bus)
{
    int callers;

    pthread_mutex_lock(&bus->lock);
    callers = bus->callers;
    pthread_mutex_unlock(&bus->lock);
    return callers;
}
