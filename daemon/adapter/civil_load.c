/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/civil_load.h"

#include "adapter/textfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const int64_t first_second = 946684800, last_second = 4102444800; // 2000 to 2100

enum { TZFILE_MAX = 1024 * 1024 }; // they have some 4 KiB

/* No law keeps a change of clocks for less than this. */
static const int64_t step_seconds = 5 * 86400;

static int32_t offset_at(int64_t second)
{
    time_t at = (time_t)second;
    struct tm tm = { 0 };

    localtime_r(&at, &tm);
    return (int32_t)tm.tm_gmtoff;
}

/* The first second in low..high with the offset of `high`. */
static int64_t find_change(int64_t low, int64_t high)
{
    int32_t after = offset_at(high);

    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;

        if (offset_at(middle) == after)
            high = middle;
        else
            low = middle;
    }
    return high;
}

static bool list_changes(struct civil *civil)
{
    int32_t before = offset_at(first_second), offset;

    civil->n = 1;
    civil->change[0] = (struct civil_change){ UTC_ALWAYS, before };
    for (int64_t at = first_second; at < last_second; at += step_seconds, before = offset) {
        offset = offset_at(at + step_seconds);
        if (offset == before)
            continue;
        if (civil->n == CIVIL_CHANGES_MAX)
            return false;
        civil->change[civil->n++] =
            (struct civil_change){ { find_change(at, at + step_seconds) * 1000 }, offset };
    }
    return true;
}

/*
 * libc takes any name for UTC that it does not know: so the file must
 * be there, and be one of tzfile(5).
 */
static bool zone_exists(const char *name)
{
    char path[256], magic[4] = "";
    struct fault why;
    FILE *file;

    if (name[0] == '/' || name[0] == '\0' || strstr(name, "..") != NULL)
        return false;
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    file = textfile_open(path, TZFILE_MAX, &why);
    if (file == NULL)
        return false;
    if (fread(magic, 1, sizeof magic, file) != sizeof magic)
        magic[0] = '\0';
    fclose(file);
    return memcmp(magic, "TZif", sizeof magic) == 0;
}

bool civil_load(const char *name, struct civil *out, struct fault *why)
{
    const char *had = getenv("TZ");
    char *before = had ? strdup(had) : NULL;
    bool ok;

    if (!zone_exists(name)) {
        free(before);
        return fault_set(why, "\"%.60s\" is no time zone of /usr/share/zoneinfo", name);
    }
    setenv("TZ", name, 1);
    tzset();
    ok = list_changes(out) || fault_set(why, "%.60s changes its clocks too often", name);
    if (before != NULL)
        setenv("TZ", before, 1);
    else
        unsetenv("TZ");
    tzset();
    free(before);
    return ok;
}
