/* SPDX-License-Identifier: Apache-2.0 */
/* web_settings.h - web.conf as values, from one table of keys. */
#ifndef WEB_WEB_SETTINGS_H
#define WEB_WEB_SETTINGS_H

#include "adapter/complaints.h"
#include "adapter/conf/listen.h"
#include "adapter/http/http_call.h"
#include "adapter/http/tokens.h"
#include "adapter/password.h"
#include "adapter/redis_target.h"
#include "core/index.h"

enum {
    WEB_PATH_MAX = 1024,
    WEB_KEYS_MAX = 32,
    WEB_TEXT_MAX = 128,
    WEB_BODY_MAX = 16 * 1024,   /* bytes of a request's body */
    WEB_SPARE_CONNECTIONS = 512 /* for who is no stream of events */
};

#define WEB_SETTINGS_FILE "/etc/breachd/web.conf"

struct web_settings {
    char file[WEB_PATH_MAX];
    int lines[WEB_KEYS_MAX]; /* where each key of the table is given; 0: nowhere */

    struct endpoint listen[LISTEN_MAX];
    size_t n_listen;
    char tls_certificate[WEB_PATH_MAX], tls_key[WEB_PATH_MAX];
    char page[WEB_PATH_MAX];  /* the folder that is served */
    char tiles[WEB_PATH_MAX]; /* a file of map tiles; "": none */
    char users[WEB_PATH_MAX];
    int64_t idle_ms, absolute_ms; /* of a session */
    char proxy[WEB_TEXT_MAX];     /* the address whose header is believed; "": nobody's */
    char proxy_header[WEB_TEXT_MAX];
    char origin[WEB_TEXT_MAX]; /* as browsers call us; "": by what they ask */
    char timezone[NAME_MAX_CHARS + 1];
    bool sound;
    int64_t max_events, max_per_address;

    struct redis_target redis;
    char redis_password_file[WEB_PATH_MAX], redis_ca[WEB_PATH_MAX];
    char redis_password[PASSWORD_MAX]; /* never logged */
    char prefix[NAME_MAX_CHARS + 1];

    struct http_target door;
    char token_file[WEB_PATH_MAX], door_ca[WEB_PATH_MAX];
    char token[PASSWORD_MAX]; /* never logged; "": no map is asked for */
};

/*
 * Reads the file at `path`. What is wrong is complained of, with file and line; then *out is no
 * use, and complaints->errors has risen. Keys and defaults: web.conf(5).
 */
void web_settings_load(const char *path, struct web_settings *out, struct complaints *complaints);

void web_settings_wipe(struct web_settings *settings); /* of its secrets */

/* By TLS, ours or a proxy's: cookies go by nothing else then. */
bool web_settings_is_secure(const struct web_settings *settings);

#endif
