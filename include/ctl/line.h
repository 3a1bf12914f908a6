/* SPDX-License-Identifier: Apache-2.0 */
/* line.h - an alert as one line for people. */
#ifndef CTL_LINE_H
#define CTL_LINE_H

#include "core/alert.h"
#include "core/revision.h"

#include <jansson.h>
#include <stdio.h>

/* The event's text by a dotted path ("data.area"); "" when there is none. Borrowed. */
const char *line_text(const json_t *event, const char *path);

/* The event's type: "breach", as it is told, or as one of ours; false: a later breachd's. */
const char *line_type(const json_t *event);
bool line_type_of(const json_t *event, enum alert_type *out_type);
bool line_is(const json_t *event, enum alert_type type);

/* revision_lost() and revision_settings() of what a status or an answer holds as `changed`. */
const char *line_lost(const json_t *changed, char text[REVISION_LOST_MAX]);
const char *line_settings(const json_t *changed, char text[REVISION_SETTINGS_MAX]);

/* An enum severity; -1 for none of them. */
int line_severity(const char *name);

/* What comes from outside must not move the cursor: text_escape, however long. */
void line_put(FILE *out, const char *text);

/* The same as XML and HTML have it. */
void line_put_xml(FILE *out, const char *text);

/*
 * An instant as local time of day, with the date when that is not today's; what is none as it is,
 * as far as it fits. The first returns `out`.
 */
enum { LINE_TIME_MAX = 64 };
const char *line_time(const char *text, struct utc now, char out[LINE_TIME_MAX]);
void line_put_time(FILE *out, const char *text, struct utc now);

/*
 * Compact JSON and a line's end. What text_escape would show is written as `\u009B`, which is the
 * same to whoever reads it as JSON. False when it cannot be written, or is no JSON.
 */
bool line_json(FILE *out, const json_t *json);
bool line_json_part(FILE *out, const json_t *json); /* without the end */

/* `holder` is who has the incident, "" for nobody; `colour` by severity; `now` to tell an age. */
void line_print(FILE *out, const json_t *event, const char *holder, bool colour, struct utc now);

/* In red, and with a bell where `colour` is on. */
void line_shout(FILE *out, bool colour, struct utc now, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
