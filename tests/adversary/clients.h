/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clients.h - one adversary's many connections at one door, on one thread. Some read what is
 * answered, some never do, some leave half-way, some say a byte now and then. Asserts nothing.
 */
#ifndef ADVERSARY_CLIENTS_H
#define ADVERSARY_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "support/dice.h"

enum {
    CLIENTS_MAX = 1200,               /* connections at once */
    CLIENTS_QUESTION_MAX = 24 * 1024, /* bytes of a request: more than the door takes */
    CLIENTS_PIPELINE_MAX = 16,        /* requests of one connection without their answers */
    CLIENTS_ANSWER_MAX = 16 * 1024 * 1024
};

/* What is kept of a request until its answer comes. */
struct question {
    bool bodiless;        /* HEAD: a length and no body */
    bool endless;         /* an answer without an end: whatever comes is thrown away */
    int kind;             /* the asker's own */
    unsigned long access; /* the asker's own */
};

struct clients_options {
    const char *path; /* of the door's unix socket */
    int port;         /* of it on loopback, by addresses 127.1.X.Y; 0: the unix socket alone */
    bool lines;       /* no HTTP: a line is asked, and a line is answered */
    size_t n;         /* at most CLIENTS_MAX */
    struct dice *dice;
    /* Prints one request; its length. */
    size_t (*ask)(void *arg, char out[CLIENTS_QUESTION_MAX], struct question *question);
    /* A whole answer; the text is its head and body, with a zero behind; of a line code 0. */
    void (*heard)(void *arg, const struct question *question, int code, const char *text);
    void *arg; /* of both */
};

struct clients;

struct clients *clients_create(const struct clients_options *options); /* NULL: memory is out */
void clients_destroy(struct clients *clients);                         /* NULL is fine */

/* Whatever can be done now, by all of them; waits at most some 10 ms. */
void clients_turn(struct clients *clients);

#endif
