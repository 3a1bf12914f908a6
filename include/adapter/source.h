/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.h - from where the texts of settings, orders and shapes are read: files as they are now,
 * or as they were when they were last good.
 */
#ifndef ADAPTER_SOURCE_H
#define ADAPTER_SOURCE_H

#include "adapter/last_good.h"

#include <stdio.h>

/* Zeroed: files as they are. */
struct sources {
    const struct last_good *last; /* NULL: there is none */
    bool by_last;                 /* nothing but that */
    const char *const *held;      /* source_name() of files that are as they were last good, */
    size_t n_held;                /* or left out where they never were */
    struct last_good_copy *copy;  /* to which all that is read is added; NULL: to none */
};

/*
 * As texts are called in last_good.h: by absolute paths, so that it does not matter from where
 * breachd was started; `orders` is the file that names a shape, else NULL. Returns `out`.
 */
enum { SOURCE_NAME_MAX = LAST_GOOD_LINE_MAX };
const char *source_name(const char *path, const char *orders, char out[SOURCE_NAME_MAX]);

/* A name as it is called by who calls its folder so: `orders.d/a.conf`. Returns `out`. */
const char *source_called(const char *name, const char *folder, char out[SOURCE_NAME_MAX]);

/* Whether the file of orders is not read as it is now. */
bool source_is_held(const struct sources *sources, const char *orders);

struct source {
    FILE *file;
    char *owned;
};

/*
 * Opens what stands at `path`, at most `max` bytes of it; `orders` is the file that names a shape,
 * else NULL. On failure false, and the reason without the path.
 */
bool source_open(const struct sources *sources, enum last_good_kind kind, const char *path,
                 const char *orders, long long max, struct source *out, struct fault *why);
void source_close(struct source *source);

/* Whether a file says now what it said when it was last good. */
bool source_is_unchanged(const struct last_good_text *text, long long max);

#endif
