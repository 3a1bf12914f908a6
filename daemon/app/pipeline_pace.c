/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_pace.h"

#include "adapter/clock.h"
#include "adapter/log.h"
#include "app/pipeline_parts.h"
#include "app/sender.h"

/* In the log at most once a minute, in the metrics always; and as a doubt of the device itself. */
static void tell(struct pipeline *pipeline, const struct sender *sender, size_t respondent,
                 size_t device, struct tick now)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, respondent);
    struct known_device *known = roster_is_loaded(pipeline->roster, respondent)
                                     ? roster_track(pipeline->roster, respondent)->devices[device]
                                     : NULL;

    pipeline->stats->held++;
    if (known != NULL && known->held_back == 0) {
        known->held_back = 1;
        // Core was asked nothing: judging again must begin with what is known now.
        roster_record(pipeline->roster, respondent)->current = false;
    }
    if (!log_is_due(&pipeline->throttle_logged, now))
        return;
    log_warning("%s: sends more than %.0f pings a second: what is more is held back, others are "
                "not; more of this is only counted",
                who->devices[device], sender->rate);
}

bool pipeline_throttle(struct pipeline *pipeline, const struct sender *sender,
                       struct pacing *pacing, size_t respondent, size_t device, struct fault *why)
{
    struct rate *rate;
    struct tick now = clock_tick();
    int wait;

    if (sender->rate <= 0)
        return false;
    rate = roster_rate(pipeline->roster, respondent, device, sender->id, sender->rate, now);
    if (rate == NULL) // memory is out: nobody is held back for that
        return false;
    // What is within the rate when a turn begins is taken whole, and paid for afterwards.
    if (rate->asked != pacing->turn) {
        rate->asked = pacing->turn;
        wait = pace_wait(&rate->pace, sender->rate, sender->burst_s, now);
        rate->held = wait > 0;
        pacing->retry_s = wait > pacing->retry_s ? wait : pacing->retry_s;
    }
    pacing->paced++;
    if (!rate->held) {
        pace_charge(&rate->pace, 1);
        return false;
    }
    tell(pipeline, sender, respondent, device, now);
    fault_set(why, "rate: more than %.0f pings a second of this device: send it later",
              sender->rate);
    return true;
}

int pipeline_device_wait(const struct pipeline *pipeline, const struct sender *sender,
                         const char *device)
{
    const struct rate *known = NULL;
    size_t respondent, nth;
    struct pace pace;

    if (rulebook_find_device(pipeline->config->rules, device, &respondent, &nth))
        known = roster_find_rate(pipeline->roster, respondent, nth, sender->id);
    if (known == NULL)
        return 0;
    pace = known->pace;
    return pace_wait(&pace, sender->rate, sender->burst_s, clock_tick());
}

void pipeline_device_refused(struct pipeline *pipeline, const struct sender *sender,
                             const char *device)
{
    size_t respondent, nth;

    if (rulebook_find_device(pipeline->config->rules, device, &respondent, &nth))
        tell(pipeline, sender, respondent, nth, clock_tick());
}
