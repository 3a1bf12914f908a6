/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publisher_script.h - what the publisher has Redis do in one step each, in Lua. For publisher.c.
 *
 * Of a site the hash `last` keeps five fields: SITE, the number of its last alert in the stream;
 * SITE#id, that alert's id; SITE#entry, the entry it stands in; SITE#epoch, how often somebody
 * began to publish, which shuts out what an older connection still has on its way; and one for
 * all, #open: how many fields `open` has, so that a change from outside is seen.
 */
#ifndef ADAPTER_PUBLISHER_SCRIPT_H
#define ADAPTER_PUBLISHER_SCRIPT_H

enum { SCRIPT_ALERT_ARGS = 8 }; /* of each alert sent */

/* Lua counts in doubles, so no sequence has more than 15 digits. */
#define SCRIPT_SEQUENCE_MAX UINT64_C(999999999999999)

/*
 * How far is this Redis? Changes nothing. KEYS: stream, open, last. ARGV: site, entries to keep.
 * Answers "AT HELD ENTRY WHOLE ID AT-ID": the number in `last`; the newest of the site that the
 * stream's newest 1000 entries hold, 0 for none (what was trimmed to make room counts as held), the
 * entry it stands in; 1 if `open` is as it was left; the ids of alert HELD and of alert AT. "-"
 * where there is none.
 */
extern const char script_where[];

/*
 * Begins to publish. KEYS: open, fresh, last. ARGV: site, AT as it was seen, the number to go on
 * from, its id, its entry, how many fields `fresh` has. That becomes `open`, in one step with the
 * number. Answers the epoch; GAP when AT has moved, or `fresh` has lost some.
 */
extern const char script_begin[];

/*
 * The rule of exactly once. KEYS: stream, open, last. ARGV: site, epoch, the number before the
 * first, entries to keep, and for each alert sequence, effect (1 keeps the incident open, 2 closes
 * it), id, type, area, severity, incident, event. Answers the number of the last one. GAP, with
 * nothing done, when Redis is not as we left it: asked without alerts, that is all it looks at.
 */
extern const char script_send[];

#endif
