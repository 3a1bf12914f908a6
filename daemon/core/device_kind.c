/* SPDX-License-Identifier: Apache-2.0 */
#include "core/device_kind.h"

#include "core/radius.h"

#include <string.h>

bool device_glob_valid(const char *text)
{
    char id[NAME_MAX_CHARS + 1];
    size_t n = strlen(text);

    if (n == 0 || n > NAME_MAX_CHARS)
        return false;
    for (size_t i = 0; i <= n; i++)
        id[i] = text[i] == '*' || text[i] == '?' ? '-' : text[i];
    return name_valid(id);
}

/* Of several stars only the last need be tried again: what stood before it has its place. */
bool device_glob_matches(const char *glob, const char *device)
{
    const char *star = NULL, *again = NULL;

    while (*device != '\0') {
        if (*glob == '*') {
            star = glob++;
            again = device;
        } else if (*glob == '?' || *glob == *device) {
            glob++;
            device++;
        } else if (star != NULL) {
            glob = star + 1;
            device = ++again;
        } else {
            return false;
        }
    }
    return glob[strspn(glob, "*")] == '\0';
}

static bool is_of(const struct device_kind *kind, const char *device)
{
    for (size_t i = 0; i < kind->n_match; i++) {
        if (device_glob_matches(kind->match[i], device))
            return true;
    }
    return false;
}

const struct device_kind *device_kind_find(const struct device_kinds *kinds, const char *device)
{
    for (size_t i = 0; kinds != NULL && i < kinds->n; i++) {
        if (is_of(&kinds->of[i], device))
            return &kinds->of[i];
    }
    return NULL;
}

double device_percentile(const struct device_kinds *kinds, const char *device)
{
    const struct device_kind *kind = device_kind_find(kinds, device);

    return kind == NULL || kind->percentile == RADIUS_PERCENTILE ? 0 : kind->percentile;
}
