/* SPDX-License-Identifier: Apache-2.0 */
/* service_status.c - the one line of status that systemd shows; what a start says of itself. */
#include "adapter/clock.h"
#include "adapter/log.h"
#include "adapter/supervise.h"
#include "app/pipeline_state.h"
#include "app/service.h"
#include "core/plural.h"

#include <inttypes.h>
#include <stdio.h>

enum { PLACES_MAX = LISTEN_MAX * (ENDPOINT_TEXT_MAX + 2) };

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

static const char *places(const struct settings *settings, char out[PLACES_MAX])
{
    size_t n = 0;

    out[0] = '\0';
    for (size_t i = 0; i < settings->n_listen; i++)
        n += (size_t)snprintf(out + n, PLACES_MAX - n, "%s%s", i > 0 ? ", " : "",
                              settings->listen[i].text);
    return out;
}

void service_log_start(const struct service *service)
{
    const struct config *config = service->config;
    struct rules_text text = service_text(service);
    char listen[PLACES_MAX], read[UTC_TEXT_MAX];

    log_info("start: breachd %s by %s", BREACHD_VERSION, config->settings.file);
    log_info("start: listens at %s", places(&config->settings, listen));
    log_info("start: rules %s of %s from %s: %zu in force",
             text.digest[0] != '\0' ? text.digest : "not kept", utc_print(text.read, read),
             text.from, config_in_force(config, pipeline_now(service->pipeline)));
    log_info("start: ledger %s, %" PRIu64 " alert%s told before", config->settings.ledger,
             ledger_sequence(service->ledger), plural((size_t)ledger_sequence(service->ledger)));
}
