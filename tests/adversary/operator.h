/* SPDX-License-Identifier: Apache-2.0 */
/*
 * operator.h - what an adversary asks at the control room's door of breachd: every path, method,
 * parameter and header there is, each as it should be, and at its extremes. What answers tell
 * (incidents, cursors, tags) comes back in later requests: true, cut, and where it is foreign.
 */
#ifndef ADVERSARY_OPERATOR_H
#define ADVERSARY_OPERATOR_H

#include "clients.h"

enum { OPERATOR_KNOWN = 64, OPERATOR_TEXT = 200, OPERATOR_TOKENS = 8, OPERATOR_ACCESSES = 1 << 21 };

enum operator_path {
    OPERATOR_INCIDENTS,
    OPERATOR_INCIDENT,
    OPERATOR_MAP,
    OPERATOR_DEVICES,
    OPERATOR_DEVICE,
    OPERATOR_OPERATOR, /* status, metrics */
    OPERATOR_OPEN,     /* who may be anybody: healthz, readyz */
    OPERATOR_NOWHERE,
    OPERATOR_PATHS
};

/* The newest of what was told, in no order. */
struct operator_known {
    char texts[OPERATOR_KNOWN][OPERATOR_TEXT];
    unsigned n;
};

struct operator_view {
    struct dice *dice;
    const char *tokens[OPERATOR_TOKENS]; /* one with each request; NULL ends them, "": none */
    unsigned weights[OPERATOR_PATHS];    /* how often each path is asked for */
    struct operator_known incidents, cursors, tags;
    unsigned long accesses;                    /* numbered from 1 by their reasons, */
    unsigned char seen[OPERATOR_ACCESSES / 8]; /* of which these were answered with 200 */
    unsigned long answers, codes[600], let_in; /* `let_in`: 200 on a path of the control room */
    unsigned long placed;                      /* answers other than maps that hold a place */
};

size_t operator_ask(void *operator, char out[CLIENTS_QUESTION_MAX], struct question *question);
void operator_heard(void *operator, const struct question * question, int code, const char *text);

#endif
