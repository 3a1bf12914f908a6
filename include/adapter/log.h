/* SPDX-License-Identifier: Apache-2.0 */
/* log.h - one fact a line to stderr, the subject's id first; never a position, never a secret. */
#ifndef ADAPTER_LOG_H
#define ADAPTER_LOG_H

#include "core/instant.h"

/*
 * With journald's `<N>` in front when it reads our stderr, else with the program's name. Whatever
 * stands in it is shown and not obeyed: see text_escape. Cut at 2,047 bytes, 4,095 when escaped.
 */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * What outsiders can cause again and again is logged once a minute: whether that is due. Then *told
 * is `now`; zeroed it was never told.
 */
bool log_is_due(struct tick *logged, struct tick now);

/* From now on the program's name is this one, and not breachd; borrowed. Before any thread. */
void log_as(const char *name);

/* From now on nothing is logged: for a program that tells people itself. */
void log_nothing(void);

#endif
