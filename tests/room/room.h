/* SPDX-License-Identifier: Apache-2.0 */
/* room.h - what tests of the control room share. What cannot be done fails the test on the spot. */
#ifndef ROOM_ROOM_H
#define ROOM_ROOM_H

#include "support/house.h"

/* An order A over tag-1, a zone of 200 m, breachd with these further arguments, NULL the last. */
void room_open(struct house *house, const char *argument);

/* tag-1 is 900 m away, and a quarter of an hour later inside: "breach A/home/1/1". */
void room_breach(struct house *house);

/* Waits until the stream of alerts, of refused words, holds so many. */
void room_await(struct house *house, const char *key, long long n);

/* Waits until there is a heartbeat. */
void room_await_beat(struct house *house);

/* Puts a word into the stream of acknowledgements, without breachctl. */
void room_say(struct house *house, const char *incident, const char *action, const char *by,
              const char *reason);

/* An alert that no breachd made, as JSON; the caller frees. */
struct made {
    int sequence;
    const char *type, *severity, *area, *incident, *time;
};
char *room_event(const struct made *made);
void room_publish(struct house *house, const struct made *made); /* into the stream */

#endif
