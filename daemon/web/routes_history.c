/* SPDX-License-Identifier: Apache-2.0 */
/*
 * routes_history.c - what happened, and is in no list any more: asked of breachd's door, which
 * tells no place of it.
 */
#include "adapter/query.h"
#include "core/instant.h"
#include "web/ack_request.h"
#include "web/routes_parts.h"

#include <stdio.h>
#include <string.h>

enum { STATE_MAX = 8, CURSOR_MAX = 24 };

bool routes_incident(const char *path, const char *end, char out[ACK_REQUEST_INCIDENT_MAX + 1])
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./%";
    char query[3 * ACK_REQUEST_INCIDENT_MAX + 8];
    size_t n = strlen(path) - strlen("/incidents/") - strlen(end);

    path += strlen("/incidents/");
    if (n + 3 > sizeof query || strspn(path, letters) < n)
        return false;
    snprintf(query, sizeof query, "i=%.*s", (int)n, path);
    return query_value(query, "i", out, ACK_REQUEST_INCIDENT_MAX + 1) &&
           ack_request_incident_valid(out);
}

/* Of a query, what breachd would understand, and nothing else of it. */
struct asked_of {
    char state[STATE_MAX], since[UTC_TEXT_MAX], after[CURSOR_MAX];
};

/* False where it is there, and is none. */
static bool take(const char *query, const char *key, char *out, size_t room)
{
    char begin[16];

    snprintf(begin, sizeof begin, "%s=", key);
    return query_value(query, key, out, room) || strstr(query, begin) == NULL;
}

static bool read_state(const char *query, char out[STATE_MAX])
{
    return take(query, "state", out, STATE_MAX) &&
           (out[0] == '\0' || strcmp(out, "open") == 0 || strcmp(out, "todo") == 0 ||
            strcmp(out, "all") == 0);
}

static bool read_since(const char *query, char out[UTC_TEXT_MAX])
{
    char text[UTC_TEXT_MAX + 8];
    struct utc at;

    out[0] = '\0';
    if (!take(query, "since", text, sizeof text))
        return false;
    if (text[0] == '\0')
        return true;
    if (!utc_parse(text, &at))
        return false;
    utc_print(at, out); // as UTC, which has no + to encode
    return true;
}

/* Each pair is one of these; false else, and what is not understood is not passed over. */
static bool names_are_known(const char *query, struct fault *why)
{
    static const char *const names[] = { "state", "since", "after" };
    size_t n;

    for (; *query != '\0'; query += n + (query[n] == '&')) {
        size_t length = strcspn(query, "=&");
        bool known = false;

        n = strcspn(query, "&");
        for (size_t i = 0; i < sizeof names / sizeof *names && !known; i++)
            known = length == strlen(names[i]) && strncmp(query, names[i], length) == 0 &&
                    query[length] == '=';
        if (!known)
            return fault_set(why, "%.*s: none of state since after", (int)(n < 40 ? n : 40), query);
    }
    return true;
}

static bool read_query(const char *query, struct asked_of *out, struct fault *why)
{
    if (!names_are_known(query, why))
        return false;
    if (!read_state(query, out->state))
        return fault_set(why, "state: none of open todo all");
    if (!read_since(query, out->since))
        return fault_set(why, "since: no time (2020-06-23T20:00:00Z)");
    if (!take(query, "after", out->after, sizeof out->after) ||
        out->after[strspn(out->after, "0123456789")] != '\0')
        return fault_set(why, "after: no cursor");
    return true;
}

/* Behind `path`, the ones that are given. */
static void write_query(char path[DOOR_PATH_MAX], const struct asked_of *of)
{
    const char *const pairs[][2] = { { "state", of->state },
                                     { "since", of->since },
                                     { "after", of->after } };
    char mark = '?';

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        size_t n = strlen(path);

        if (pairs[i][1][0] == '\0')
            continue;
        snprintf(path + n, DOOR_PATH_MAX - n, "%c%s=%s", mark, pairs[i][0], pairs[i][1]);
        mark = '&';
    }
}

static void ask(const struct asked *asked, char path[DOOR_PATH_MAX])
{
    struct asked_of of;
    struct fault why;

    if (!read_query(http_query(asked->exchange), &of, &why)) {
        answer_why(asked->exchange, 400, why.text);
    } else if (door_has_token(asked)) {
        write_query(path, &of);
        door_ask(asked, path, "Accept: application/json\r\n", false);
    }
}

void route_incidents(const struct asked *asked)
{
    char path[DOOR_PATH_MAX] = "/v1/incidents";

    ask(asked, path);
}

void route_incident(const struct asked *asked)
{
    char incident[ACK_REQUEST_INCIDENT_MAX + 1], path[DOOR_PATH_MAX];

    if (!routes_incident(http_path(asked->exchange), "", incident)) {
        answer_why(asked->exchange, 404, "no such incident");
        return;
    }
    snprintf(path, sizeof path, "/v1/incidents/%s", incident);
    ask(asked, path);
}
