/* SPDX-License-Identifier: Apache-2.0 */
/* hash_copy.c - both scans are jansson's objects, field to string: its hash is seeded by chance. */
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

/* The string that is known already, so that what has not changed is neither parsed nor copied. */
static json_t *known_one(const struct hash_copy *copy, const char *field, const char *value,
                         size_t n)
{
    json_t *known = json_object_get(copy->known, field);

    if (known != NULL && json_string_length(known) == n &&
        memcmp(json_string_value(known), value, n) == 0)
        return json_incref(known);
    return NULL;
}

static json_t *checked(const char *value, size_t n)
{
    char *line = n <= JSON_LINE_MAX ? malloc(n + 1) : NULL;
    json_t *string = NULL;

    if (line == NULL)
        return NULL;
    memcpy(line, value, n);
    line[n] = '\0';
    if (json_line_check(line, n))
        string = json_stringn(line, n);
    free(line);
    return string;
}

bool hash_copy_put(struct hash_copy *copy, const char *field, size_t field_n, const char *value,
                   size_t n)
{
    json_t *string;

    if (copy->fresh == NULL || !is_text(field, field_n) ||
        json_object_size(copy->fresh) >= HASH_COPY_MAX)
        return false;
    string = known_one(copy, field, value, n);
    if (string == NULL)
        string = checked(value, n);
    return string != NULL && json_object_set_new(copy->fresh, field, string) == 0;
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
        if (!json_equal(json_object_get(before, field), value))
            on_change(field, json_string_value(value), arg);
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
    return json_string_value(json_object_get(copy->known, field));
}

void hash_copy_each(const struct hash_copy *copy,
                    void (*on_one)(const char *field, const char *value, void *arg), void *arg)
{
    const char *field;
    json_t *value;

    json_object_foreach(copy->known, field, value)
    {
        on_one(field, json_string_value(value), arg);
    }
}
