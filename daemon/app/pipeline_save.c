/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_save.c - a ping far from every zone costs no commit, so where somebody out of every ring
 * was would be lost with the process, and with it a way through a zone that began there. So once a
 * minute the newest position of who could still come to a zone is saved: one row a device, and no
 * trail.
 */
#include "app/pipeline_parts.h"

#include <math.h>

enum { SAVE_ROUND_S = 60 };

/* Whether he could be in one of his zones before a way from here is too long ago to be judged. */
static bool in_reach(const struct respondent *who, const struct known_device *device,
                     const struct detect *detect)
{
    double speed = fmax(detect->reach_speed, device->pace);
    double reach = speed * (double)detect->path_ms / 1000;

    for (size_t i = 0; i < who->n_exclusions; i++) {
        if (zone_distance(who->exclusions[i]->zone, device->newest.at, reach) <= reach)
            return true;
    }
    return false;
}

/* What was near is on disk already. */
static bool is_to_save(const struct pipeline *pipeline, const struct respondent *who,
                       const struct known_device *device, struct utc saved, struct utc now)
{
    const struct detect *detect = pipeline->watch.detect;

    return device->heard && !device->near && device->arrived.ms > saved.ms &&
           now.ms - device->newest.time.ms <= detect->path_ms && in_reach(who, device, detect);
}

/* False when the ledger takes no more. */
static bool save(struct pipeline *pipeline, size_t nth)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    const struct track *track = roster_track(pipeline->roster, nth);
    struct utc saved = roster_saved(pipeline->roster, nth), now = pipeline_now(pipeline);

    if (!roster_seated(pipeline->roster, nth))
        return true; // new rules have not come to him yet
    for (size_t i = 0; i < who->n_devices; i++) {
        if (is_to_save(pipeline, who, track->devices[i], saved, now) &&
            (ledger_full(pipeline->ledger) ||
             !ledger_put_device(pipeline->ledger, who->devices[i], track->devices[i])))
            return false;
    }
    roster_set_saved(pipeline->roster, nth, now);
    return true;
}

static void save_some(struct pipeline *pipeline, size_t some)
{
    size_t n = rulebook_counts(pipeline->config->rules).respondents;

    for (size_t i = 0; i < some && i < n && pipeline->closed == NULL; i++) {
        size_t nth = (pipeline->save_next + i) % n;

        // It is no evidence and nobody waits for it: what does not fit now is saved a minute later.
        if (!save(pipeline, nth))
            return;
    }
    pipeline->save_next = n > 0 ? (pipeline->save_next + some) % n : 0;
}

void pipeline_save(struct pipeline *pipeline)
{
    size_t n = rulebook_counts(pipeline->config->rules).respondents;

    save_some(pipeline, (n + SAVE_ROUND_S - 1) / SAVE_ROUND_S);
}

void pipeline_save_all(struct pipeline *pipeline)
{
    save_some(pipeline, rulebook_counts(pipeline->config->rules).respondents);
}
