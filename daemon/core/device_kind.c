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

enum device_clock device_clock(const struct device_kinds *kinds, const char *device)
{
    const struct device_kind *kind = device_kind_find(kinds, device);

    return kind == NULL ? CLOCK_JUDGED : kind->clock;
}

int64_t device_ping_interval(const struct device_kinds *kinds, const char *device, int64_t usual)
{
    const struct device_kind *kind = device_kind_find(kinds, device);

    return kind == NULL || kind->ping_interval_ms == 0 ? usual : kind->ping_interval_ms;
}

const struct detect *device_detect(const struct device_kinds *kinds, const char *device,
                                   const struct detect *usual, struct detect *room)
{
    const struct device_kind *kind = device_kind_find(kinds, device);

    if (kind == NULL)
        return usual;
    *room = *usual;
    if (kind->unknown_accuracy != 0)
        room->unknown_accuracy = kind->unknown_accuracy;
    if (kind->silent_ms != 0)
        room->silent_ms = kind->silent_ms;
    if (kind->has_no_fix)
        room->no_fix_ms = kind->no_fix_ms;
    room->clock = kind->clock;
    return room;
}
