/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_map.c - the places of one incident: who looks, and why, is a link of the chain before
 * anything is answered.
 */
#include "adapter/json/errand.h"
#include "adapter/json/incident_map.h"
#include "adapter/text.h"
#include "app/api_parts.h"
#include "core/custody.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALERTS_MAX = 500, REASON_MAX = 512 };

/* A look that waits for the disk, and then for the ledger. */
struct look {
    struct service *service;
    struct http_exchange *exchange;
    char incident[API_ID_MAX];
};

static void end(struct look *look, int code, const char *why)
{
    struct api_request request = { look->service, look->exchange, NULL };

    api_answer_why(&request, code, why);
    free(look);
}

/* By the rules in force now: the zone may have been another then. NULL when memory is out. */
static char *draw(const struct look *look, const struct listed *listed)
{
    const struct config *config = look->service->config;
    char subject[API_ID_MAX];
    const char *slash = strrchr(look->incident, '/');
    struct incident_map *map;
    const struct exclusion *exclusion = NULL;
    size_t nth;
    bool ok;
    char *text;

    snprintf(subject, sizeof subject, "%.*s", slash ? (int)(slash - look->incident) : 0,
             look->incident);
    if (rulebook_find_exclusion(config->rules, subject, &nth))
        exclusion = rulebook_exclusion(config->rules, nth);
    map = incident_map_create(look->incident, exclusion, &config->settings.detect);
    ok = map != NULL && incident_map_add_zone(map);
    for (const struct row *row = listed->pings; ok && row != NULL; row = row->next)
        ok = incident_map_add_ping(map, row->entry.body, row->entry.at);
    for (const struct row *row = listed->alerts; ok && row != NULL; row = row->next)
        ok = incident_map_add_alert(map, row->alert.event);
    text = ok ? incident_map_print(map, listed->more_pings) : NULL;
    incident_map_destroy(map);
    return text;
}

static void on_listed(const struct listed *listed, void *arg)
{
    struct look *look = arg;
    char *text = listed != NULL ? draw(look, listed) : NULL;

    if (text == NULL) {
        end(look, 503, "it cannot be drawn just now");
        return;
    }
    http_add_header(look->exchange, "Cache-Control", "private, no-store");
    http_answer(look->service->door, look->exchange, 200, "application/geo+json", text,
                strlen(text));
    free(text);
    free(look);
}

/* The look stands in the chain: now it may be had. */
static void on_kept(bool kept, void *arg)
{
    struct look *look = arg;
    struct ledger *ledger = look->service->ledger;
    struct listing listing = { .of = LISTING_MAP, .incident = look->incident, .limit = ALERTS_MAX };

    if (!kept)
        end(look, 503, "breachd is blind: the look could not be kept");
    else if (!ledger_list(ledger, &listing, on_listed, look))
        end(look, 503, "too many ask for lists just now");
    else
        ledger_flush(ledger);
}

/* A header that people wrote; *out is NULL where it says nothing. */
static bool read_words(const struct http_exchange *exchange, const char *name, size_t most,
                       const char **out)
{
    const char *text = http_header(exchange, name);
    struct fault unheard;

    *out = text != NULL && text[strspn(text, " \t")] != '\0' ? text : NULL;
    return *out == NULL || (strlen(text) < most && text_is_clean(text, &unheard));
}

static bool keep(const struct api_request *request, struct look *look, const char *by,
                 const char *reason)
{
    struct service *service = request->service;
    struct access_record record = { .command = "map",
                                    .of = look->incident,
                                    .user = request->grant->token->name,
                                    .by = by,
                                    .reason = reason,
                                    .uid = -1 };
    struct kept_entry entry = {
        .kind = "access", .at = pipeline_now(service->pipeline), .respondent = "", .evidence = true
    };
    struct changes_place begin = ledger_begin(service->ledger);
    char *body = access_record_print(&record);
    bool ok;

    entry.body = body;
    ok = body != NULL && ledger_put_entry(service->ledger, &entry) &&
         ledger_wait(service->ledger, on_kept, look);
    free(body);
    if (ok)
        ledger_flush(service->ledger);
    else
        ledger_drop(service->ledger, &begin);
    return ok;
}

void api_say_map(const struct api_request *request)
{
    const char *by, *reason;
    struct look *look = malloc(sizeof *look);

    if (look == NULL) {
        api_answer_why(request, 503, FAULT_MEMORY);
        return;
    }
    look->service = request->service;
    look->exchange = request->exchange;
    if (!api_id(request->exchange, "/v1/incidents/ID/map", look->incident) ||
        !pipeline_has_incident(request->service->pipeline, look->incident))
        end(look, 404, "no such incident");
    else if (!read_words(request->exchange, "X-Reason", REASON_MAX, &reason) || reason == NULL)
        end(look, 400, "X-Reason: why, in 1 to 511 bytes of UTF-8, must be said");
    else if (!read_words(request->exchange, "X-By", CUSTODY_BY_MAX, &by))
        end(look, 400, "X-By: for whom, in up to 64 bytes of UTF-8");
    else if (pipeline_closed(request->service->pipeline) != NULL)
        end(look, 503, pipeline_closed(request->service->pipeline));
    else if (!keep(request, look, by, reason))
        end(look, 503, "the look could not be kept");
}
