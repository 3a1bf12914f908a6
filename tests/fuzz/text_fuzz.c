/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text, as every small thing that is written in a file: time, quantity, place, schedule, door.
 */
#include "adapter/conf/units.h"
#include "adapter/endpoint.h"
#include "adapter/redis_target.h"
#include "core/index.h"
#include "core/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

static void try_time(const char *text)
{
    struct utc at = { 7 }, again = { 7 };
    char printed[UTC_TEXT_MAX];

    if (!utc_parse(text, &at)) {
        promise(at.ms == 7);
        return;
    }
    utc_print(at, printed);
    // A day of offset may carry it out of the years that are read.
    if (at.ms >= 0 && at.ms < UTC_END.ms)
        promise(utc_parse(printed, &again) && again.ms == at.ms);
}

static void try_quantities(const char *text)
{
    for (int kind = UNIT_COUNT; kind <= UNIT_SIZE; kind++) {
        double value = -1;
        struct fault why = { .text = "" };
        bool ok = unit_parse((enum unit_kind)kind, text, 1, 1e12, &value, &why);

        promise(ok ? value >= 1 && value <= 1e12 : value == -1 && why.text[0] != '\0');
    }
}

static void try_place(const char *text)
{
    struct lonlat at = { 7, 7 };
    struct fault why = { .text = "" };

    if (latlon_parse(text, &at, &why))
        promise(lonlat_valid(at));
    else
        promise(at.lon == 7 && why.text[0] != '\0');
}

static void try_schedule(const char *text)
{
    static const struct civil civil = {
        .n = 3,
        .change = { { UTC_ALWAYS, 0 }, { { 1585443600000 }, 3600 }, { { 1603587600000 }, 0 } }
    };
    struct schedule schedule = { .n = 99 };
    struct fault why = { .text = "" };
    struct utc at = { 1585400000000 };

    if (!schedule_parse(text, &schedule, &why)) {
        promise(schedule.n == 99 && why.text[0] != '\0');
        return;
    }
    promise(schedule.n >= 1 && schedule.n <= SCHEDULE_WINDOWS_MAX);
    // Nothing changes before the instant that is told.
    for (int i = 0; i < 4; i++) {
        struct utc next = schedule_next(&schedule, &civil, at);
        bool open = schedule_open(&schedule, &civil, at);

        promise(next.ms > at.ms);
        if (next.ms == UTC_NEVER.ms)
            return;
        promise(schedule_open(&schedule, &civil, (struct utc){ next.ms - 1 }) == open);
        at = next;
    }
}

static void try_endpoints(const char *text)
{
    struct endpoint door = { .length = 0 };
    struct redis_target target = { .port = -1 };
    struct fault why = { .text = "" };

    if (endpoint_parse(text, "/etc/breachd", &door, &why))
        promise(door.length > 0 && door.length <= sizeof door.address);
    else
        promise(door.length == 0 && why.text[0] != '\0');
    if (redis_target_parse(text, "/etc/breachd", &target, &why)) {
        promise(target.path[0] != '\0' || (target.host[0] != '\0' && target.port >= 1));
        promise(target.port <= 65535 && target.db >= 0);
    } else {
        promise(target.port == -1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *text = as_text(bytes, n);

    try_time(text);
    try_quantities(text);
    try_place(text);
    try_schedule(text);
    try_endpoints(text);
    promise(!name_valid(text) || strlen(text) <= NAME_MAX_CHARS);
    free(text);
    return 0;
}
