/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk.h - what an adversary asks at the control room's door of breachd: every path, method,
 * parameter and header there is, each as it should be, and at its extremes. What answers tell
 * (incidents, cursors, tags) comes back in later requests: true, cut, and where it is foreign.
 */
#ifndef ADVERSARY_DESK_H
#define ADVERSARY_DESK_H

#include "clients.h"

enum { DESK_KNOWN = 64, DESK_TEXT = 200, DESK_TOKENS = 8, DESK_LOOKS = 1 << 21 };

enum desk_path {
    DESK_INCIDENTS,
    DESK_INCIDENT,
    DESK_MAP,
    DESK_DEVICES,
    DESK_DEVICE,
    DESK_OPERATOR, /* status, metrics */
    DESK_OPEN,     /* who may be anybody: healthz, readyz */
    DESK_NOWHERE,
    DESK_PATHS
};

/* The newest of what was told, in no order. */
struct desk_known {
    char texts[DESK_KNOWN][DESK_TEXT];
    unsigned n;
};

struct desk {
    struct dice *dice;
    const char *tokens[DESK_TOKENS]; /* one of these with each request; NULL ends them, "": none */
    unsigned weights[DESK_PATHS];    /* how often each path is asked for */
    struct desk_known incidents, cursors, tags;
    unsigned long looks;                       /* numbered from 1 by their reasons, */
    unsigned char seen[DESK_LOOKS / 8];        /* of which these were answered with 200 */
    unsigned long answers, codes[600], let_in; /* `let_in`: 200 on a path of the control room */
    unsigned long placed;                      /* answers other than maps that hold a place */
};

size_t desk_ask(void *desk, char out[CLIENTS_QUESTION_MAX], struct question *question);
void desk_heard(void *desk, const struct question *question, int code, const char *text);

#endif
