/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publisher_script.h - what the publisher has Redis do in one step each, in Lua. For publisher.c.
 *
 * Of a site the hash `last` keeps five fields: SITE, the number of its last alert in the stream;
 * SITE#id, that alert's id; SITE#entry, the entry it stands in; SITE#added, how many entries the
 * stream had ever got by then ("-" where Redis does not say); SITE#epoch, how often somebody began
 * to publish, which shuts out what an older connection still has on its way. And two for all, #open
 * and #todo: how many fields these hashes have, so that a change from outside is seen. None is
 * believed as it stands: see publisher_belief.h.
 */
#ifndef ADAPTER_REDIS_PUBLISHER_SCRIPT_H
#define ADAPTER_REDIS_PUBLISHER_SCRIPT_H

enum { SCRIPT_ALERT_ARGS = 10 }; /* of each alert sent */

/* Lua counts in doubles, so no sequence has more than 15 digits. */
#define SCRIPT_SEQUENCE_MAX UINT64_C(999999999999999)

/*
 * How far is this Redis? KEYS: stream, open, last, todo. ARGV: site, entries to keep, the entry
 * that the newest alert it confirmed stands in ("-": not known), and what SITE#added was then.
 * A key of another type, and a stream to which nothing can be added any more, is moved aside to
 * KEY:displaced; else nothing is changed. Answers twelve words:
 *
 *   AT HELD ENTRY WHOLE ID AT-ID AT-ENTRY WITNESS PAST GARBLED DENIED MOVED
 *
 * the number in `last` (0: none); the newest of the site that the stream's newest 1000 entries
 * hold, the entry it stands in; 1 if `open` and `todo` are as they were left; the id of HELD; the
 * id and entry in `last`; what the stream says of that entry: "stands", "other" (something else
 * stands in it), "gone" (it was taken away, or trimmed), "never" (this stream never had it), or
 * "denied" (`last` names none); 1 if the stream has been past the entry that was asked for; if the
 * number in `last` is none; if XINFO is not allowed; how many keys were moved. "-" where there is
 * no id or entry.
 */
extern const char script_where[];

/*
 * A page of the entries of KEYS[1], a hash, from the cursor ARGV[1] on, but for those of whose name
 * KEYS[2], when there is one, has an entry too. Answers the next cursor, "0" after the last page,
 * and a newline; then for each entry "LENGTH LENGTH", a newline, its name and its value. Empty are
 * a name of more than 281 bytes with its value, and a value of more than 16 KiB, or with which the
 * answer would be over 2 MiB.
 */
extern const char script_page[];

/*
 * Begins to publish. KEYS: open, the key staged for it, last, todo, the key staged for that. ARGV:
 * site, AT as it was seen, the number to go on from, its id, its entry, how many fields were staged
 * for each, an epoch that is over. The staged keys replace the others in one step with the number.
 * Answers the epoch; GAP when AT has moved, or what was staged is gone.
 */
extern const char script_begin[];

/*
 * The rule of exactly once. KEYS: stream, open, last, todo, acks. ARGV: site, epoch, the number
 * before the first, entries to keep, and for each alert sequence, effect (1 keeps the incident
 * open, 2 closes it), id, type, area, severity, incident, event, effect on `todo` (3 changes what
 * stands beside the event that is there), and what stands there beside it, as JSON with its brace.
 * Answers, with blanks between, the number of the last one, SITE#added, its entry, and for each its
 * incident ("-": none) and the id after which an ack may be about it. GAP, with nothing done, when
 * Redis is not as we left it: asked without alerts, that is all it looks at, and it answers the
 * number alone.
 */
extern const char script_send[];

/*
 * What stands in `todo` beside an alert is told anew. KEYS: last, todo. ARGV: site, epoch,
 * incident, what follows the event there. Answers 1; 0, with nothing done, when the incident does
 * not stand there; GAP as above.
 */
extern const char script_note[];

#endif
