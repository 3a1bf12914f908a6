/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger.h - what must survive, on disk before anybody is answered. The loop gathers changes; the
 * ledger's own thread commits them, one commit in flight, the next gathering meanwhile, so that no
 * disk is ever waited for. When a commit fails everything gathered is given up too: the ledger is
 * blind, takes nothing more, and what is known must be restored from it before it goes on.
 */
#ifndef ADAPTER_LEDGER_LEDGER_H
#define ADAPTER_LEDGER_LEDGER_H

#include "adapter/chain.h"
#include "adapter/ledger/archive.h"
#include "adapter/ledger/changes.h"
#include "adapter/ledger/room.h"

#include <event2/event.h>

/* Rows that may gather while a commit is in flight: some 50 MiB. See ledger_full. */
enum { LEDGER_GATHER_MAX = 100000 };

struct ledger;

/* What the loop is told. All are called from the loop; none may destroy the ledger. */
struct ledger_callbacks {
    /* These alerts, in sequence, are on disk now. Borrowed for the call. */
    void (*on_alerts)(const struct row *alerts, void *arg);
    /* What ledger_fetch asked for; not `ok` when it cannot be read just now. Borrowed too. */
    void (*on_fetched)(const struct fetch *asked, bool ok, const struct row *alerts, void *arg);
    /* A commit is done; `alerts` are those in it, or NULL. Borrowed too. */
    void (*on_committed)(const struct row *alerts, void *arg);
    void (*on_blind)(const char *why, void *arg); /* a commit failed */
    void (*on_reserve_put)(bool ok, void *arg);   /* answer to ledger_put_by_reserve */
    void (*on_probed)(bool ok, void *arg);        /* answer to ledger_probe */
    void *arg;
};

bool ledger_open(struct event_base *base, const char *path,
                 const struct ledger_callbacks *callbacks, struct ledger **out_ledger,
                 struct fault *why);

/* Waits for the commit in flight; what is only gathered is lost, and nobody was told otherwise. */
void ledger_close(struct ledger *ledger); /* NULL is fine */

/*
 * Adds to what gathers; copies. False when blind or out of memory: then nothing of this change may
 * be kept. Ask ledger_full before; a put itself goes over the limit rather than fail half-way.
 */
bool ledger_put_device(struct ledger *ledger, const char *id, const struct known_device *device);
bool ledger_put_incident(struct ledger *ledger, const char *subject,
                         const struct incident *incident);
bool ledger_put_custody(struct ledger *ledger, const char *incident, const struct custody *custody);
bool ledger_put_last_ack(struct ledger *ledger, const char *id); /* of the stream `acks` */
bool ledger_put_read(struct ledger *ledger, const char *entry);  /* of the ping stream */
bool ledger_put_alert(struct ledger *ledger, const struct kept_alert *alert);
bool ledger_put_entry(struct ledger *ledger, const struct kept_entry *entry);

/* What was kept of the respondent since then, and back to where it can be judged again, stays. */
bool ledger_put_evidence(struct ledger *ledger, const char *respondent, struct utc since,
                         struct utc now);

/*
 * A link that says what all that is known comes to, so that it is in the chain; with
 * `check_rows`, at a start, the rows themselves are read: were they changed meanwhile?
 */
bool ledger_put_state(struct ledger *ledger, struct utc now, bool check_rows);

/*
 * A change is all its rows or none: ask where it begins before its first put, and drop it when one
 * was refused; what others have put in this turn stays. Between the two no wait, no flush, no other
 * change. When blind there is nothing to drop.
 */
struct changes_place ledger_begin(const struct ledger *ledger);
void ledger_drop(struct ledger *ledger, const struct changes_place *begin);

/*
 * `done` is called when what gathers now, and all before it, is on disk (true) or given up (false).
 */
bool ledger_wait(struct ledger *ledger, void (*done)(bool ok, void *arg), void *arg);

/* What gathers now goes to the disk even when no row comes to it. */
void ledger_sync(struct ledger *ledger);

/*
 * Starts a commit of what has gathered, if none is in flight; else that follows by itself. The mark
 * of what is published waits for one of these and starts none.
 */
void ledger_flush(struct ledger *ledger);

