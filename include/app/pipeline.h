/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline.h - the program in one function: class, watch, commit, answer. It owns what is known of
 * everybody and is the only one to change it. In groups by the source that has them; a ping's way
 * in is pipeline_batch.h.
 */
#ifndef APP_PIPELINE_H
#define APP_PIPELINE_H

#include "adapter/json/event.h"
#include "adapter/json/leftover.h"
#include "adapter/ledger/ledger.h"
#include "adapter/redis/acks.h"
#include "app/prepare.h"
#include "app/sender.h"
#include "app/stats.h"
#include "core/correction.h"

struct pipeline;

/* ---- pipeline.c ---- */

/* `ledger` may come later, by pipeline_start; `rehearse`: the clock is that of the pings. */
struct pipeline *pipeline_create(struct stats *stats, bool rehearse);
void pipeline_destroy(struct pipeline *pipeline); /* NULL is fine */

/* Why nothing would be taken now: closed or full; NULL: it would. */
const char *pipeline_shut(const struct pipeline *pipeline);

enum { PIPELINE_READ_MAX = 160 };

/*
 * Which entry of the ping stream was read last, as its door says it: kept with the changes that
 * gather, to be tried again when there is no room; and as it was recalled, or kept since.
 */
void pipeline_keep_read(struct pipeline *pipeline, const char *entry);
const char *pipeline_read(const struct pipeline *pipeline); /* "": none ever */

/* ---- pipeline_rules.c ---- */

/*
 * Puts the rules in force and recalls from the ledger what was known. After pipeline_judge_all, and
 * once nobody is left to judge, pings may come. As pipeline_adopt takes *fresh.
 */
bool pipeline_start(struct pipeline *pipeline, struct ledger *ledger, struct prepared *fresh,
                    struct fault *why);

/*
 * A ledger that has told nothing yet, and does not know after which number it counts; and to tell
 * it, before anything is judged: see core/numbering.h. False when memory is out.
 */
bool pipeline_lacks_numbering(const struct pipeline *pipeline);
bool pipeline_start_numbering(struct pipeline *pipeline, uint32_t after);

/*
 * The ledger is an older copy, put back: what is new is numbered above what this Redis can know,
 * `seen` being the highest number that it shows, and above every earlier epoch. False when it
 * cannot be kept now. Once a life is enough, so it is said whether that was done.
 */
bool pipeline_begin_epoch(struct pipeline *pipeline, uint32_t seen);
/*
 * What Redis held of an incident at that, and did not have before alert `after`: what the ledger
 * does not know of stands in `todo` from then on until it is closed; what it knows as less grave is
 * escalated. Twice is as once. False when it cannot be kept now.
 */
bool pipeline_take_leftover(struct pipeline *pipeline, const struct leftover *leftover,
                            uint64_t after);
uint32_t pipeline_epoch(const struct pipeline *pipeline); /* 0: there was none */
uint32_t pipeline_numbered_after(
    const struct pipeline *pipeline); /* see pipeline_start_numbering */

/*
 * Swaps the rules, at once: from now on everybody is judged by the new ones, and a round begins in
 * which everybody is judged again and what is withdrawn ends. The config stays the caller's, and
 * must live while it is in force or pipeline_needs it. Takes texts and slots; the slots that are
 * left in *fresh are old ones, to be destroyed.
 */
void pipeline_adopt(struct pipeline *pipeline, struct prepared *fresh);

/*
 * Whether what is withdrawn may still be told by the words of these rules, which were in force:
 * until the round is over and the end of everything withdrawn is kept. Of so many at most: what was
 * withdrawn so many reloads ago and could never be ended is told by its names.
 */
enum { PIPELINE_OLD_MAX = 3 };
bool pipeline_needs(const struct pipeline *pipeline, const struct rulebook *rules);

/*
 * The ledger has forgotten this respondent, whom no order binds: so does memory, by which he would
 * be told from his last place if he came again. `rows`: see struct forgotten.
 */
void pipeline_forget(struct pipeline *pipeline, const char *respondent, const struct row *rows);

/* Forgets what was not committed and recalls the rest: after blindness. */
bool pipeline_recall(struct pipeline *pipeline, struct fault *why);

/*
 * Begins a round in which everybody is judged by the rules in force and the last positions: what
 * was recalled may be of other rules.
 */
void pipeline_judge_all(struct pipeline *pipeline);

/* ---- pipeline_round.c ---- */

/*
 * Goes on with the round: so much that nobody else waits for long, and not farther than the ledger
 * can follow. Who sends a ping before it was his turn is judged again before his ping is. How many
 * units of work that was, as a zone looked at by a device's position is one; 0: nothing is left, or
 * a commit must be done first.
 */
enum { PIPELINE_STEP_UNITS = 400 };
size_t pipeline_step(struct pipeline *pipeline);

/* A round is going on, or waits until we see again. */
bool pipeline_judging(const struct pipeline *pipeline);

/* What is known of a device, by whichever rules; NULL: it was never heard. Until the next turn. */
const struct known_device *pipeline_device(const struct pipeline *pipeline, const char *device);

/* ---- pipeline_time.c ---- */

