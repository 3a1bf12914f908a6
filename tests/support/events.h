/* SPDX-License-Identifier: Apache-2.0 */
/* events.h - alerts of each kind, and what stands in their events. */
#ifndef ADAPTER_EVENTS_H
#define ADAPTER_EVENTS_H

#include "adapter/json/event.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "support/test.h"

static inline struct utc at(const char *text)
{
    struct utc read = { 0 };

    assert_true(utc_parse(text, &read));
    return read;
}

static const struct order order = { .id = "DVPO-2020-0113",
                                    .kind = "DVPO",
                                    .clause = "3",
                                    .respondent = "R-1001",
                                    .area = "Basildon",
                                    .monitoring = "consent",
                                    .age = 27,
                                    .digest = "0123456789ab" };
static const struct exclusion home = { .subject = "DVPO-2020-0113/home",
                                       .name = "home",
                                       .order = &order };
static const struct event_source essex = { .site = "essex" };

/* The example of CONTRACT 7. */
static inline struct alert breach(void)
{
    return (struct alert){ .type = ALERT_BREACH,
                           .severity = SEVERITY_CRITICAL,
                           .exclusion = &home,
                           .respondent = "R-1001",
                           .device = "tag-0042",
                           .incident = 1,
                           .nth = 2,
                           .time = at("2020-06-23T20:14:05Z"),
                           .received = at("2020-06-23T20:14:06.25Z"),
                           .probability = 0.97,
                           .depth = 42,
                           .eta = NAN,
                           .rule = 7,
                           .has_ping = true,
                           .ping = { at("2020-06-23T20:14:05Z"), { 0.45901, 51.57012 }, 8 },
                           .reason = "inside by 42 m, accuracy 8 m, 2 pings in 15 s" };
}

static inline struct alert about_device(void)
{
    return (struct alert){ .type = ALERT_BATTERY,
                           .severity = SEVERITY_WARNING,
                           .respondent = "R-1001",
                           .device = "tag-0042",
                           .trouble = TROUBLE_BATTERY,
                           .incident = 2,
                           .count = 1,
                           .nth = 3,
                           .time = at("2020-06-23T20:14:05Z"),
                           .received = at("2020-06-23T20:14:05Z"),
                           .probability = NAN,
                           .depth = NAN,
                           .eta = NAN,
                           .reason = "battery at 19 %" };
}

static inline struct alert about_itself(void)
{
    struct alert alert = about_device();

    alert.type = ALERT_BLIND;
    alert.severity = SEVERITY_CRITICAL;
    alert.respondent = alert.device = NULL;
    alert.incident = 4;
    alert.nth = 1;
    return alert;
}

static inline void assert_prints(const struct alert *alert, const struct event_source *source,
                                 const char *want)
{
    char *event = event_print(alert, source);

    assert_non_null(event);
    assert_string_equal(event, want);
    free(event);
}
/* One member of the event that is printed, by its names. */
static inline json_t *member(const struct alert *alert, const struct event_source *source,
                             const char *outer, const char *inner)
{
    char *text = event_print(alert, source);
    json_t *event = json_loads(text, 0, NULL), *found;

    assert_non_null(event);
    found = json_object_get(event, outer);
    found = json_incref(inner ? json_object_get(found, inner) : found);
    json_decref(event);
    free(text);
    return found;
}

static inline void assert_data(const struct alert *alert, const struct event_source *source,
                               const char *name, const char *want)
{
    json_t *found = member(alert, source, "data", name);
    char *text = json_dumps(found, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(10));

    assert_string_equal(text, want);
    free(text);
    json_decref(found);
}

#endif
