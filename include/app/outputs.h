/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outputs.h - ways out of the site that are down, as breachd-relay reports them: what happens here
 * is not heard there. All of them are one incident (outputs/N) in `todo`, told as they change, and
 * it ends when each is reported up. Reports are not believed for more than that, and are limited.
 */
#ifndef APP_OUTPUTS_H
#define APP_OUTPUTS_H

#include "adapter/redis/reports.h"
#include "core/alert.h"
#include "core/allowance.h"
#include "core/instant.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ledger;
struct pipeline;

enum {
    OUTPUTS_MAX = 32,     /* that are down and are known by name, */
    OUTPUTS_OTHERS = 256, /* by a mark of it; of more only that there are */
    OUTPUTS_WHY_MAX = 96, /* bytes of why, with the zero */
    OUTPUTS_BURST = 6,    /* alerts at once; then one a minute */
    OUTPUTS_A_DAY = 24 * 60
};

struct output {
    char name[NAME_MAX_CHARS + 1], why[OUTPUTS_WHY_MAX];
};

struct outputs {
    struct output of[OUTPUTS_MAX]; /* as they were reported */
    size_t n;
    uint32_t others[OUTPUTS_OTHERS]; /* name_mark of what is down and found no room in `of` */
    size_t n_others;
    bool more;    /* some found no room there either: to be read again once they may */
    bool came;    /* an `up` did since all was read: what found no room may find it */
    bool any;     /* the stream knows of one, up or down */
    bool read;    /* all that stands in the stream has been */
    bool garbled; /* the newest that names none was logged */
    bool is;      /* as it was told last, */
    char reported[ALERT_REASON_MAX]; /* with these words; "": not since the start */
    struct allowance allowance;
};

/* The stream is read from its beginning, be it another one: what is known comes by it. */
void outputs_begin(struct outputs *outputs);

/* Of another `what` than down and up, nothing is taken. */
void outputs_take(struct outputs *outputs, const struct report *report);

/* All that stands in the stream has been read. */
void outputs_read_all(struct outputs *outputs);

/* Each second: tells what has changed. True: the stream is to be read from its beginning. */
bool outputs_tick(struct outputs *outputs, struct pipeline *pipeline, struct ledger *ledger);

#endif
