/* SPDX-License-Identifier: Apache-2.0 */
/* handover_sections.c - which incident is told under which heading. */
#include "ctl/handover.h"

#include <time.h>

/* ---- what stands where: the first section that has it ---- */

static bool is_untaken(const struct logged_incident *one, struct utc since)
{
    (void)since;
    return !logged_is_of_device(one) && !logged_is_shelved(one) && logged_is_untaken(one);
}

static bool goes_on(const struct logged_incident *one, struct utc since)
{
    (void)since;
    return !logged_is_of_device(one) && !logged_is_shelved(one) && one->open;
}

/* Silent, without a fix, tampered with, low, a wrong clock: somebody is needed, or has it. */
static bool is_device(const struct logged_incident *one, struct utc since)
{
    (void)since;
    return logged_is_of_device(one) && !logged_is_shelved(one) && one->needed;
}

static bool is_shelved(const struct logged_incident *one, struct utc since)
{
    (void)since;
    return logged_is_shelved(one);
}

static bool is_over(const struct logged_incident *one, struct utc since)
{
    return utc_later(one->ended, one->closed).ms >= since.ms && (!one->open || one->closed.ms != 0);
}

static const struct section {
    const char *name, *title;
    bool (*has)(const struct logged_incident *one, struct utc since);
} sections[] = {
    { "untaken", "Nobody has it", is_untaken },
    { "going_on", "Goes on, and somebody has it", goes_on },
    { "devices", "Devices: silent, tampered with, or in doubt", is_device },
    { "shelved", "Shelved", is_shelved },
    { "over", "Over since then", is_over },
};
_Static_assert(sizeof sections / sizeof *sections == HANDOVER_SECTIONS, "a row for each section");

const char *handover_title(size_t section)
{
    return sections[section].title;
}

const char *handover_name(size_t section)
{
    return sections[section].name;
}

bool handover_has(const struct handover *handover, size_t section,
                  const struct logged_incident *one)
{
    if (one->alerts == 0)
        return false;
    for (size_t i = 0; i < HANDOVER_SECTIONS; i++) {
        if (sections[i].has(one, handover->load.since))
            return i == section;
    }
    return false;
}

const char *handover_time(struct utc at, char out[LINE_TIME_MAX])
{
    time_t seconds = (time_t)(at.ms / 1000);
    struct tm local;

    localtime_r(&seconds, &local);
    strftime(out, LINE_TIME_MAX, "%a %F %H:%M", &local);
    return out;
}
