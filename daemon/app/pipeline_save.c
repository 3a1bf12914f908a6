/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_save.h"

#include "app/pipeline_parts.h"
#include "app/pipeline_put.h"
#include "app/pipeline_state.h"

#include <math.h>

enum { SAVE_ROUND_S = 60, SAVE_TURN = 200 /* respondents in one turn of the loop */ };

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

/* False when the ledger takes no more of anybody. */
static bool save(struct pipeline *pipeline, size_t nth)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    const struct track *track = roster_track(pipeline->roster, nth);
    struct utc saved = roster_saved(pipeline->roster, nth), now = pipeline_now(pipeline);

    if (!roster_is_loaded(pipeline->roster, nth))
        return true; // new rules have not come to him yet
    for (size_t i = 0; i < who->n_devices; i++) {
        if (!is_to_save(pipeline, who, track->devices[i], saved, now))
            continue;
        if (ledger_full(pipeline->ledger))
            return false;
        if (!pipeline_put_device(pipeline, who->devices[i], track->devices[i]))
            unjudged_note(pipeline, nth, i, UNJUDGED_SAVED);
    }
    roster_set_saved(pipeline->roster, nth, now);
    return true;
}

/* Of those who are owed a look, as many as a turn has time for; `most` of them. */
static void save_some(struct pipeline *pipeline, size_t most)
{
    size_t n = rulebook_counts(pipeline->config->rules).respondents;

    for (size_t i = 0; i < most && pipeline->save_owed > 0 && pipeline->closed == NULL; i++) {
        pipeline->save_next %= n; // a reload may have left fewer
        // A saved position is no evidence and nobody waits for it: what does not fit comes a minute
        // later.
        if (!save(pipeline, pipeline->save_next)) {
            pipeline->save_owed = 0;
            return;
        }
        pipeline->save_next++;
        pipeline->save_owed--;
        pipeline->stats->save_scans++;
    }
}

void pipeline_save(struct pipeline *pipeline)
{
    size_t n = rulebook_counts(pipeline->config->rules).respondents;

    pipeline->save_owed += (n + SAVE_ROUND_S - 1) / SAVE_ROUND_S;
    if (pipeline->save_owed > n)
        pipeline->save_owed = n;
    pipeline_save_more(pipeline);
}

void pipeline_save_more(struct pipeline *pipeline)
{
    save_some(pipeline, SAVE_TURN);
    if (pipeline->save_owed > 0 && pipeline->closed == NULL && pipeline->on_behind != NULL)
        pipeline->on_behind(pipeline->on_behind_arg);
}

void pipeline_save_all(struct pipeline *pipeline)
{
    size_t n = rulebook_counts(pipeline->config->rules).respondents;

    pipeline->save_owed = n;
    save_some(pipeline, n); // everybody at once: the doors are shut, and nobody waits any more
}
