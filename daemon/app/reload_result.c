/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reload_result.h"

#include "adapter/clock.h"
#include "adapter/conf/held_files.h"
#include "adapter/log.h"
#include "app/device_answer.h"
#include "app/pipeline_state.h"
#include "app/service.h"
#include "core/plural.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char word[] = "reload", device_word[] = "device ", devices_word[] = "devices";
_Static_assert((int)REFUSAL_REALLY_MAX == (int)DIGEST_CHARS + 1, "a digest has its place");

/* ---- who asks ---- */

static void answer(struct service *service, uint64_t call)
{
    struct reload_result *result = &service->result;
    char *text;

    result->notes.in_force = config_in_force(service->config, pipeline_now(service->pipeline));
    text = answer_print_reload(rulebook_counts(service->config->rules).orders, &service->revised,
                               &result->refusal, &result->notes);

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

/* "device ID": no reload is asked for. */
static bool is_about_device(struct service *service, uint64_t call, const char *line)
{
    size_t n = strlen(device_word);
    char *text;

    if (strncmp(line, device_word, n) != 0)
        return false;
    text = device_answer(service, line + n, pipeline_now(service->pipeline));
    control_answer(service->result.control, call, text ? text : "{}");
    free(text);
    return true;
}

/* "devices", and behind a blank the cursor of the page before. */
static bool is_about_devices(struct service *service, uint64_t call, const char *line)
{
    size_t n = strlen(devices_word);
    char *text = NULL;

    if (strncmp(line, devices_word, n) != 0 || (line[n] != '\0' && line[n] != ' '))
        return false;
    if (!device_answer_page(service, line[n] == ' ' ? line + n + 1 : "", NULL,
                            pipeline_now(service->pipeline), &text))
        text = answer_print_error(DEVICE_ANSWER_ANEW);
    control_answer(service->result.control, call, text ? text : "{}");
    free(text);
    return true;
}

static void on_ask(uint64_t call, const char *line, void *arg)
{
    struct service *service = arg;
    struct reload_result *result = &service->result;

    size_t n = strlen(word);
    bool known = strncmp(line, word, n) == 0 && (line[n] == '\0' || line[n] == ' ');

    if (is_about_device(service, call, line) || is_about_devices(service, call, line))
        return;
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

/* The first error's text, for who has one line. */
static const char *first_error(const struct complaints *complaints)
{
    for (size_t i = 0; i < complaints->n; i++) {
        if (complaints->kept[i].is_error)
            return complaints->kept[i].text;
    }
    return FAULT_MEMORY;
}

/* Files that lie in the folder and are passed over. */
static void note_strays(const struct complaints *complaints, struct reload_notes *out)
{
    *out = (struct reload_notes){ 0 };
    for (size_t i = 0; i < complaints->n; i++) {
        if (!complaints->kept[i].is_stray)
            continue;
        if (out->passed_over++ == 0)
            snprintf(out->first, sizeof out->first, "%s", complaints->kept[i].text);
    }
}

/* What stays in force, of all or a part: the last good rules, some files as they were, the old. */
static void note_what_stays(const struct config *config, bool adopted, struct refusal *refusal)
{
    char age[DURATION_TEXT_MAX], held[HELD_FILES_TEXT_MAX];
    int64_t age_ms = clock_utc().ms - config->read.ms; // less than 0: a clock was set back
    int n = 0;

    if (config->by_last) {
        refusal->cause = "last-good";
        n = snprintf(refusal->stays, sizeof refusal->stays,
                     "the last good rules, %s old, are in force",
                     duration_print(age_ms > 0 ? age_ms : 0, age));
    } else if (adopted) {
        refusal->cause = "held";
        n = snprintf(refusal->stays, sizeof refusal->stays, "%s",
                     held_files_print(config->n_held, config->n_left_out, held));
    } else {
        refusal->cause = "refused";
        n = snprintf(refusal->stays, sizeof refusal->stays, "the old rules stay");
    }
    if (config->behind.n > 0)
        snprintf(refusal->stays + n, sizeof refusal->stays - (size_t)n, ", less %zu order%s",
                 config->behind.n, plural(config->behind.n));
}

static struct refusal refusal_of(const struct prepared *prepared, const struct config *in_force,
                                 bool adopted)
{
    struct refusal refusal = { .complaints = prepared->complaints.errors, .at = clock_utc() };

    if (refusal.complaints == 0)
        return (struct refusal){ 0 };
    strcpy(refusal.really, prepared->really);
    snprintf(refusal.first, sizeof refusal.first, "%s", first_error(&prepared->complaints));
    note_what_stays(in_force, adopted, &refusal);
    return refusal;
}

static void tell_refusal(struct service *service)
{
    const struct refusal *refusal = &service->result.refusal;
    char reason[ALERT_REASON_MAX];

    // The digest is of no use unless it is whole.
    if (refusal->really[0] != '\0')
        snprintf(reason, sizeof reason,
                 "%zu complaint%s, %s; `breachctl reload --really`: %s: %.60s", refusal->complaints,
                 plural(refusal->complaints), refusal->stays, refusal->really, refusal->first);
    else
        snprintf(reason, sizeof reason, "%zu complaint%s, %s: %.120s", refusal->complaints,
                 plural(refusal->complaints), refusal->stays, refusal->first);
    rules_alerts_result(&service->rules_alerts, true, refusal->cause, refusal->complaints, reason);
}

void reload_result_note(struct service *service, const struct prepared *adopted)
{
    note_strays(&adopted->complaints, &service->result.notes);
    strcpy(service->result.changed, adopted->changed);
    if (service->config != NULL)
        service->result.coming = refusal_of(adopted, service->config, true);
}

void reload_result_start(struct service *service)
{
    struct refusal *refusal = &service->result.refusal;

    *refusal = service->result.coming;
    if (refusal->complaints == 0) {
        rules_alerts_begin(&service->rules_alerts, "started with what the files say");
        return;
    }
    log_error("start: %zu complaint%s: %s", refusal->complaints, plural(refusal->complaints),
              refusal->stays);
    tell_refusal(service);
}

/* Behind "2 settings changed" the thresholds: "[detect]: late 11m, was 10m", what fits whole. */
static void name_thresholds(const char *line, char out[ALERT_REASON_MAX])
{
    size_t n = strlen(out);

    for (const char *parting = ": "; *line != '\0'; parting = ", ") {
        size_t length = strcspn(line, "\n");

        if (n + strlen(parting) + length >= ALERT_REASON_MAX)
            break;
        n += (size_t)snprintf(out + n, ALERT_REASON_MAX - n, "%s%.*s", parting, (int)length, line);
        line += length + 1;
    }
}

static void explain_done(const struct service *service, char out[ALERT_REASON_MAX])
{
    const struct revision_counts *revised = &service->revised;
    size_t orders = rulebook_counts(service->config->rules).orders;
    char lost[REVISION_LOST_MAX], settings[REVISION_SETTINGS_MAX];
    int n = snprintf(
        out, ALERT_REASON_MAX, "%zu order%s; %zu added, %zu ended, %zu changed, %zu zones moved",
        orders, plural(orders), revised->added, revised->ended, revised->changed, revised->moved);

    if (revised->farthest > 0)
        n += snprintf(out + n, ALERT_REASON_MAX - (size_t)n, ", by %.1f m at most",
                      revised->farthest);
    n += snprintf(out + n, ALERT_REASON_MAX - (size_t)n, "%s", revision_lost(revised, lost));
    snprintf(out + n, ALERT_REASON_MAX - (size_t)n, "%s", revision_settings(revised, settings));
    name_thresholds(service->result.changed, out);
}

void reload_result_done(struct service *service)
{
    struct refusal *refusal = &service->result.refusal;
    char reason[ALERT_REASON_MAX];

    *refusal = service->result.coming;
    rules_alerts_adopt(&service->rules_alerts, service->config->rules);
    if (refusal->complaints > 0) {
        log_error("reload: %zu complaint%s: %s", refusal->complaints, plural(refusal->complaints),
                  refusal->stays);
        tell_refusal(service);
    } else {
        explain_done(service, reason);
        rules_alerts_result(&service->rules_alerts, false, "applied", 0, reason);
    }
    service_say_status(service);
    publisher_heartbeat(service->publisher);
    answer_askers(service);
}

void reload_result_refused(struct service *service, const struct prepared *refused)
{
    note_strays(&refused->complaints, &service->result.notes);
    service->result.refusal = refusal_of(refused, service->config, false);
    tell_refusal(service);
    service_say_status(service);
    publisher_heartbeat(service->publisher);
    answer_askers(service);
}
