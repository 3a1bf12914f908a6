/* SPDX-License-Identifier: Apache-2.0 */
/* service_ledger.c - what the ledger has to say, and whom that concerns. */
#include "adapter/clock.h"
#include "adapter/log.h"
#include "app/pipeline_acks_apply.h"
#include "app/pipeline_time.h"
#include "app/reload.h"
#include "app/service.h"

static void on_alerts(const struct row *alerts, void *arg)
{
    struct service *service = arg;

    if (service->publisher != NULL)
        publisher_offer(service->publisher, alerts);
    service_note_lag(service);
}

static void on_fetched(const struct fetch *asked, bool ok, const struct row *alerts, void *arg)
{
    struct service *service = arg;

    if (service->publisher != NULL)
        publisher_fetched(service->publisher, asked, ok, alerts);
}

void service_on_behind(void *arg)
{
    struct service *service = arg;
    struct timeval at_once = { 0, 0 };

    if (service->rest != NULL)
        event_add(service->rest, &at_once);
}

/* Only now an alert is one: it is counted and logged. */
static void on_committed(const struct row *alerts, void *arg)
{
    struct service *service = arg;

    service->stats.commits++;
    // At most LEDGER_GATHER_MAX, and what the body or turn that filled it has added.
    for (const struct row *row = alerts; row != NULL; row = row->next) {
        stats_count_alert(&service->stats, row->alert.type, clock_utc());
        if (!service->rehearse) // its clock is the pings'
            waiting_put(&service->waiting, row->alert.sequence, row->alert.received);
        log_info("%s: %s %s", row->alert.id, row->alert.type, row->alert.severity);
    }
    if (pipeline_is_behind(service->pipeline)) // it may have waited for the disk
        service_on_behind(service);
}

static void on_blind(const char *why, void *arg)
{
    struct service *service = arg;

    service->stats.ledger_errors++;
    blindness_begin(&service->blindness, why);
    service_say_status(service);
}

static void on_reserve_put(bool ok, void *arg)
{
    struct service *service = arg;

    blindness_on_reserve_put(&service->blindness, ok);
}

static void on_probed(bool ok, void *arg)
{
    struct service *service = arg;

    blindness_probed(&service->blindness, ok);
    if (service->blindness.now)
        return;
    reload_go_on(service);
    if (service->acks != NULL)
        acks_rewind(service->acks, pipeline_last_ack_id(service->pipeline));
    service_say_status(service);
}

struct ledger_callbacks service_ledger_callbacks(struct service *service)
{
    return (struct ledger_callbacks){ on_alerts,      on_fetched, on_committed, on_blind,
                                      on_reserve_put, on_probed,  service };
}
