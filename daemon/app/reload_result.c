/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reload_result.h"

#include "adapter/clock.h"
#include "adapter/log.h"
#include "app/service.h"
#include "core/plural.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char word[] = "reload";
_Static_assert((int)REFUSAL_REALLY_MAX == (int)DIGEST_CHARS + 1, "a digest has its place");

/* ---- who asks ---- */

static void answer(struct service *service, uint64_t call)
{
    const struct reload_result *result = &service->result;
    char *text = answer_print_reload(rulebook_counts(service->config->rules).orders,
                                     &service->revised, &result->refusal);

    control_answer(result->control, call, text ? text : "{}");
    free(text);
}

static void answer_askers(struct service *service)
{
    struct reload_result *result = &service->result;

    for (size_t i = 0; i < CONTROL_CALLS_MAX; i++) {
        struct reload_asker *asker = &result->askers[i];

        if (asker->call == 0 || asker->reload > result->begun)
            continue;
        answer(service, asker->call);
        asker->call = 0;
    }
}

/* Of more askers than there are calls the oldest have gone. */
static struct reload_asker *place_of(struct reload_result *result)
{
    struct reload_asker *place = &result->askers[0];

    for (size_t i = 1; i < CONTROL_CALLS_MAX; i++) {
        if (result->askers[i].call < place->call)
            place = &result->askers[i];
    }
    return place;
}

static void on_ask(uint64_t call, const char *line, void *arg)
{
    struct service *service = arg;
    struct reload_result *result = &service->result;

    size_t n = strlen(word);
    bool known = strncmp(line, word, n) == 0 && (line[n] == '\0' || line[n] == ' ');

    if (!known || service->stopping.ms != 0) {
        control_answer(result->control, call,
                       service->stopping.ms != 0 ? "{\"error\":\"breachd stops\"}"
                                                 : "{\"error\":\"not understood\"}");
        return;
    }
    if (line[n] == ' ')
        snprintf(result->really, sizeof result->really, "%s", line + n + 1);
    *place_of(result) = (struct reload_asker){ call, result->begun + 1 };
    result->ask(service);
}

void reload_result_listen(struct service *service, void (*ask)(struct service *service))
{
    char path[CONTROL_PATH_MAX];
    struct fault why;

    service->result.ask = ask;
    if (!control_open(service->base, control_path(service->config->settings.ledger, path), on_ask,
                      service, &service->result.control, &why))
        log_warning("reload: breachctl cannot ask for it, SIGHUP can: %s", why.text);
}

/* ---- what is said ---- */

static void explain_done(const struct service *service, char out[ALERT_REASON_MAX])
{
    const struct revision_counts *revised = &service->revised;
    size_t orders = rulebook_counts(service->config->rules).orders;
    int n = snprintf(
        out, ALERT_REASON_MAX, "%zu order%s; %zu added, %zu ended, %zu changed, %zu zones moved",
        orders, plural(orders), revised->added, revised->ended, revised->changed, revised->moved);

    if (revised->farthest > 0)
        snprintf(out + n, ALERT_REASON_MAX - (size_t)n, ", by %.1f m at most", revised->farthest);
}

void reload_result_done(struct service *service)
{
    char reason[ALERT_REASON_MAX];

    service->result.refusal = (struct refusal){ 0 };
    explain_done(service, reason);
    rules_alerts_adopt(&service->rules_alerts);
    rules_alerts_result(&service->rules_alerts, false, "applied", 0, reason);
    service_say_status(service);
    answer_askers(service);
}

/* The first error's text, for who has one line. */
static const char *first_error(const struct complaints *complaints)
{
    for (size_t i = 0; i < complaints->n; i++) {
        if (complaints->kept[i].is_error)
            return complaints->kept[i].text;
    }
    return FAULT_MEMORY;
}

void reload_result_refused(struct service *service, const struct prepared *refused)
{
    const struct complaints *complaints = &refused->complaints;
    struct refusal *refusal = &service->result.refusal;
    char reason[ALERT_REASON_MAX];

    *refusal = (struct refusal){ .complaints = complaints->errors, .at = clock_utc() };
    strcpy(refusal->really, refused->really);
    snprintf(refusal->first, sizeof refusal->first, "%s", first_error(complaints));
    snprintf(reason, sizeof reason, "%zu complaint%s, the old rules stay: %.160s",
             complaints->errors, plural(complaints->errors), refusal->first);
    rules_alerts_result(&service->rules_alerts, true, "refused", complaints->errors, reason);
    service_say_status(service);
    answer_askers(service);
}
