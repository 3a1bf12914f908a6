/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device_answer.h - when devices were last heard, for `breachctl devices` and GET /v1/devices: one
 * of any id, or those of the orders in force, some at a time.
 */
#ifndef APP_DEVICE_ANSWER_H
#define APP_DEVICE_ANSWER_H

#include "core/instant.h"

#include <stdbool.h>
#include <stddef.h>

struct service;

enum {
    DEVICE_PAGE_MAX = 128,  /* devices in a page: some 50 KB */
    DEVICE_SCAN_MAX = 4096, /* respondents looked at for a page, in force or not */
    DEVICE_CURSOR_MAX = 72
};

#define DEVICE_ANSWER_ANEW "other rules are in force: begin anew"

/* Of the device of that id, a line of JSON; the caller frees. NULL when memory is out. */
char *device_answer(struct service *service, const char *device, struct utc now);

/* Whether it is under an order, or anything is known of it. */
bool device_answer_knows(struct service *service, const char *device);

/*
 * A page of them (device_page_print) after `cursor`, "" the first; of one area, NULL: of all; as
 * they are at `now`, by which ages are told. The caller frees; NULL when memory is out. False: no
 * such cursor, or it is of rules that are not in force any more; *out is untouched, and whoever
 * asks may begin anew.
 */
bool device_answer_page(struct service *service, const char *cursor, const char *area,
                        struct utc now, char **out);

#endif
