/* SPDX-License-Identifier: Apache-2.0 */
/* config.h - settings and orders as one whole: loaded together, refused together. */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include "adapter/chain.h"
#include "adapter/conf/settings.h"
#include "adapter/http/tokens.h"
#include "adapter/tls.h"
#include "app/behind.h"
#include "core/rulebook.h"

#include <stdatomic.h>
#include <stdio.h>

struct config {
    struct settings settings;
    struct civil civil;
    struct rulebook *rules;
    struct tokens *tokens;            /* NULL: the doors ask for none */
    struct tls *http_tls, *redis_tls; /* never NULL; empty: plain */
    char *kept_settings;         /* what decides of the settings, as evidence: an entry's body, */
    char kept_digest[CHAIN_HEX]; /* and its digest */
    struct tls *mqtt_tls;        /* never NULL; empty: plain */
    /* Which texts these are: */
    struct utc read;             /* when they were read from files */
    char text[DIGEST_CHARS + 1]; /* the first digits of a digest of them all; "": not known */
    bool by_last;                /* they are the last good ones: what the files say was refused */
    size_t n_held, n_left_out;   /* files of orders as they were last good, or that never were */
    struct behind behind;        /* of a start by texts that were last good: they are not newest */
};

/* How to load one; `path` of breachd.conf, the rest may be left out. */
struct config_options {
    const char *path;
    const struct config *running; /* see below */
    const atomic_bool *stop;
    const struct sources *sources; /* NULL: files as they are */
    bool keep;                     /* what sources->copy takes goes beside the ledger */
};

/* What is known of the settings even when something was refused. */
struct config_seen {
    char site[NAME_MAX_CHARS + 1]; /* "": not said; so is the next */
    char ledger[SETTINGS_PATH_MAX];
    char orders[SETTINGS_PATH_MAX];
    bool settings_well; /* whatever is wrong is in files of orders */
    bool by_file;
};

/*
 * Everything that the file at `path` names. `running` is NULL at start; at a reload the local time
 * is taken from it, and a key that cannot change while breachd runs is complained of. NULL when
 * anything was wrong. May be called by any thread; comes back soon, with NULL, once `stop` (which
 * may be NULL) is true. What was read is added to sources->copy, which the caller ends.
 */
struct config *config_load(const struct config_options *options, struct config_seen *out_seen,
                           struct complaints *complaints);
void config_destroy(struct config *config); /* NULL is fine */

/* How many orders bind at `at`, apart from their schedules. */
size_t config_in_force(const struct config *config, struct utc at);

/* One page: how much there is, in force now, by area. */
void config_summarise(const struct config *config, struct utc now, FILE *out);

#endif
