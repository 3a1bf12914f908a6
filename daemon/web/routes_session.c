/* SPDX-License-Identifier: Apache-2.0 */
/* routes_session.c - who comes in and goes, and what the page is told of it. */
#include "adapter/clock.h"
#include "adapter/log.h"
#include "web/cookie.h"
#include "web/json_line.h"
#include "web/routes_parts.h"

#include <stdlib.h>
#include <string.h>

enum { LOGIN_RETRY_S = 1, LOCKED_RETRY_S = 10 };

/* One whose password is tried. */
struct login {
    struct web *web;
    struct http_exchange *exchange;
    char name[NAME_MAX_CHARS + 1]; // "-": no name at all
    struct scrypt tried;
};

void route_tell_me(const struct asked *asked)
{
    const struct web_settings *settings = &asked->web->settings;
    const struct session *session = asked->session;
    const char *tiles_why;
    bool tiles = page_tiles(asked->web->page, &tiles_why) != NULL;

    answer_text(
        asked->exchange, 200,
        json_line_print(json_pack(
            "{s:s,s:s,s:s,s:s,s:s,s:b,s:b,s:s,s:s,s:I}", "name", session->user.name, "role",
            user_role_name(session->user.role), "csrf", session->csrf, "site",
            board_site(asked->web->board), "timezone", settings->timezone, "sound",
            (int)settings->sound, "tiles", (int)tiles, "tiles_why", tiles_why, "version",
            BREACHD_VERSION, "absolute",
            (json_int_t)((settings->absolute_ms - (clock_tick().ms - session->begun.ms)) / 1000))));
}

static void audit(struct web *web, const struct http_exchange *exchange, const char *what,
                  const char *who)
{
    record_audit(web->record, what, who, http_address(exchange), "", clock_utc());
}

/* ---- in ---- */

/* The answer takes its time, and ends the connection. */
static void refuse_locked(struct http_exchange *exchange)
{
    http_slow_down(exchange);
    http_retry_after(exchange, LOCKED_RETRY_S);
    answer_why(exchange, 429, "too many log-ins failed from there");
}

static void refuse(struct login *login)
{
    struct web *web = login->web;
    uint64_t from = http_address_key(login->exchange);

    audit(web, login->exchange, "login-refused", login->name);
    if (login_guard_failed(&web->login_guard, from, login->name, clock_tick()))
        refuse_locked(login->exchange);
    else
        answer_why(login->exchange, 401, "name or password is wrong");
}

/* The file may have been written anew meanwhile: who is there now, with that password. */
static void on_hashed(bool matches, void *arg)
{
    struct login *login = arg;
    struct asked asked = { .web = login->web, .exchange = login->exchange };
    const struct user *user = users_find(login->web->users, login->name);

    if (!matches || user == NULL || !user->has_password ||
        memcmp(&user->password, &login->tried, sizeof login->tried) != 0) {
        refuse(login);
    } else if ((asked.session = who_begins(asked.web, asked.exchange, user)) == NULL) {
        answer_why(asked.exchange, 503, "too many are logged in");
    } else {
        audit(asked.web, asked.exchange, "login", user->name);
        route_tell_me(&asked);
    }
    explicit_bzero(login, sizeof *login);
    free(login);
}

/* Whoever is not there, or has no password, is tried all the same: it takes as long. */
static struct login *prepare(const struct asked *asked, const char *name)
{
    const struct user *user = users_find(asked->web->users, name);
    struct login *login = calloc(1, sizeof *login);

    if (login == NULL)
        return NULL;
    login->web = asked->web;
    login->exchange = asked->exchange;
    strcpy(login->name, name_valid(name) ? name : "-");
    login->tried = user != NULL && user->has_password ? user->password : asked->web->nobody;
    return login;
}

static bool has_left(void *arg)
{
    return http_has_left(((const struct login *)arg)->exchange);
}

