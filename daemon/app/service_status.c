/* SPDX-License-Identifier: Apache-2.0 */
/* service_status.c - the one line of status that systemd shows. */
#include "adapter/clock.h"
#include "app/service.h"
#include "app/supervise.h"

void service_say_status(const struct service *service)
{
    if (service->blindness.now)
        supervise_status("blind: %s", service->blindness.why);
    else if (!service->rehearse && clock_skew()->doubt != SKEW_SURE)
        supervise_status("watching; the clock is in doubt");
    else
        supervise_status("watching");
}
