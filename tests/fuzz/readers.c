/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/readers.h"

#include <math.h>

#include "fuzz/fuzz.h"

static void take(const struct ping *ping, size_t index, const char *why, void *arg)
{
    size_t *expected = arg;

    promise(index == (*expected)++);
    promise(why == NULL || (why[0] != '\0' && is_utf8(why)));
    // Of what is refused the device alone counts.
    promise(ping == NULL || (why != NULL && ping->device[0] == '\0') || name_valid(ping->device));
    if (ping == NULL || why != NULL)
        return;
    promise(name_valid(ping->device));
    promise(lonlat_valid(ping->at) || (ping->no_fix && isnan(ping->at.lat) && isnan(ping->at.lon)));
    promise(ping->time.ms >= 0 && ping->time.ms < UTC_END.ms);
    promise(isnan(ping->accuracy) || (ping->accuracy > 0 && ping->accuracy <= PING_ACCURACY_MAX));
    promise(isnan(ping->speed) || (ping->speed >= 0 && ping->speed <= PING_SPEED_MAX));
    promise(isnan(ping->course) || (ping->course >= 0 && ping->course <= 360));
    promise(isnan(ping->battery) || (ping->battery >= 0 && ping->battery <= 100));
}

static bool known(const char *device, void *arg)
{
    (void)arg;
    promise(name_valid(device));
    return device[0] == 't';
}

void readers_try(ping_reader *reader, const uint8_t *bytes, size_t n)
{
    struct ping_body bodies[] = { { .names = { NULL } },
                                  { .names = { "jane doe", "tag-1" }, .known = known },
                                  { .topic = "owntracks/jane/tag-1", .known = known } };

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct fault why = { .text = "" };
        size_t taken = 0;

        bodies[i].bytes = n > 0 ? (const char *)bytes : "";
        bodies[i].n = n;
        if (!reader(&bodies[i], take, &taken, &why))
            promise(taken == 0 && why.text[0] != '\0' && is_utf8(why.text));
    }
}
