/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reload_result.h - what came of a reload, and who hears it: systemd, the status, the heartbeat, an
 * alert `rules`, and whoever asked by LEDGER-control (control.h, `breachctl reload`).
 */
#ifndef APP_RELOAD_RESULT_H
#define APP_RELOAD_RESULT_H

#include "adapter/control.h"
#include "adapter/json/answer.h"
#include "app/prepare.h"

struct service;

/* Who asked waits for the reload that begins next. */
struct reload_asker {
    uint64_t call, reload; /* call 0: nobody */
};

struct reload_result {
    struct control *control; /* NULL: nobody can ask */
    void (*ask)(struct service *service);
    uint64_t begun; /* reloads, of which the newest may go on */
    struct reload_asker askers[CONTROL_CALLS_MAX];
    char really[DIGEST_CHARS + 1];      /* of who asked for the reload that begins next; or "" */
    struct refusal refusal;             /* of the newest */
    struct refusal coming;              /* of what is adopted and not yet done, */
    char changed[PREPARED_CHANGED_MAX]; /* and which thresholds are others by it, a line each */
    struct reload_notes notes;          /* of the newest that was read */
};

/* Listens for `breachctl reload`, and has `ask` called; says in the log where it cannot listen. */
void reload_result_listen(struct service *service, void (*ask)(struct service *service));

/* What is adopted, and what of the files is not in force by it. */
void reload_result_note(struct service *service, const struct prepared *adopted);

/* A start is done, as it was noted. */
void reload_result_start(struct service *service);

/* The newest reload is in force, as it was noted, or is refused as the complaints say. */
void reload_result_done(struct service *service);
void reload_result_refused(struct service *service, const struct prepared *refused);

#endif