/*
 * Time has passed: judges those for whom it has come to a boundary, and escalates what nobody
 * has taken; the earliest first, no more than PIPELINE_TURN_UNITS and what one question
 * costs. What is left is for pipeline_go_on: `on_behind` is called when that should come as
 * soon as others have had their turn. With nothing due it costs the same for one respondent
 * as for a million. A tick is a second's, and begins to try again what could not be judged
 * and kept, of which each turn does a part.
 */
enum { PIPELINE_TURN_UNITS = 256 }; /* each question and each zone of its respondent: 5 ms */
void pipeline_tick(struct pipeline *pipeline);
void pipeline_go_on(struct pipeline *pipeline);
void pipeline_call_when_behind(struct pipeline *pipeline, void (*on_behind)(void *arg), void *arg);

/* Whether something is due that was not judged yet, and since when the oldest of it is. */
bool pipeline_is_behind(const struct pipeline *pipeline);
double pipeline_behind_seconds(const struct pipeline *pipeline);

/* ---- pipeline_save.c ---- */

/*
 * Puts the newest positions of those out of every ring who could still come to a zone with the
 * changes that gather: of a sixtieth of everybody, to be called once a second, of so many at once
 * as a turn has time for and of the rest when `on_behind` has brought the next; or, before a stop,
 * of all. So a way that began before a restart is judged after it.
 */
void pipeline_save(struct pipeline *pipeline);
void pipeline_save_more(struct pipeline *pipeline);
void pipeline_save_all(struct pipeline *pipeline);

/* ---- pipeline_pace.c ---- */

/* How many seconds the sender has to wait before a ping of the device would be taken; 0: none. */
int pipeline_device_wait(const struct pipeline *pipeline, const struct sender *sender,
                         const char *device);

/* Something of the device was refused unread: with its next ping that is taken that is a doubt. */
void pipeline_device_refused(struct pipeline *pipeline, const struct sender *sender,
                             const char *device);

/* ---- pipeline_clock.c ---- */

/*
 * Our clock has been set right: what is known moves with it, and that it did is put with the
 * changes that gather. It moves in the steps of the round that pipeline_judge_all begins, to be
 * called next, after whatever is to be told before; of who is looked at earlier, before that. False
 * when memory is out.
 */
bool pipeline_correct_clock(struct pipeline *pipeline, struct correction correction);

/* ---- pipeline_acks_apply.c, and pipeline_acks.c ---- */

/* An ack of the control room: see pipeline_acks.h. And the id of the last one. */
enum acks_answer pipeline_ack(struct pipeline *pipeline, const struct ack *ack, struct fault *why);
const char *pipeline_last_ack_id(const struct pipeline *pipeline);

/* Somebody has taken or closed the incident of this id, so that it waits for nobody. */
bool pipeline_is_seen_to(const struct pipeline *pipeline, const char *incident);

/* Somebody has closed it: of an incident that goes on, what follows belongs to another one. */
bool pipeline_is_done(const struct pipeline *pipeline, const char *incident);

/* Skips an entry that is no ack; false: not now. And the id up to which all are on disk. */
bool pipeline_skip_ack(struct pipeline *pipeline, const char *id);
const char *pipeline_kept_ack_id(struct pipeline *pipeline);

/* An alert of it stands in the stream: an ack after this id may be about it; the first is kept. */
void pipeline_note_first_entry(struct pipeline *pipeline, const char *incident, const char *since);

/*
 * `on_noted` is called when who has the incident, or what was noted of it, has changed on disk and
 * no alert says so. And what that is: untouched where nothing is known of it.
 */
void pipeline_call_when_noted(struct pipeline *pipeline,
                              void (*on_noted)(const char *incident, void *arg), void *arg);
void pipeline_holder(const struct pipeline *pipeline, const char *incident,
                     struct event_holder *out);

/* Whether there is such an incident, or ever was. */
bool pipeline_has_incident(struct pipeline *pipeline, const char *incident);

/* "open", "ended" or "closed": how an incident stands that there was; a constant. */
const char *pipeline_incident_state(struct pipeline *pipeline, const char *incident);

/* ---- pipeline_put.c ---- */

/* Our clock: the wall's, or in a rehearsal the newest ping's; there 0 before the first. */
struct utc pipeline_now(const struct pipeline *pipeline);

/* Puts one alert with the changes that gather. */
bool pipeline_tell(struct pipeline *pipeline, const struct alert *alert);

/* Takes nothing any more, for this reason; NULL opens again. The text is borrowed for as long. */
void pipeline_close(struct pipeline *pipeline, const char *why);
const char *pipeline_closed(const struct pipeline *pipeline); /* NULL while open */

size_t pipeline_open_incidents(const struct pipeline *pipeline);
struct incident *pipeline_site_incident(struct pipeline *pipeline); /* of breachd's own blindness */
/* Of what else ails breachd, by its subject; NULL when memory is out. */
struct incident *pipeline_own_incident(struct pipeline *pipeline, const char *subject);
struct incident *pipeline_clock_incident(
    struct pipeline *pipeline); /* counts alerts of its clock */
const struct event_source *pipeline_source(const struct pipeline *pipeline);

#endif
