/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_put.h - one alert, or one device, as rows of the commit that gathers. */
#ifndef APP_PIPELINE_PUT_H
#define APP_PIPELINE_PUT_H

#include <stdbool.h>

struct alert;
struct known_device;
struct pipeline;

/*
 * Puts one alert with the changes that gather, and whoever must take it; `evidence`: it stays for
 * good, also where it is of no zone. What does not fit is the caller's to drop, and what it means
 * for who has the incident is said by pipeline_acks_alarm once all is put.
 */
bool pipeline_put_alert(struct pipeline *pipeline, const struct alert *alert, bool evidence);

/* Puts one alert with the changes that gather. */
bool pipeline_tell(struct pipeline *pipeline, const struct alert *alert);

/* Puts what is known of the device with the changes that gather, or nothing. */
bool pipeline_put_device(struct pipeline *pipeline, const char *id,
                         const struct known_device *device);

#endif
