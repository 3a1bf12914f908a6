/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_devices.c - what the control room reads of devices, without places. A page of them costs as
 * much as some fifty pings: so whoever asks for one waits, and in each turn of the loop one is
 * answered, after the pings that came meanwhile.
 */
#include "adapter/query.h"
#include "app/api_parts.h"
#include "app/device_answer.h"
#include "app/pipeline_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AREA_MAX = 256 };

/* Ages tell on by themselves: of those of the year 1970 there are none. */
static const struct utc ageless = { 0 };

static void say_page(const struct api_request *request)
{
    struct service *service = request->service;
    const char *query = http_query(request->exchange);
    char after[DEVICE_CURSOR_MAX], area[AREA_MAX], *body = NULL, *tagged = NULL;
    const char *of = query_value(query, "area", area, sizeof area) ? area : NULL;

    if (!query_value(query, "after", after, sizeof after) && strstr(query, "after=") != NULL)
        snprintf(after, sizeof after, "?"); // no cursor of ours
    if (!device_answer_page(service, after, of, pipeline_now(service->pipeline), &body) ||
        !device_answer_page(service, after, of, ageless, &tagged))
        api_answer_why(request, 400, "after: " DEVICE_ANSWER_ANEW);
    else if (body == NULL || tagged == NULL)
        api_answer_why(request, 503, FAULT_MEMORY);
    else
        api_answer_tagged(service, request->exchange, body, tagged);
    free(body);
    free(tagged);
}

/* ---- who waits ---- */

static void go_on(const struct page_queue *queue)
{
    static const struct timeval at_once = { 0, 0 };

    if (queue->n > 0)
        event_add(queue->turn, &at_once);
}

static void on_turn(evutil_socket_t fd, short what, void *arg)
{
    struct service *service = arg;
    struct page_queue *queue = &service->pages;
    struct api_request request = { service, queue->of[queue->first], NULL };

    (void)fd;
    (void)what;
    queue->first = (queue->first + 1) % PAGES_WAIT_MAX;
    queue->n--;
    say_page(&request); // its sender's next request may wait behind all others by now
    go_on(queue);
}

bool api_devices_open(struct service *service)
{
    service->pages.turn = event_new(service->base, -1, 0, on_turn, service);
    return service->pages.turn != NULL;
}

void api_devices_close(struct service *service)
{
    if (service->pages.turn != NULL)
        event_free(service->pages.turn);
    service->pages = (struct page_queue){ 0 };
}

void api_say_devices(const struct api_request *request)
{
    struct page_queue *queue = &request->service->pages;

    if (queue->n == PAGES_WAIT_MAX) {
        api_answer_why(request, 503, API_BUSY);
        return;
    }
    queue->of[(queue->first + queue->n++) % PAGES_WAIT_MAX] = request->exchange;
    if (queue->n == 1)
        go_on(queue);
}

/* ---- one ---- */

void api_say_device(const struct api_request *request)
{
    struct service *service = request->service;
    char id[API_ID_MAX], *body, *tagged;

    if (!api_id(request->exchange, "/v1/devices/ID", id) || !name_valid(id) ||
        !device_answer_knows(service, id)) {
        api_answer_why(request, 404, "no such device");
        return;
    }
    body = device_answer(service, id, pipeline_now(service->pipeline));
    tagged = device_answer(service, id, ageless);
    if (body == NULL || tagged == NULL)
        api_answer_why(request, 503, FAULT_MEMORY);
    else
        api_answer_tagged(service, request->exchange, body, tagged);
    free(body);
    free(tagged);
}
