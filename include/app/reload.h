/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reload.h - SIGHUP: settings and orders anew, whole or not at all. They are read and built beside
 * the loop, which judges by the old rules meanwhile; then they are swapped at once, and everybody
 * is judged again in steps.
 */
#ifndef APP_RELOAD_H
#define APP_RELOAD_H

#include "app/service.h"

/* Makes the events of a reload; false when memory is out. */
bool reload_open(struct service *service);
void reload_close(struct service *service);

/* SIGHUP came: obeyed when the reload before it is done, once for all that came meanwhile. */
void reload_ask(struct service *service);

/* A round of judging everybody again may have begun, or blindness come over it. */
void reload_go_on(struct service *service);

/* Whatever is being built is wanted no more. */
void reload_stop(struct service *service);

#endif
