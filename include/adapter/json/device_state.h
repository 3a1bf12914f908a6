/* SPDX-License-Identifier: Apache-2.0 */
/* device_state.h - when a device was heard, and what it says of itself, as JSON; no place. */
#ifndef ADAPTER_JSON_DEVICE_STATE_H
#define ADAPTER_JSON_DEVICE_STATE_H

#include "core/instant.h"

#include <stdbool.h>
#include <stddef.h>

struct json_t;

enum { DEVICE_STATE_NO_BATTERY = -1 };

struct device_state {
    const char *device, *respondent; /* NULL: under no order */
    const char *area;                /* NULL: of none */
    struct utc now;      /* our clock, by which ages are told; in an exercise that of the pings */
    struct utc heard;    /* by our clock: its newest position that could be believed came, */
    struct utc talked;   /* and its newest ping that said no newer one; either 0: none yet */
    struct utc time;     /* of that position, by the clock that it was judged by */
    struct utc quiet;    /* what is told as silent: nothing could be believed since; 0: it is not */
    const char *silence; /* a constant: "no-ping", "no-fix"; NULL: not silent */
    double accuracy;     /* metres, 68 % radius, of that position; NaN: unknown */
    int battery;         /* per cent, as it said last; DEVICE_STATE_NO_BATTERY: it never did */
    bool tampered, battery_low, clock_wrong;
    bool exercise;
};

/* A line, null where there is nothing to say. The caller frees; NULL when memory is out. */
char *device_state_print(const struct device_state *state);

/* Several of them, and where the next ones are asked for. */
struct device_page;

struct device_page *device_page_create(void);       /* NULL when memory is out */
void device_page_destroy(struct device_page *page); /* NULL is fine */
bool device_page_add(struct device_page *page, const struct device_state *state);
size_t device_page_length(const struct device_page *page);

/* {"devices":[…],"next":"…"}, null when there are no more; likewise. */
char *device_page_print(const struct device_page *page, const char *next);

/*
 * How bad a device is off, by its JSON, 0 the worst: silent, no-fix, tampered, battery low, clock
 * wrong, well. The word of that, "well", is a constant.
 */
enum { DEVICE_STATE_WELL = 5 };
int device_state_rank(const struct json_t *state);
const char *device_state_name(int rank);

#endif
