/* SPDX-License-Identifier: Apache-2.0 */
/*
 * service_stop.h - the two lists of a stop, each in the order in which it is gone through: what is
 * shut when somebody asks for it, while all that was taken still comes onto the disk and to Redis;
 * and what is taken down once the loop has ended, backwards of the start.
 */
#ifndef APP_SERVICE_STOP_H
#define APP_SERVICE_STOP_H

#include "app/service.h"

/* From now on nothing more is taken; what is known of everybody is handed to the ledger last. */
void service_shut(struct service *service);

/* Takes down all that there is: a start may have ended anywhere. */
void service_stop(struct service *service);

#endif
