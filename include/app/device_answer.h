/* SPDX-License-Identifier: Apache-2.0 */
/* device_answer.h - when a device was last heard, for `breachctl devices`. */
#ifndef APP_DEVICE_ANSWER_H
#define APP_DEVICE_ANSWER_H

struct service;

/* Of the device of that id, a line of JSON; the caller frees. NULL when memory is out. */
char *device_answer(struct service *service, const char *device);

#endif
