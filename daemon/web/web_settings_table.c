/* SPDX-License-Identifier: Apache-2.0 */
/* web_settings_table.c - the keys of web.conf, and how each value is read. */
#include "adapter/conf/units.h"
#include "web/web_settings_parts.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define AT(member) offsetof(struct web_settings, member)
#define SECOND     1000.0
#define HOUR       (3600 * SECOND)

const struct web_key web_keys[] = {
    { "web", "listen", "127.0.0.1:8760", WEB_LISTEN, AT(listen), 0, 0 },
    { "web", "tls-certificate", "", WEB_PATH, AT(tls_certificate), 0, 0 },
    { "web", "tls-key", "", WEB_PATH, AT(tls_key), 0, 0 },
    { "web", "page", "/usr/share/breachd/web", WEB_PATH, AT(page), 0, 0 },
    { "web", "tiles", "", WEB_PATH, AT(tiles), 0, 0 },
    { "web", "users", "web/users", WEB_PATH, AT(users), 0, 0 },
    { "web", "idle", "15m", WEB_DURATION, AT(idle_ms), SECOND, 24 * HOUR },
    { "web", "absolute", "12h", WEB_DURATION, AT(absolute_ms), SECOND, 7 * 24 * HOUR },
    { "web", "proxy", "", WEB_ADDRESS, AT(proxy), 0, 0 },
    { "web", "proxy-header", "", WEB_HEADER, AT(proxy_header), 0, 0 },
    { "web", "origin", "", WEB_ORIGIN, AT(origin), 0, 0 },
    { "web", "timezone", "Europe/London", WEB_ZONE, AT(timezone), 0, 0 },
    { "web", "sound", "on", WEB_ON, AT(sound), 0, 0 },
    { "web", "max-events", "1000", WEB_COUNT, AT(max_events), 1, 20000 },
    { "web", "max-per-address", "256", WEB_COUNT, AT(max_per_address), 1, 100000 },
    { "redis", "url", "redis://127.0.0.1:6379", WEB_REDIS, AT(redis), 0, 0 },
    { "redis", "password-file", "", WEB_PATH, AT(redis_password_file), 0, 0 },
    { "redis", "prefix", "breachd", WEB_NAME, AT(prefix), 0, 0 },
    { "redis", "tls-ca", "", WEB_PATH, AT(redis_ca), 0, 0 },
    { "door", "url", "unix:/run/breachd/http.sock", WEB_DOOR, AT(door), 0, 0 },
    { "door", "token-file", "", WEB_PATH, AT(token_file), 0, 0 },
    { "door", "tls-ca", "", WEB_PATH, AT(door_ca), 0, 0 },
};
const size_t web_keys_n = sizeof web_keys / sizeof *web_keys;
_Static_assert(sizeof web_keys / sizeof *web_keys <= WEB_KEYS_MAX, "a line for each key");

/* Only what may be left out may be empty. */
static bool set_path(const struct web_key *key, const char *text, const char *folder, char *out,
                     struct fault *why)
{
    int n = text[0] == '/' || text[0] == '\0' ? snprintf(out, WEB_PATH_MAX, "%s", text)
                                              : snprintf(out, WEB_PATH_MAX, "%s/%s", folder, text);

    if (text[0] == '\0' && key->standard[0] != '\0')
        return fault_set(why, "must not be empty");
    return n < WEB_PATH_MAX || fault_set(why, "longer than %d characters", WEB_PATH_MAX - 1);
}

static bool set_number(const struct web_key *key, const char *text, int64_t *out, struct fault *why)
{
    enum unit_kind kind = key->kind == WEB_DURATION ? UNIT_DURATION : UNIT_COUNT;
    double value;

    if (!unit_parse(kind, text, key->low, key->high, &value, why))
        return false;
    *out = (int64_t)value;
    return true;
}

static bool set_name(const char *text, char *out, struct fault *why)
{
    if (!name_valid(text))
        return fault_set(why, "\"%.80s\" is not 1..%d letters, digits, - _ .", text,
                         NAME_MAX_CHARS);
    strcpy(out, text); // name_valid has measured it
    return true;
}

static bool set_on(const char *text, bool *out, struct fault *why)
{
    *out = strcmp(text, "on") == 0;
    return *out || strcmp(text, "off") == 0 ||
           fault_set(why, "\"%.80s\" is neither off nor on", text);
}

/* As the addresses of senders are written, so that the two can be compared. */
static bool set_address(const char *text, char *out, struct fault *why)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    int family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;

    if (text[0] == '\0' || strcmp(text, "unix") == 0)
        return snprintf(out, WEB_TEXT_MAX, "%s", text) >= 0;
    if (inet_pton(family, text, bytes) != 1)
        return fault_set(why, "\"%.80s\" is no IP address, nor unix", text);
    return inet_ntop(family, bytes, out, WEB_TEXT_MAX) != NULL;
}

static bool set_header(const char *text, char *out, struct fault *why)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";

    if (strlen(text) >= WEB_TEXT_MAX || text[strspn(text, letters)] != '\0')
        return fault_set(why, "\"%.80s\" is no name of a header: letters, digits, -", text);
    strcpy(out, text);
    return true;
}

/* Nothing stands behind the host: not even a slash (RFC 6454, 6.2). */
static bool set_origin(const char *text, char *out, struct fault *why)
{
    struct http_target target;

    if (text[0] != '\0' && (strncmp(text, "unix:", 5) == 0 || strlen(text) >= WEB_TEXT_MAX ||
                            !http_target_parse(text, "", &target, why)))
        return fault_set(why, "\"%.80s\" is not like https://breachd.example", text);
    strcpy(out, text);
    return true;
}

bool web_value_set(const struct web_key *key, const char *text, const char *folder, void *at,
                   struct fault *why)
{
    switch (key->kind) {
    case WEB_PATH:
        return set_path(key, text, folder, at, why);
    case WEB_DURATION:
    case WEB_COUNT:
        return set_number(key, text, at, why);
    case WEB_NAME:
        return set_name(text, at, why);
    case WEB_ZONE:
        if (strlen(text) > NAME_MAX_CHARS)
            return fault_set(why, "longer than %d characters", NAME_MAX_CHARS);
        strcpy(at, text);
        return true;
    case WEB_ON:
        return set_on(text, at, why);
    case WEB_ADDRESS:
        return set_address(text, at, why);
    case WEB_HEADER:
        return set_header(text, at, why);
    case WEB_ORIGIN:
        return set_origin(text, at, why);
    case WEB_REDIS:
        return redis_target_parse(text, folder, at, why);
    case WEB_DOOR:
        return http_target_parse(text, folder, at, why);
    case WEB_LISTEN: // may be wrong in several places: take_listen
        break;
    }
    return false;
}
