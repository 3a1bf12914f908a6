/* SPDX-License-Identifier: Apache-2.0 */
/* member.h - JSON read strictly, and its members as checked values; for the *_json.c readers. */
#ifndef ADAPTER_PING_MEMBER_H
#define ADAPTER_PING_MEMBER_H

#include "core/ping.h"

struct json_t;

/*
 * One JSON value of all the bytes; the caller's to json_decref. NULL, and the reason of a line,
 * for what is none, has a member twice, or a number that no double holds; or FAULT_MEMORY. A byte
 * order mark before it is passed over.
 */
struct json_t *member_load(const char *bytes, size_t n, struct fault *why);

/* The same of bytes that begin with line `line` of a body, from 1. */
struct json_t *member_load_line(const char *bytes, size_t n, int line, struct fault *why);

/* The member, or NULL when it is absent or null, or `object` is NULL or no object. */
const struct json_t *member_of(const struct json_t *object, const char *key);

/* The text of a value without a NUL in it; NULL for everything else. */
const char *member_text(const struct json_t *value);

/* Each is `absent`, or missing, when it is not there, and refused when it is of another type. */
bool member_number(const struct json_t *object, const char *key, double absent, double *out,
                   struct fault *why);
/*
 * Of the apps, which send what they send, and delete the fix however it is answered: a number, or a
 * text of one (reading_number_of_app); NaN for what is absent or no number, as what stands beside a
 * place must not hide it.
 */
double member_said_number(const struct json_t *object, const char *key);

/* Likewise: true or false, or a text or number of that (reading_truth); `absent` for all else. */
bool member_said_truth(const struct json_t *object, const char *key, bool absent);

/* Likewise: a text that reading_time reads, or a number; else the ping is of its arrival. */
void member_said_time(const struct json_t *object, const char *key, struct ping *ping);

/* Likewise: a text, or a whole number above 0, of which gateways make one; refused else. */
bool member_said_device(const struct json_t *object, const char *key, char out[NAME_MAX_CHARS + 1],
                        struct fault *why);

bool member_bool(const struct json_t *object, const char *key, bool absent, bool *out,
                 struct fault *why);
bool member_device(const struct json_t *object, const char *key, char out[NAME_MAX_CHARS + 1],
                   struct fault *why);

/* Latitude and longitude under these two names; ping_settle says whether they are on the map. */
bool member_place(const struct json_t *object, const char *lat, const char *lon, struct lonlat *out,
                  struct fault *why);

/* The same, of what member_said_number reads. */
bool member_said_place(const struct json_t *object, const char *lat, const char *lon,
                       struct lonlat *out, struct fault *why);

/* Under these names; without a fix it is not needed: neither is there, and both are NaN. */
bool member_place_or_none(const struct json_t *object, const char *lat, const char *lon,
                          bool needed, struct lonlat *out, struct fault *why);

/* An alarm, if there is one, taken as ping_alarm says; of an app what is no text is none. */
void member_said_alarm(const struct json_t *object, const char *key, struct ping *ping);
bool member_alarm(const struct json_t *object, const char *key, struct ping *ping,
                  struct fault *why);

/* A text that `parse` reads, or a number as reading_epoch reads it. */
bool member_time(const struct json_t *object, const char *key,
                 bool (*parse)(const char *text, struct utc *out), struct utc *out,
                 struct fault *why);

#endif
