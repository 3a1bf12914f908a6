/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hash_copy.h - a copy of a hash of Redis, fields to JSON, as it was when it was last scanned
 * whole; and what has changed since the scan before.
 */
#ifndef WEB_HASH_COPY_H
#define WEB_HASH_COPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { HASH_COPY_MAX = 10000, HASH_COPY_FIELD_MAX = 300 /* bytes of a field's name */ };

struct hash_copy;

struct hash_copy *hash_copy_create(void);       /* NULL when memory is out */
void hash_copy_destroy(struct hash_copy *copy); /* NULL is fine */

/* A scan begins: what an unfinished one had found is forgotten. */
bool hash_copy_begin(struct hash_copy *copy);

/*
 * Takes a field of the scan that goes on; one that comes again is taken again. False: it is left
 * out, as its value is no JSON object of one line's size, its name no text, or there are too many.
 */
bool hash_copy_put(struct hash_copy *copy, const char *field, size_t field_n, const char *value,
                   size_t n);

/*
 * The scan is whole: tells of each field that is new, is another (`value`) or is gone (NULL). Of
 * one where only a place is another nothing is told.
 */
void hash_copy_end(struct hash_copy *copy,
                   void (*on_change)(const char *field, const char *value, void *arg), void *arg);

bool hash_copy_is_known(const struct hash_copy *copy); /* a scan was whole */
size_t hash_copy_count(const struct hash_copy *copy);

/* One line of JSON that tells no place, as all that is told; or NULL. */
const char *hash_copy_get(const struct hash_copy *copy, const char *field);

/* Calls for each field of the last whole scan. */
void hash_copy_each(const struct hash_copy *copy,
                    void (*on_one)(const char *field, const char *value, void *arg), void *arg);

#endif