/* What is not tried is in no audit: a flood would leave nothing else there. */
static void try_password(const struct asked *asked, const char *name, const char *password)
{
    uint64_t from = http_address_key(asked->exchange);
    enum login_chance chance =
        login_guard_chance(&asked->web->login_guard, from, name, clock_tick());
    struct login *login = prepare(asked, name);
    const struct hasher_job job = { .kept = login != NULL ? &login->tried : NULL,
                                    .password = password,
                                    .address = from,
                                    .network = login_guard_network(from),
                                    .late = chance == LOGIN_LATE,
                                    .on_done = on_hashed,
                                    .has_left = has_left,
                                    .arg = login };

    if (login == NULL) {
        answer_why(asked->exchange, 503, FAULT_MEMORY);
    } else if (chance == LOGIN_NONE) {
        free(login);
        refuse_locked(asked->exchange);
    } else if (!hasher_ask(asked->web->hasher, &job)) {
        free(login);
        http_retry_after(asked->exchange, LOGIN_RETRY_S);
        answer_why(asked->exchange, 429, "too many log in at once");
    }
}

/* A form of another page can send no such type. */
static bool is_json(const struct http_exchange *exchange)
{
    const char *type = http_header(exchange, "Content-Type");

    return type != NULL && strncasecmp(type, "application/json", 16) == 0 &&
           strchr("; \t", type[16]) != NULL;
}

void route_login(const struct asked *asked)
{
    const char *name, *password;
    struct fault why;
    size_t n;
    const char *body = http_body(asked->exchange, &n);
    json_t *json = is_json(asked->exchange)
                       ? json_loadb(body != NULL ? body : "", n, JSON_REJECT_DUPLICATES, NULL)
                       : NULL;

    if (who_is_by_proxy(asked->web, asked->exchange))
        answer_why(asked->exchange, 403, "who comes by the proxy logs in there");
    else if (!json_is_object(json))
        answer_why(asked->exchange, 400, "a JSON object is wanted, of type application/json");
    else if (!json_line_text(json, "name", NAME_MAX_CHARS, &name, &why) ||
             !json_line_text(json, "password", SCRYPT_PASSWORD_MAX, &password, &why))
        answer_why(asked->exchange, 400, why.text);
    else
        try_password(asked, name, password);
    json_decref(json);
}

/* ---- out, and who am I ---- */

void route_logout(const struct asked *asked)
{
    char text[COOKIE_TEXT_MAX];

    audit(asked->web, asked->exchange, "logout", asked->session->user.name);
    session_end(asked->session);
    routes_end_streams(asked->web);
    http_add_header(asked->exchange, "Set-Cookie", cookie_print("", asked->web->secure, text));
    http_add_header(asked->exchange, "Clear-Site-Data", "\"cache\"");
    answer_text(asked->exchange, 200, json_line_print(json_object()));
}

/* Whom the proxy has let in has a session by asking; not for a link of another site's. */
static void begin_by_proxy(const struct asked *asked, const struct user *user)
{
    struct asked known = *asked;

    if (who_comes_from_elsewhere(asked->exchange)) {
        answer_why(asked->exchange, 403, "Sec-Fetch-Site: another site begins no session");
    } else if (!login_guard_may_begin(&asked->web->login_guard, user->name, clock_tick())) {
        http_retry_after(asked->exchange, LOCKED_RETRY_S);
        answer_why(asked->exchange, 429, "too many sessions are begun by this person");
    } else if ((known.session = who_begins(asked->web, asked->exchange, user)) == NULL) {
        answer_why(asked->exchange, 503, "too many are logged in");
    } else {
        audit(asked->web, asked->exchange, "login", user->name);
        route_tell_me(&known);
    }
}

void route_me(const struct asked *asked)
{
    const struct user *user = who_is_by_proxy(asked->web, asked->exchange)
                                  ? who_proxy_names(asked->web, asked->exchange)
                                  : NULL;

    if (asked->session != NULL)
        route_tell_me(asked);
    else if (user != NULL)
        begin_by_proxy(asked, user);
    else
        answer_why(asked->exchange, 401, "not logged in");
}
