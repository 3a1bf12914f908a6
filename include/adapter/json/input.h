/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input.h - what core was asked, and by which texts, as bodies of the ledger's entries; and
 * back, to ask it again. The forms are told in breachctl(1).
 */
#ifndef ADAPTER_JSON_INPUT_H
#define ADAPTER_JSON_INPUT_H

#include "adapter/chain.h"
#include "adapter/conf/settings.h"
#include "core/custody.h"
#include "core/memory.h"
#include "core/question.h"

enum { INPUT_ORDERS_MAX = RESPONDENT_ORDERS_MAX, INPUT_SUBJECT_MAX = 2 * NAME_MAX_CHARS + 2 };

/* "ping", "time", "rules": the kind of the question's entry. */
const char *input_kind(enum cause cause);

/* Bodies. The caller frees; NULL when memory is out. */

/* What was known, and under which settings: judging again can begin here. */
struct input_before {
    const struct memory *memory;
    const char *settings; /* digest of their body, 64 hex digits */
    bool exercise;
};

char *input_print(const struct question *question, const struct respondent *who,
                  const struct input_before *before); /* NULL: what the entry before left */
char *input_print_order(const struct order *order);
char *input_print_settings(const struct settings *settings);

/* An ack of the control room, and why it was refused; NULL: it was not. */
char *input_print_ack(const struct ack *ack, const char *refused);

/*
 * The zone is in no order any more; its order has neither respondent nor text when it was withdrawn
 * before we started. `settings` and `exercise` as above.
 */
char *input_print_withdrawn(const struct exclusion *gone, const struct incident *before,
                            const char *settings, bool exercise, struct utc now);

/*
 * A question as it was kept. Devices and zones in the order in which the bits and the memory number
 * them; all of `before` only when `starts`.
 */
struct kept_question {
    char respondent[NAME_MAX_CHARS + 1];
    struct question question; /* .device is to be found by its ping's */
    bool starts, exercise;
    char settings[CHAIN_HEX]; /* digest of their body */
    size_t n_orders, n_devices, n_zones;
    char orders[INPUT_ORDERS_MAX][DIGEST_CHARS + 1];
    char devices[RESPONDENT_DEVICES_MAX][NAME_MAX_CHARS + 1];
    char zones[QUESTION_ZONES_MAX][INPUT_SUBJECT_MAX]; /* as many as there are, */
    struct memory memory;                              /* and so here */
};

/*
 * `kind` is the entry's. False with the reason, as all below, when a member is missing, of another
 * type, too long, or one too many.
 */
bool input_read(const char *kind, const char *body, struct kept_question *out, struct fault *why);

/* A zone's withdrawal. */
struct kept_withdrawal {
    char subject[INPUT_SUBJECT_MAX], respondent[NAME_MAX_CHARS + 1];
    char order[DIGEST_CHARS + 1]; /* "": it was not known any more */
    char settings[CHAIN_HEX];
    bool exercise;
    struct incident incident;
    struct utc now;
};

bool input_read_withdrawn(const char *body, struct kept_withdrawal *out, struct fault *why);

/* An order's text, and the digest that alerts carry. The caller frees; NULL: it is none. */
char *input_read_order(const char *body, char digest[DIGEST_CHARS + 1]);

/* Site, time zone and thresholds into *out, which is zeroed first; and by which engine. */
bool input_read_settings(const char *body, struct settings *out, unsigned *out_engine,
                         struct fault *why);

/* The distinct orders of a respondent's zones, in their order; at most INPUT_ORDERS_MAX. */
size_t input_orders(const struct respondent *who, const struct order *out[INPUT_ORDERS_MAX]);

#endif
