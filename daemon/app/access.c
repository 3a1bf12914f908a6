/* SPDX-License-Identifier: Apache-2.0 */
#include "app/access.h"

#include "adapter/clock.h"
#include "adapter/http/basic_auth.h"
#include "adapter/log.h"
#include "adapter/query.h"
#include "app/pipeline_pace.h"

#include <string.h>

/* A wrong token: anybody may mistake himself, who does so on and on gets slow answers. */
static int refuse_wrong(struct service *service, struct http_exchange *exchange)
{
    int failures =
        auth_failures_add(&service->auth_failures, http_address_key(exchange), clock_tick());

    if (failures <= AUTH_FAILURES_MAX)
        return 401;
    if (failures == AUTH_FAILURES_MAX + 1)
        log_warning("http: %s: wrong tokens, one after another: slowed down",
                    http_address(exchange));
    http_slow_down(exchange);
    http_retry_after(exchange, AUTH_FAILURE_FORGIVEN_MS / 1000);
    return 429;
}

/* Apps that can set no header have it in their address; nobody else needs it to stand in logs. */
static bool read_query(const struct http_exchange *exchange, struct credentials *out)
{
    static const char *const paths[] = { "/overland", "/osmand", "/" };

    *out = (struct credentials){ 0 };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        if (strcmp(http_path(exchange), paths[i]) == 0)
            return query_value(http_query(exchange), "token", out->secret, sizeof out->secret);
    }
    return false;
}

/* Who sends it, by token or certificate. */
static int identify(struct service *service, struct http_exchange *exchange, struct grant *out)
{
    const struct config *config = service->config;
    const char *header = http_header(exchange, "Authorization");
    bool certified = config->settings.tls_client_ca[0] != '\0' && http_certified(exchange);
    struct credentials credentials;
    bool shown = header != NULL ? credentials_read(header, &credentials)
                                : config->tokens != NULL && read_query(exchange, &credentials);

    if (header == NULL && !shown)
        return certified ? 200 : 401;
    if (config->tokens != NULL && shown) {
        out->token = tokens_find(config->tokens, credentials.secret);
        if (out->token != NULL)
            strcpy(out->user, credentials.user);
        explicit_bzero(&credentials, sizeof credentials);
    }
    if (out->token != NULL)
        return 200;
    // OwnTracks says by Basic only who it is: then the certificate says what it may.
    return certified && header != NULL && basic_auth_is(header) ? 200
                                                                : refuse_wrong(service, exchange);
}

/* Whether who was identified may do that. */
static int permit(const struct grant *grant, enum access_need need)
{
    enum token_kind kind = grant->token != NULL ? grant->token->kind : TOKEN_DEVICES;

    if (need == NEED_ANY)
        return 200;
    if ((kind >= TOKEN_OPERATOR) != (need != NEED_PINGS))
        return 403;
    if ((need == NEED_ROOM && kind < TOKEN_ROOM) || (need == NEED_MAP && kind < TOKEN_MAP))
        return 403;
    // Basic names a device: it must be one of the token's.
    if (need == NEED_PINGS && grant->user[0] != '\0' && !token_covers(grant->token, grant->user))
        return 403;
    return 200;
}

static bool covers(const char *device, void *arg)
{
    const struct grant *grant = arg;

    if (grant->token == NULL)
        return http_certified_for(grant->exchange, device);
    return token_covers(grant->token, device) &&
           (grant->user[0] == '\0' || strcmp(grant->user, device) == 0);
}

/* No address in memory has the highest bit, so that no token has the id of a certificate. */
static uintptr_t certified_id(const struct http_exchange *exchange)
{
    return (uintptr_t)http_certified_key(exchange) | ~(UINTPTR_MAX >> 1);
}

struct sender access_sender(const struct service *service, struct grant *grant)
{
    if (grant->everything)
        return (struct sender){ .covers = sender_covers_all };
    return (struct sender){
        .covers = covers,
        .arg = grant,
        .id = grant->token != NULL ? (uintptr_t)grant->token : certified_id(grant->exchange),
        .rate = (double)service->config->settings.rate,
        .burst_s = TOKEN_BURST_S,
        .with_commit = http_is_delayed(grant->exchange),
    };
}

/* Of which one device it alone can be; "": nobody knows before the body is read. */
static const char *device_of(const struct grant *grant)
{
    return grant->user[0] == '\0' && grant->token->n_devices == 1 ? grant->token->devices[0]
                                                                  : grant->user;
}

/*
 * Seconds; 0: none. A device whose every ping would be held back is answered before its body is
 * read, and what is refused of one device, whatever it was, is told as a doubt of it.
 */
static int wait_of(struct service *service, struct grant *grant)
{
    const char *device = device_of(grant);
    struct sender sender = access_sender(service, grant);
    int wait = pace_wait(&grant->token->pace, (double)service->config->settings.rate, TOKEN_BURST_S,
                         clock_tick());

    if (wait == 0 && device[0] != '\0')
        wait = pipeline_device_wait(service->pipeline, &sender, device);
    if (wait > 0 && device[0] != '\0')
        pipeline_device_refused(service->pipeline, &sender, device);
    return wait;
}

static int check(struct service *service, struct http_exchange *exchange, enum access_need need,
                 struct grant *out)
{
    int code = identify(service, exchange, out), wait;

    if (code == 200)
        code = permit(out, need);
    if (code == 401)
        http_add_header(exchange, "WWW-Authenticate", "Bearer, Basic realm=\"breachd\"");
    if (code != 200 || out->token == NULL)
        return code;
    wait = wait_of(service, out);
    if (wait == 0)
        return 200;
    http_retry_after(exchange, wait);
    return 429;
}

int access_grant(struct service *service, struct http_exchange *exchange, enum access_need need,
                 struct grant *out)
{
    *out = (struct grant){ .exchange = exchange, .bytes = http_length(exchange) };
    if (service->config->tokens == NULL && (need == NEED_ROOM || need == NEED_MAP))
        return 403;
    out->everything = need == NEED_NOTHING || (service->config->tokens == NULL &&
                                               service->config->settings.tls_client_ca[0] == '\0');
    return out->everything ? 200 : check(service, exchange, need, out);
}

bool access_of_devices(const struct grant *grant)
{
    return !grant->everything && (grant->token == NULL || grant->token->kind == TOKEN_DEVICES);
}

void access_charge(const struct grant *grant)
{
    size_t messages = grant->cost.messages, room = grant->bytes / ACCESS_PING_BYTES;

    if (grant->token == NULL)
        return;
    // A device pays for its pings itself, so that one of a gateway does not use up the others'.
    pace_charge(&grant->token->pace, messages > 0 ? (double)(messages - grant->cost.paced) : 1);
    // What is longer than its pings need costs as much to read as the pings that it could have
    // been.
    if (room > messages)
        pace_charge(&grant->token->pace, (double)(room - messages));
}
