/* SPDX-License-Identifier: Apache-2.0 */
/* api.h - which path of the HTTP door does what. */
#ifndef APP_API_H
#define APP_API_H

#include "app/service.h"

/* An http_handler; `service` is the struct service. */
void api_handle(struct http_exchange *exchange, void *service);

/* An http_gate: who may not come in is told so before anybody waits for the body. */
bool api_gate(struct http_exchange *exchange, void *service);

/* Pages of devices, which wait for their turn; false: memory is out. */
bool api_devices_open(struct service *service);
void api_devices_close(struct service *service); /* who waits is not answered; twice is fine */

#endif
