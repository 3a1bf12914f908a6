/* SPDX-License-Identifier: Apache-2.0 */
/*
 * question.h - one thing that core is asked about a respondent, as a value: kept with what was
 * known before, it can be asked again, and must be answered the same.
 */
#ifndef CORE_QUESTION_H
#define CORE_QUESTION_H

#include "core/watch.h"

struct question {
    enum cause cause;
    size_t device;    /* for CAUSE_PING: which of the respondent's */
    struct ping ping; /* for CAUSE_PING */
    struct utc at;    /* else: the instant to judge */
    struct utc now;   /* our clock */
    bool frugal;      /* the disk is getting full: see struct watch */
};

/* watch_ping or watch_again, as the cause wants it. */
void question_ask(const struct watch *watch, const struct respondent *who, struct track *track,
                  const struct question *question, struct outcome *out);

#endif
