/* SPDX-License-Identifier: Apache-2.0 */
/* frugality.h - the ledger's disk gets full: said before nobody can be watched any more. */
#ifndef APP_FRUGALITY_H
#define APP_FRUGALITY_H

#include "app/service.h"

/* Logs when the room on the ledger's disk has become less or more; call once a second. */
void frugality_tick(struct service *service);

#endif
