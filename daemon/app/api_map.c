/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_map.c - the places of one incident: who looks, and why, is a link of the chain before
 * anything is answered.
 */
#include "adapter/json/incident_map.h"
#include "adapter/json/ledger_request.h"
#include "adapter/text.h"
#include "app/api_parts.h"
#include "app/pipeline_acks_note.h"
#include "app/pipeline_state.h"
#include "core/custody.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALERTS_MAX = 500, REASON_MAX = 512 };

/* A look that waits for the disk, and then for the ledger. */
struct viewing {
    struct service *service;
    struct http_exchange *exchange;
    char incident[API_ID_MAX];
};

static void end(struct viewing *viewing, int code, const char *why)
{
    struct api_request request = { viewing->service, viewing->exchange, NULL };

    api_answer_why(&request, code, why);
    free(viewing);
}

/* By the rules in force now: the zone may have been another then. NULL when memory is out. */
static char *draw(const struct viewing *viewing, const struct listed *listed)
{
    const struct config *config = viewing->service->config;
    char subject[API_ID_MAX];
    const char *slash = strrchr(viewing->incident, '/');
    struct incident_map *map;
    const struct exclusion *exclusion = NULL;
    size_t nth;
    bool ok;
    char *text;

    snprintf(subject, sizeof subject, "%.*s", slash ? (int)(slash - viewing->incident) : 0,
             viewing->incident);
    if (rulebook_find_exclusion(config->rules, subject, &nth))
        exclusion = rulebook_exclusion(config->rules, nth);
    map = incident_map_create(viewing->incident, exclusion, &config->settings.detect);
    ok = map != NULL && incident_map_add_zone(map);
    // STORE_MAP_PINGS.
    for (const struct row *row = listed->pings; ok && row != NULL; row = row->next)
        ok = incident_map_add_ping(map, row->entry.body, row->entry.at);
    // ALERTS_MAX, the newest.
    for (const struct row *row = listed->alerts; ok && row != NULL; row = row->next)
        ok = incident_map_add_alert(map, row->alert.event);
    text = ok ? incident_map_print(map, listed->more_pings || listed->next != 0) : NULL;
    incident_map_destroy(map);
    return text;
}

static void on_listed(const struct listed *listed, void *arg)
{
    struct viewing *viewing = arg;
    char *text = listed != NULL ? draw(viewing, listed) : NULL;

    if (text == NULL) {
        end(viewing, 503, "it cannot be drawn just now");
        return;
    }
    http_add_header(viewing->exchange, "Cache-Control", "private, no-store");
    http_answer(viewing->service->door, viewing->exchange, 200, "application/geo+json", text,
                strlen(text));
    free(text);
    free(viewing);
}

/* The look stands in the chain: now it may be had. */
static void on_kept(bool kept, void *arg)
{
    struct viewing *viewing = arg;
    struct ledger *ledger = viewing->service->ledger;
    struct listing listing = { .of = LISTING_MAP,
                               .incident = viewing->incident,
                               .limit = ALERTS_MAX };

    if (!kept)
        end(viewing, 503, "breachd is blind: the look could not be kept");
    else if (!ledger_list(ledger, &listing, on_listed, viewing))
        end(viewing, 503, API_BUSY);
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

static bool keep(const struct api_request *request, struct viewing *viewing, const char *by,
                 const char *reason)
{
    struct service *service = request->service;
    struct access_record record = { .command = "map",
                                    .of = viewing->incident,
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
         ledger_wait(service->ledger, on_kept, viewing);
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
    struct viewing *viewing = malloc(sizeof *viewing);

    if (viewing == NULL) {
        api_answer_why(request, 503, FAULT_MEMORY);
        return;
    }
    viewing->service = request->service;
    viewing->exchange = request->exchange;
    if (!api_id(request->exchange, "/v1/incidents/ID/map", viewing->incident) ||
        !pipeline_has_incident(request->service->pipeline, viewing->incident))
        end(viewing, 404, "no such incident");
    else if (!read_words(request->exchange, "X-Reason", REASON_MAX, &reason) || reason == NULL)
        end(viewing, 400, "X-Reason: why, in 1 to 511 bytes of UTF-8, must be said");
    else if (!read_words(request->exchange, "X-By", CUSTODY_BY_MAX, &by))
        end(viewing, 400, "X-By: for whom, in up to 64 bytes of UTF-8");
    else if (pipeline_closed(request->service->pipeline) != NULL)
        end(viewing, 503, pipeline_closed(request->service->pipeline));
    else if (!keep(request, viewing, by, reason))
        end(viewing, 503, "the look could not be kept");
}
