/* SPDX-License-Identifier: Apache-2.0 */
/* init_keys.h - what `breachctl init` wants to know: one table for options, questions, defaults. */
#ifndef CTL_INIT_KEYS_H
#define CTL_INIT_KEYS_H

#include "core/fault.h"
#include "ctl/ask.h"

#include <stddef.h>

#define INIT_FOLDER "/etc/breachd" /* where breachd.service reads breachd.conf */

#define INIT_OPERATOR_TOKEN "operator" /* the name of the token that reads status and metrics */
#define INIT_ANY_TOKEN      "gateway"  /* and of the one for any device, when none is named */

enum init_key_nth {
    INIT_SITE,
    INIT_REGION,
    INIT_TIMEZONE,
    INIT_LEDGER,
    INIT_LISTEN,
    INIT_TLS,
    INIT_TLS_KEY,
    INIT_HOST,
    INIT_DEVICES,
    INIT_REDIS,
    INIT_KEYS
};

struct init_key {
    const char *name;          /* as an option behind `--` */
    const char *section, *key; /* in breachd.conf; NULL: it is no key there by itself */
    const char *usual;         /* breachd's default; NULL: there is none */
    const char *ask;           /* the question */
    bool needed;               /* and where nobody can be asked it has no default */
};

extern const struct init_key init_keys[INIT_KEYS];

/* By number of init_keys; "" is none. */
struct init_answers {
    char folder[ASK_MAX]; /* which is made, as it was named, without a slash at its end */
    char of[INIT_KEYS][ASK_MAX];
};

/* Whether it means something beside the answers before it: a key's file with a certificate's. */
bool init_key_concerns(const struct init_answers *answers, size_t nth);

bool init_is_self_signed(const struct init_answers *answers);
bool init_is_service(const struct init_answers *answers); /* the folder is INIT_FOLDER */

/*
 * What the answer is when nobody says otherwise, by those before it; "": there is none. `asked`: of
 * what is needed too, for somebody sees it and can say no.
 */
void init_key_default(const struct init_answers *answers, size_t nth, bool asked,
                      char out[ASK_MAX]);

#endif
