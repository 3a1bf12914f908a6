/* SPDX-License-Identifier: Apache-2.0 */
#include "app/device_answer.h"

#include "adapter/json/answer.h"
#include "adapter/json/device_state.h"
#include "app/pipeline_state.h"
#include "app/service.h"
#include "core/index.h"
#include "core/silence.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *silence_name(const struct known_device *known)
{
    if (known->silent == 0)
        return NULL;
    return known->silent_cause == SILENCE_NO_PING ? "no-ping" : "no-fix";
}

static void take_known(const struct known_device *known, struct device_state *out)
{
    // After a start what it was before is known of a device, and maybe not when that came.
    out->heard = known->arrived.ms > 0 ? known->arrived
                 : known->heard        ? known->newest_came
                                       : (struct utc){ 0 };
    out->talked = known->talked;
    out->time = known->newest.time;
    out->accuracy = known->newest.accuracy;
    out->battery = (int)known->charge - 1;
    out->silence = silence_name(known);
    if (known->silent != 0)
        out->quiet = silence_unheard_since(known);
    out->tampered = known->tampered;
    out->battery_low = known->battery_low;
    out->clock_wrong = known->clock_wrong;
}

static struct device_state state_of(struct service *service, const char *device,
                                    const struct respondent *who, struct utc now)
{
    const struct known_device *known = pipeline_device(service->pipeline, device);
    struct device_state state = { .device = device,
                                  .respondent = who ? who->id : NULL,
                                  .now = now,
                                  .accuracy = NAN,
                                  .battery = DEVICE_STATE_NO_BATTERY,
                                  .exercise = service->rehearse };

    if (who != NULL)
        state.area = respondent_area(who, pipeline_now(service->pipeline));
    if (known != NULL)
        take_known(known, &state);
    return state;
}

bool device_answer_knows(struct service *service, const char *device)
{
    size_t respondent, nth;

    return rulebook_find_device(service->config->rules, device, &respondent, &nth) ||
           pipeline_device(service->pipeline, device) != NULL;
}

char *device_answer(struct service *service, const char *device, struct utc now)
{
    const struct rulebook *rules = service->config->rules;
    struct device_state state;
    size_t respondent, nth;

    if (!name_valid(device))
        return answer_print_error("no id of a device");
    state = state_of(service, device,
                     rulebook_find_device(rules, device, &respondent, &nth)
                         ? rulebook_respondent(rules, respondent)
                         : NULL,
                     now);
    return device_state_print(&state);
}

/* ---- some at a time ---- */

/* The next device: of which respondent, which of his; and by which rules they are numbered. */
struct place {
    size_t respondent, device;
    int64_t loaded;
};

static bool read_place(const struct service *service, const char *cursor, struct place *out)
{
    int end = 0;

    *out = (struct place){ .loaded = service->loaded.ms };
    if (cursor[0] == '\0')
        return true;
    return strlen(cursor) < DEVICE_CURSOR_MAX &&
           sscanf(cursor, "%9zu.%1zu.%19" SCNd64 "%n", &out->respondent, &out->device, &out->loaded,
                  &end) == 3 &&
           cursor[end] == '\0' && out->loaded == service->loaded.ms;
}

static bool is_in_force(const struct respondent *who, struct utc now)
{
    for (size_t i = 0; i < who->n_exclusions; i++) { // RESPONDENT_ZONES_MAX
        if (order_in_force(who->exclusions[i]->order, now))
            return true;
    }
    return false;
}

static bool is_wanted(const struct respondent *who, const char *area, struct utc now)
{
    const char *his = area != NULL ? respondent_area(who, now) : NULL;

    return is_in_force(who, now) && (area == NULL || (his != NULL && strcmp(his, area) == 0));
}

/* From *at on, which moves behind what was taken; false when memory is out. */
static bool fill(struct service *service, const char *area, struct utc shown, struct place *at,
                 struct device_page *page)
{
    const struct rulebook *rules = service->config->rules;
    size_t respondents = rulebook_counts(rules).respondents;
    struct utc now = pipeline_now(service->pipeline);

    for (int i = 0; i < DEVICE_SCAN_MAX && at->respondent < respondents; i++) {
        const struct respondent *who = rulebook_respondent(rules, at->respondent);
        size_t n = is_wanted(who, area, now) ? who->n_devices : 0;

        for (; at->device < n; at->device++) { // RESPONDENT_DEVICES_MAX
            struct device_state state = state_of(service, who->devices[at->device], who, shown);

            if (device_page_length(page) == DEVICE_PAGE_MAX)
                return true;
            if (!device_page_add(page, &state))
                return false;
        }
        at->respondent++;
        at->device = 0;
    }
    return true;
}

bool device_answer_page(struct service *service, const char *cursor, const char *area,
                        struct utc now, char **out)
{
    struct device_page *page;
    struct place at;
    char next[DEVICE_CURSOR_MAX];

    if (!read_place(service, cursor, &at))
        return false;
    *out = NULL;
    page = device_page_create();
    if (page != NULL && fill(service, area, now, &at, page)) {
        bool more = at.respondent < rulebook_counts(service->config->rules).respondents;

        snprintf(next, sizeof next, "%zu.%zu.%" PRId64, at.respondent, at.device, at.loaded);
        *out = device_page_print(page, more ? next : NULL);
    }
    device_page_destroy(page);
    return true;
}
