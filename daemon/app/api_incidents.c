/* SPDX-License-Identifier: Apache-2.0 */
/* api_incidents.c - what happened, for the control room: lists by the ledger, without places. */
#include "adapter/json/incident_page.h"
#include "adapter/query.h"
#include "app/api_parts.h"
#include "app/pipeline_acks_note.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 100, AREA_MAX = 256, NUMBER_MAX = 24 };

/* A request that waits for the ledger. */
struct asking {
    struct service *service;
    struct http_exchange *exchange;
    struct utc since;
    char area[AREA_MAX];       // "": all
    char incident[API_ID_MAX]; // "": a list of them
    bool falling;
};

static void refuse(struct asking *asking, int code, const char *why)
{
    struct api_request request = { asking->service, asking->exchange, NULL };

    api_answer_why(&request, code, why);
}

static struct incident_now now_of(struct service *service, const char *incident)
{
    struct incident_now now = { .incident = incident,
                                .state = pipeline_incident_state(service->pipeline, incident) };

    pipeline_holder(service->pipeline, incident, &now.holder);
    return now;
}

/* What is of no area concerns every desk. */
static bool is_wanted(const struct asking *asking, const struct kept_alert *alert)
{
    return asking->area[0] == '\0' || alert->area[0] == '\0' ||
           strcmp(asking->area, alert->area) == 0;
}

/* *next is 0 where all that follows is too old. */
static bool fill(struct asking *asking, const struct listed *listed, struct incident_page *page,
                 uint64_t *next)
{
    *next = listed->next;
    for (const struct row *row = listed->alerts; row != NULL; row = row->next) { // PAGE
        const struct kept_alert *alert = &row->alert;
        struct incident_now now = now_of(asking->service, alert->incident);

        if (!is_wanted(asking, alert))
            continue;
        if (!incident_page_add(page, asking->incident[0] == '\0' ? &now : NULL, alert->event,
                               alert->sequence, asking->since))
            return false;
        if (asking->falling && incident_page_is_before(page)) {
            *next = 0;
            break;
        }
    }
    return true;
}

static char *print(struct asking *asking, const struct incident_page *page, uint64_t next)
{
    struct incident_now now = { .incident = NULL };
    char number[NUMBER_MAX];

    snprintf(number, sizeof number, "%" PRIu64, next);
    if (asking->incident[0] == '\0')
        return incident_page_print(page, next != 0 ? number : NULL);
    now = now_of(asking->service, asking->incident);
    return incident_page_print_one(page, &now, next != 0 ? number : NULL);
}

static void on_listed(const struct listed *listed, void *arg)
{
    struct asking *asking = arg;
    struct incident_page *page = listed != NULL ? incident_page_create() : NULL;
    uint64_t next = 0;
    char *body =
        page != NULL && fill(asking, listed, page, &next) ? print(asking, page, next) : NULL;

    if (asking->incident[0] != '\0' && listed != NULL && listed->alerts == NULL)
        refuse(asking, 404, "no such incident, or nothing more of it");
    else if (body == NULL)
        refuse(asking, 503, "it cannot be read just now");
    else
        api_answer_tagged(asking->service, asking->exchange, body, body);
    free(body);
    incident_page_destroy(page);
    free(asking);
}

static bool read_state(const char *query, enum listing_of *out)
{
    static const char *const states[] = { "open", "todo", "all" };
    char text[8];

    *out = LISTING_OPEN;
    if (!query_value(query, "state", text, sizeof text))
        return strstr(query, "state=") == NULL;
    for (int i = 0; i < 3; i++) {
        *out = (enum listing_of)i;
        if (strcmp(states[i], text) == 0)
            return true;
    }
    return false;
}

static bool read_since(const char *query, struct utc *out)
{
    char text[UTC_TEXT_MAX + 8];

    out->ms = 0;
    return query_value(query, "since", text, sizeof text) ? utc_parse(text, out)
                                                          : strstr(query, "since=") == NULL;
}

static bool read_after(const char *query, uint64_t *out)
{
    char text[NUMBER_MAX];

    *out = 0;
    if (!query_value(query, "after", text, sizeof text))
        return strstr(query, "after=") == NULL;
    return strlen(text) < 19 && text[strspn(text, "0123456789")] == '\0' &&
           sscanf(text, "%" SCNu64, out) == 1;
}

static void ask(const struct api_request *request, const struct asking *given,
                const struct listing *listing)
{
    struct asking *asking = malloc(sizeof *asking);

    if (asking == NULL) {
        api_answer_why(request, 503, FAULT_MEMORY);
        return;
    }
    *asking = *given;
    asking->falling = listing->of == LISTING_ALL || listing->of == LISTING_ONE;
    if (ledger_list(request->service->ledger, listing, on_listed, asking)) {
        ledger_flush(request->service->ledger);
        return;
    }
    api_answer_why(request, 503, API_BUSY);
    free(asking);
}

void api_say_incidents(const struct api_request *request)
{
    const char *query = http_query(request->exchange);
    struct asking asking = { .service = request->service, .exchange = request->exchange };
    struct listing listing = { .limit = PAGE };

    query_value(query, "area", asking.area, sizeof asking.area);
    if (!read_state(query, &listing.of))
        api_answer_why(request, 400, "state: none of open todo all");
    else if (!read_since(query, &asking.since))
        api_answer_why(request, 400, "since: no time (2020-06-23T20:00:00Z)");
    else if (!read_after(query, &listing.at))
        api_answer_why(request, 400, "after: no cursor");
    else
        ask(request, &asking, &listing);
}

void api_say_incident(const struct api_request *request)
{
    struct asking asking = { .service = request->service, .exchange = request->exchange };
    struct listing listing = { .of = LISTING_ONE, .limit = PAGE, .incident = asking.incident };

    if (!api_id(request->exchange, "/v1/incidents/ID", asking.incident))
        api_answer_why(request, 404, "no such incident");
    else if (!read_after(http_query(request->exchange), &listing.at))
        api_answer_why(request, 400, "after: no cursor");
    else
        ask(request, &asking, &listing);
}
