/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hash_copy.c - both scans are jansson's objects, field to a pair of strings: its hash is seeded by
 * chance.
 */
#include "web/hash_copy.h"

#include "web/json_line.h"

#include <stdlib.h>
#include <string.h>

struct hash_copy {
    json_t *known; // NULL: no scan was whole
    json_t *fresh; // NULL: none goes on
};

struct hash_copy *hash_copy_create(void)
{
    return calloc(1, sizeof(struct hash_copy));
}

void hash_copy_destroy(struct hash_copy *copy)
{
    if (copy == NULL)
        return;
    json_decref(copy->known);
    json_decref(copy->fresh);
    free(copy);
}

bool hash_copy_begin(struct hash_copy *copy)
{
    json_decref(copy->fresh);
    copy->fresh = json_object();
    return copy->fresh != NULL;
}

static bool is_text(const char *field, size_t n)
{
    return n > 0 && n < HASH_COPY_FIELD_MAX && strlen(field) == n;
}

/* What there is of a field: as it came, and as it is shown, which mostly is the same string. */
static json_t *pair_of(const char *value, size_t n)
{
    char *line = json_line_placeless(value, n);
    json_t *came = line != NULL ? json_stringn(value, n) : NULL, *shown = json_incref(came);

    if (came != NULL && strcmp(line, json_string_value(came)) != 0) {
        json_decref(shown);
        shown = json_string(line);
    }
    free(line);
    return came != NULL ? json_pack("[oo]", came, shown) : NULL;
}

static const char *shown_of(const json_t *pair)
{
    return json_string_value(json_array_get(pair, 1));
}

/* The pair that is known already, so that what has not changed is neither parsed nor copied. */
static json_t *known_one(const struct hash_copy *copy, const char *field, const char *value,
                         size_t n)
{
    json_t *known = json_object_get(copy->known, field);
    const json_t *came = json_array_get(known, 0);

    if (known != NULL && json_string_length(came) == n &&
        memcmp(json_string_value(came), value, n) == 0)
        return json_incref(known);
    return NULL;
}

bool hash_copy_put(struct hash_copy *copy, const char *field, size_t field_n, const char *value,
                   size_t n)
{
    json_t *pair;

    if (copy->fresh == NULL || !is_text(field, field_n) ||
        json_object_size(copy->fresh) >= HASH_COPY_MAX)
        return false;
    pair = known_one(copy, field, value, n);
    if (pair == NULL)
        pair = pair_of(value, n);
    return pair != NULL && json_object_set_new(copy->fresh, field, pair) == 0;
}

void hash_copy_end(struct hash_copy *copy,
                   void (*on_change)(const char *field, const char *value, void *arg), void *arg)
{
    json_t *before = copy->known, *value;
    const char *field;

    copy->known = copy->fresh;
    copy->fresh = NULL;
    json_object_foreach(copy->known, field, value)
    {
        const json_t *known = json_object_get(before, field);

        if (known == NULL || (known != value && strcmp(shown_of(known), shown_of(value)) != 0))
            on_change(field, shown_of(value), arg);
    }
    json_object_foreach(before, field, value)
    {
        if (json_object_get(copy->known, field) == NULL)
            on_change(field, NULL, arg);
    }
    json_decref(before);
}

bool hash_copy_is_known(const struct hash_copy *copy)
{
    return copy->known != NULL;
}

size_t hash_copy_count(const struct hash_copy *copy)
{
    return json_object_size(copy->known);
}

const char *hash_copy_get(const struct hash_copy *copy, const char *field)
{
    return shown_of(json_object_get(copy->known, field));
}

void hash_copy_each(const struct hash_copy *copy,
                    void (*on_one)(const char *field, const char *value, void *arg), void *arg)
{
    const char *field;
    json_t *value;

    json_object_foreach(copy->known, field, value)
    {
        on_one(field, shown_of(value), arg);
    }
}
