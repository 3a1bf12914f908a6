/* SPDX-License-Identifier: Apache-2.0 */
/* peer.h - a connector at work, and a socket of the test's own for it to find, or not to. */
#ifndef ADAPTER_IO_PEER_H
#define ADAPTER_IO_PEER_H

#include "adapter/connector.h"

#include <sys/socket.h>

struct peer {
    struct event_base *base;
    int listener, guest; /* guest -1: nobody was let in */
    struct connector *connector;
    struct connector_options options; /* of "peer" at "here", 127.0.0.1 */
    bool unwilling;                   /* to try now */
    bool choosy;                      /* resets whatever it hears */
    int tries, connected, deadlines, downs, downs_from_up;
    char heard[32];
};

extern struct peer peer; /* one a test */

int peer_setup(void **state); /* for rows, whose state is the row, and for tests */
int peer_teardown(void **state);
#define peer_test(test) cmocka_unit_test_setup_teardown(test, peer_setup, peer_teardown)

/* Listens; the former where the connector will look, with room for so many whom nobody let in. */
void peer_listen_at_loopback(int backlog);
void peer_listen(int family, const struct sockaddr *at, socklen_t size, int backlog);

void peer_call(void);   /* the connector begins */
void peer_let_in(void); /* waits until it is connected, and accepts it */
void peer_let_out(void);
void peer_say(const char *text); /* with its NUL */

void peer_until_down(const char *why);

/* Asserts that it tries again after `ms`, or down to half of that; a busy machine took some. */
void peer_expect_wait(int ms);

#endif
