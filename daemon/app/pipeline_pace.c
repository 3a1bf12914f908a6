/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_pace.c - one device may send only so fast, whoever carries its pings: what is more is
 * held back, and those beside it in a gateway's body, a topic or the stream are not.
 */
#include "adapter/clock.h"
#include "adapter/log.h"
#include "app/pipeline_parts.h"

void pipeline_pace(struct pipeline *pipeline, uintptr_t sender, double rate, double burst_s)
{
    pipeline->sender = sender;
    pipeline->rate = rate;
    pipeline->burst_s = burst_s;
    pipeline->turn++;
    pipeline->hold_s = 0;
    pipeline->paced = 0;
}

size_t pipeline_paced(const struct pipeline *pipeline)
{
    return pipeline->paced;
}

int pipeline_hold_seconds(const struct pipeline *pipeline)
{
    return pipeline->hold_s;
}

/* In the log at most once a minute, in the metrics always; and as a doubt of the device itself. */
static void tell(struct pipeline *pipeline, size_t respondent, size_t device, struct tick now)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, respondent);
    struct known_device *known = roster_seated(pipeline->roster, respondent)
                                     ? roster_track(pipeline->roster, respondent)->devices[device]
                                     : NULL;

    pipeline->stats->held++;
    if (known != NULL && known->held_back == 0) {
        known->held_back = 1;
        // Core was asked nothing: judging again must begin with what is known now.
        roster_record(pipeline->roster, respondent)->current = false;
    }
    if (!log_is_due(&pipeline->hold_told, now))
        return;
    log_warning("%s: sends more than %.0f pings a second: what is more is held back, others are "
                "not; more of this is only counted",
                who->devices[device], pipeline->rate);
}

bool pipeline_hold(struct pipeline *pipeline, size_t respondent, size_t device, struct fault *why)
{
    struct rate *rate;
    struct tick now = clock_tick();
    int wait;

    if (pipeline->rate <= 0)
        return false;
    rate = roster_rate(pipeline->roster, respondent, device, pipeline->sender, pipeline->rate, now);
    // What is within the rate when a body begins is taken whole, and paid for afterwards.
    if (rate->asked != pipeline->turn) {
        rate->asked = pipeline->turn;
        wait = pace_wait(&rate->pace, pipeline->rate, pipeline->burst_s, now);
        rate->held = wait > 0;
        pipeline->hold_s = wait > pipeline->hold_s ? wait : pipeline->hold_s;
    }
    pipeline->paced++;
    if (!rate->held) {
        pace_charge(&rate->pace, 1);
        return false;
    }
    tell(pipeline, respondent, device, now);
    fault_set(why, "rate: more than %.0f pings a second of this device: send it later",
              pipeline->rate);
    return true;
}

int pipeline_device_wait(const struct pipeline *pipeline, uintptr_t sender, const char *device,
                         double rate, double burst_s)
{
    const struct rate *known = NULL;
    size_t respondent, nth;
    struct pace pace;

    if (rulebook_find_device(pipeline->config->rules, device, &respondent, &nth))
        known = roster_find_rate(pipeline->roster, respondent, nth, sender);
    if (known == NULL)
        return 0;
    pace = known->pace;
    return pace_wait(&pace, rate, burst_s, clock_tick());
}
