/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sender.h - one connection that brings the reports of some residents: a thread of its own, one
 * request in flight, sent again until it is acknowledged, as a real tag does.
 */
#ifndef TORTURE_SENDER_H
#define TORTURE_SENDER_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "population.h"

enum { SENDER_BATCH_MAX = 4, SENDER_PATIENCE_MS = 2000 };

/* What the next request is to suffer; the sender sets it back to CUT_NONE when it has. */
enum cut {
    CUT_NONE,
    CUT_BODY,   /* half of it, then a reset */
    CUT_ANSWER, /* all of it, and a reset instead of reading the answer */
    CUT_SLOW    /* half of it, a pause, the rest */
};

struct sender {
    struct sockaddr_storage at; /* of breachd's door */
    socklen_t at_size;
    struct resident **residents; /* its own: nobody else touches them while it runs */
    size_t n;
    struct dice dice;
    atomic_int cut;
    const atomic_bool *finish;  /* the last round: one more report of each device, and done */
    const atomic_bool *abandon; /* the same without a round */
    atomic_ulong pings;         /* acknowledged so far */
    pthread_t thread;
    int fd;
    /* To be read when it has ended: */
    unsigned long answers[6]; /* by code / 100; 0: none came */
    char wrong[512];          /* an answer that should not have been; "": none */
};

bool sender_start(struct sender *sender);
void sender_join(struct sender *sender);

#endif
