/* SPDX-License-Identifier: Apache-2.0 */
/* web_events.h - what the loop does each second, at a signal, and when Redis comes and goes. */
#ifndef WEB_WEB_EVENTS_H
#define WEB_WEB_EVENTS_H

#include "web/web.h"

/* Starts the timer of each second and the signals; false with the reason. */
bool web_events_start(struct web *web, struct fault *why);
void web_events_stop(struct web *web);

/* Whom the parts of Redis call; each with `web`. */
void web_events_talk_up(void *web);
void web_events_talk_down(const char *why, void *web);
void web_events_past_up(void *web);
void web_events_past_down(const char *why, void *web);
struct board_callbacks web_events_of_board(struct web *web);
struct feed_callbacks web_events_of_feed(struct web *web);
void web_events_left(uint64_t session, void *web); /* somebody listens no more */

#endif