/* Number of the commit that what gathers now will be; of the newest that is on disk. */
uint64_t ledger_gathering(const struct ledger *ledger);
uint64_t ledger_committed(const struct ledger *ledger);

/*
 * What is known cannot be told from what is on disk: gives everything
 * gathered up, as a failed commit does.
 */
void ledger_give_up(struct ledger *ledger, const char *why);

bool ledger_full(const struct ledger *ledger);
size_t ledger_rows(const struct ledger *ledger); /* that gather now */

/*
 * How much room the disk had after the newest turn, when so many bytes of it are kept for what must
 * be told: see room.h. What then is not to be written is its users' to leave out.
 */
enum room ledger_room(const struct ledger *ledger);
void ledger_set_spare(struct ledger *ledger, uint64_t spare);
struct ledger_size ledger_size(const struct ledger *ledger); /* after the newest turn, too */

bool ledger_idle(const struct ledger *ledger);          /* nothing gathers, nothing is in flight */
uint64_t ledger_sequence(const struct ledger *ledger);  /* of the newest alert on disk */
uint64_t ledger_published(const struct ledger *ledger); /* as marked, on disk or about to be */

/*
 * The publisher's side: what is asked for comes through on_fetched, and of several questions that
 * wait for their turn only the newest; the mark goes with the next commit.
 */
void ledger_fetch(struct ledger *ledger, const struct fetch *fetch);
void ledger_mark_published(struct ledger *ledger, uint64_t sequence, struct utc at);

/*
 * The stream is at `from` already, farther than the ledger: what is not marked as published by now
 * gets the numbers after it. Goes on being tried until it is done; mark `from` as published only
 * after this call.
 */
void ledger_renumber(struct ledger *ledger, uint64_t from);

/*
 * While blind: one alert and its incident from the reserve, and a try whether commits work again.
 */
void ledger_put_by_reserve(struct ledger *ledger, const char *subject,
                           const struct incident *incident, const struct kept_alert *alert);
void ledger_probe(struct ledger *ledger);

/*
 * Lists for people, between commits: with the next job, see ledger_flush. `done` is called from the
 * loop, with NULL when it cannot be had; what it is given is borrowed for the call. False, and it
 * is not called: too many wait, or memory is out. When the ledger is closed nobody is called.
 */
enum { LEDGER_LISTINGS_MAX = 16, LEDGER_LISTED_MAX = 320 };
typedef void ledger_listed(const struct listed *listed, void *arg);
bool ledger_list(struct ledger *ledger, const struct listing *what, ledger_listed *done, void *arg);

/*
 * Bodies that are no evidence and too old are taken away, a few at a time, between commits and
 * while nothing waits.
 */
void ledger_retain(struct ledger *ledger, const struct retention *by);

/*
 * Why it was refused, NULL when it is done; `more`: so far, and it is to be called again. `rows`
 * are borrowed: what is known now of devices and custodies of who was forgotten.
 */
typedef void ledger_gone(const char *refused, bool more, const struct row *rows, void *arg);

/*
 * See store_forget, and store_let_go. One at a time: false, and `done` is not called, while another
 * waits, when blind, or out of memory.
 */
bool ledger_forget(struct ledger *ledger, const struct forgetting *what, ledger_gone *done,
                   void *arg);
bool ledger_let_go(struct ledger *ledger, const struct letting_go *what, ledger_gone *done,
                   void *arg);

/* See store_head, store_first and store_anchored: as of the newest commit that is done. */
struct chain ledger_head(const struct ledger *ledger);
struct chain ledger_first(const struct ledger *ledger);
struct utc ledger_anchored(const struct ledger *ledger);
const char *ledger_removed(const struct ledger *ledger); /* see store_removed */

/* When a breachd last said that it lives (UTC_ALWAYS: never), and to say so now. */
struct utc ledger_alive(const struct ledger *ledger);
void ledger_touch(const struct ledger *ledger, struct utc now);

/* Only while idle: at start, and after on_probed(true), which ends blindness. */
bool ledger_restore(struct ledger *ledger, void (*on_row)(const struct row *row, void *arg),
                    void *arg, struct fault *why);

#endif
