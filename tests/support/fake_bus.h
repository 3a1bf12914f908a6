/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fake_bus.h - a message bus that says to each caller what the test wants, whatever the caller
 * says: bytes are sent at once, and then the connection is held, ended or torn. One thread, one
 * caller at a time; the others wait in the backlog.
 */
#ifndef SUPPORT_FAKE_BUS_H
#define SUPPORT_FAKE_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FAKE_BUS_BYTES = 512 };

struct fake_bus_bytes {
    size_t n;
    uint8_t at[FAKE_BUS_BYTES];
};

enum fake_bus_end {
    FAKE_BUS_HOLDS, /* until the caller leaves */
    FAKE_BUS_ENDS,  /* what was sent comes, and then the end of it */
    FAKE_BUS_TEARS  /* closes, with what the caller said unread */
};

struct fake_bus;

/* Listens at the path of a unix socket, and holds each caller without a word. */
struct fake_bus *fake_bus_start(const char *path);
void fake_bus_stop(struct fake_bus *bus); /* the path is gone then */

/* From the next caller on: `first`, and then `more` over and over. */
void fake_bus_say(struct fake_bus *bus, const struct fake_bus_bytes *first, enum fake_bus_end end);
void fake_bus_add(struct fake_bus *bus, const struct fake_bus_bytes *more, int times);
int fake_bus_callers(struct fake_bus *bus); /* until now */

/* Pieces of what a bus says, each added at the end: */
void fake_bus_auth(struct fake_bus_bytes *bytes); /* SASL went well */
void fake_bus_hello(
    struct fake_bus_bytes *bytes); /* the first call is answered, the name is :1.7 */
void fake_bus_bool(struct fake_bus_bytes *bytes, bool yes); /* the second: a property's value, */
void fake_bus_text(struct fake_bus_bytes *bytes, const char *text); /* which is a text, */
void fake_bus_error(struct fake_bus_bytes *bytes, uint32_t call, const char *text); /* or refused */
void fake_bus_signal(struct fake_bus_bytes *bytes); /* nothing to do with us */

/* All of a bus whose timedated says that. */
struct fake_bus_bytes fake_bus_timedated(bool yes);

#endif
