/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/query.h"

#include <event2/http.h>
#include <stdlib.h>
#include <string.h>

/* What stands behind KEY= in one part of a query; NULL: another key does. */
static const char *value_of(const char *part, const char *key)
{
    size_t n = strlen(key);

    return strncmp(part, key, n) == 0 && part[n] == '=' ? part + n + 1 : NULL;
}

static bool decode(const char *from, size_t n, char *out, size_t room)
{
    char *part = strndup(from, n), *decoded;
    size_t length = 0;
    bool ok;

    decoded = part != NULL ? evhttp_uridecode(part, 1, &length) : NULL;
    ok = decoded != NULL && length > 0 && length < room && strlen(decoded) == length;
    if (ok)
        memcpy(out, decoded, length + 1);
    if (decoded != NULL) // it may be a secret
        explicit_bzero(decoded, length);
    if (part != NULL)
        explicit_bzero(part, n);
    free(decoded);
    free(part);
    return ok;
}

bool query_value(const char *query, const char *key, char *out, size_t room)
{
    const char *value = NULL;

    out[0] = '\0';
    for (const char *part = query; part != NULL && *part != '\0';) {
        const char *found = value_of(part, key), *end = strchr(part, '&');

        if (found != NULL && value != NULL)
            return false; // which one is meant?
        if (found != NULL)
            value = found;
        part = end != NULL ? end + 1 : NULL;
    }
    return value != NULL && decode(value, strcspn(value, "&"), out, room);
}
