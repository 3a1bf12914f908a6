/* SPDX-License-Identifier: Apache-2.0 */
/* reload.h - SIGHUP: settings and orders anew, whole or not at all. */
#ifndef APP_RELOAD_H
#define APP_RELOAD_H

#include "app/service.h"

void reload(struct service *service);

/* Every complaint as a line of the log, without what must not stand there. */
void reload_log(const struct complaints *complaints);

#endif
