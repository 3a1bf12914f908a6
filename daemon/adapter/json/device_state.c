/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/json/device_state.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static json_t *instant(struct utc at)
{
    char text[UTC_TEXT_MAX];

    return at.ms > 0 ? json_string(utc_print(at, text)) : json_null();
}

/* Whole seconds; never negative, as a clock may have been set back. */
static json_t *age(const struct device_state *state)
{
    int64_t ms = state->now.ms - state->time.ms;

    return json_integer(ms > 0 ? ms / 1000 : 0);
}

static json_t *accuracy(const struct device_state *state)
{
    return isnan(state->accuracy) ? json_null() : json_real(state->accuracy);
}

static json_t *battery(const struct device_state *state)
{
    return state->battery == DEVICE_STATE_NO_BATTERY ? json_null() : json_integer(state->battery);
}

static json_t *state_json(const struct device_state *state)
{
    bool heard = state->heard.ms > 0;
    json_t *json = json_pack(
        "{s:s,s:s?,s:s?,s:o,s:o,s:o,s:o,s:o,s:o,s:b,s:s?,s:o,s:b,s:b,s:b,s:o,s:b}", "device",
        state->device, "respondent", state->respondent, "area", state->area, "heard",
        instant(state->heard), "talked", instant(state->talked), "time",
        heard ? instant(state->time) : json_null(), "age", heard ? age(state) : json_null(),
        "accuracy", heard ? accuracy(state) : json_null(), "battery", battery(state), "silent",
        state->silence != NULL, "cause", state->silence, "quiet", instant(state->quiet), "tampered",
        state->tampered, "battery_low", state->battery_low, "clock_wrong", state->clock_wrong,
        "now", instant(state->now), "exercise", state->exercise);

    if (json != NULL &&
        json_object_set_new(json, "state",
                            json_string(device_state_name(device_state_rank(json)))) == 0)
        return json;
    json_decref(json);
    return NULL;
}

static char *print(json_t *json)
{
    char *text = json != NULL ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(10)) : NULL;

    json_decref(json);
    return text;
}

char *device_state_print(const struct device_state *state)
{
    return print(state_json(state));
}

/* ---- pages ---- */

struct device_page {
    json_t *devices;
};

struct device_page *device_page_create(void)
{
    struct device_page *page = calloc(1, sizeof *page);

    if (page != NULL && (page->devices = json_array()) != NULL)
        return page;
    free(page);
    return NULL;
}

void device_page_destroy(struct device_page *page)
{
    if (page == NULL)
        return;
    json_decref(page->devices);
    free(page);
}

bool device_page_add(struct device_page *page, const struct device_state *state)
{
    return json_array_append_new(page->devices, state_json(state)) == 0;
}

size_t device_page_length(const struct device_page *page)
{
    return json_array_size(page->devices);
}

char *device_page_print(const struct device_page *page, const char *next)
{
    return print(json_pack("{s:O,s:s?}", "devices", page->devices, "next", next));
}

/* ---- what it comes to ---- */

int device_state_rank(const json_t *state)
{
    static const char *const flags[] = { "tampered", "battery_low", "clock_wrong" };
    const char *cause = json_string_value(json_object_get(state, "cause"));

    if (json_is_true(json_object_get(state, "silent")))
        return cause != NULL && strcmp(cause, "no-fix") == 0 ? 1 : 0;
    for (int i = 0; i < 3; i++) {
        if (json_is_true(json_object_get(state, flags[i])))
            return i + 2;
    }
    return DEVICE_STATE_WELL;
}

const char *device_state_name(int rank)
{
    static const char *const words[] = { "silent",      "no-fix",      "tampered",
                                         "battery-low", "clock-wrong", "well" };
    _Static_assert(sizeof words / sizeof *words == DEVICE_STATE_WELL + 1, "a word for each");

    return words[rank >= 0 && rank < DEVICE_STATE_WELL ? rank : DEVICE_STATE_WELL];
}
