/* SPDX-License-Identifier: Apache-2.0 */
/* service_status.c - the one line of status that systemd shows. */
#include "adapter/clock.h"
#include "app/service.h"
#include "app/supervise.h"
#include "core/plural.h"

static const char *doubt(const struct service *service)
{
    return !service->rehearse && clock_skew()->doubt != SKEW_SURE ? "; the clock is in doubt" : "";
}

void service_say_status(const struct service *service)
{
    const struct refusal *refusal = &service->result.refusal;

    if (service->blindness.now)
        supervise_status("blind: %s", service->blindness.why);
    else if (refusal->complaints > 0)
        supervise_status("watching%s; reload refused, %zu complaint%s, %s: %s", doubt(service),
                         refusal->complaints, plural(refusal->complaints), refusal->stays,
                         refusal->first);
    else
        supervise_status("watching%s", doubt(service));
}
