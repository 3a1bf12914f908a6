/* SPDX-License-Identifier: Apache-2.0 */
/* settings.h - breachd.conf as values, from one table of keys. */
#ifndef ADAPTER_SETTINGS_H
#define ADAPTER_SETTINGS_H

#include "adapter/complaints.h"
#include "adapter/endpoint.h"
#include "core/index.h"
#include "core/watch.h"

enum { SETTINGS_PATH_MAX = 1024, SETTINGS_LISTEN_MAX = 8, SETTINGS_SECRET_MAX = 512 };

struct settings {
    char file[SETTINGS_PATH_MAX];

    char site[NAME_MAX_CHARS + 1];
    struct lonlat_box region;
    char timezone[NAME_MAX_CHARS + 1];
    int timezone_line; /* where it stands, for a complaint; 0: nowhere */
    char orders[SETTINGS_PATH_MAX];

    char ledger[SETTINGS_PATH_MAX];

    struct endpoint listen[SETTINGS_LISTEN_MAX];
    size_t n_listen;
    int listen_line;
    char tls_certificate[SETTINGS_PATH_MAX], tls_key[SETTINGS_PATH_MAX];
    char tls_client_ca[SETTINGS_PATH_MAX];
    int tls_line; /* of tls-certificate */
    char tokens[SETTINGS_PATH_MAX];
    struct http_limits limits;
    int64_t rate; /* pings a second and token; 0: any number */

    struct redis_target redis;
    char redis_ca[SETTINGS_PATH_MAX]; /* empty: the system's */
    char redis_certificate[SETTINGS_PATH_MAX], redis_key[SETTINGS_PATH_MAX];
    int redis_line; /* of url */
    char password_file[SETTINGS_PATH_MAX];
    char password[SETTINGS_SECRET_MAX]; /* its first line; never logged */
    char prefix[NAME_MAX_CHARS + 1];
    int64_t alerts_keep; /* entries */
    int64_t heartbeat_ms;

    struct detect detect;
    int64_t ping_interval_ms; /* the tags' usual one */
};

/*
 * Reads the file at `path`. What is wrong is complained of, with file and line; then *out is no
 * use, and complaints->errors has risen. Keys and defaults: breachd.conf(5).
 */
void settings_load(const char *path, struct settings *out, struct complaints *complaints);

/* The key that cannot change while breachd runs and yet differs, as "[site] name"; or NULL. */
const char *settings_fixed_key(const struct settings *running, const struct settings *fresh);

#endif
