/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger_door.h - where breachctl asks the breachd that holds the ledger: at LEDGER-door, for who
 * may read the ledger itself; and at $RUNTIME_DIRECTORY/door, where the machine's people may say
 * that they look at a copy, and nothing else. Each look is a link of the chain before it is
 * answered.
 */
#ifndef APP_LEDGER_DOOR_H
#define APP_LEDGER_DOOR_H

#include "adapter/line_door.h"
#include "app/service.h"

/*
 * So many looks of a user an hour at the door that is open to everybody, of those that are about
 * this ledger: each costs a commit. Of more than ACCESS_USERS_MAX users the others get none.
 */
enum { LEDGER_DOOR_ACCESSES_AN_HOUR = 600 };

/* A door that cannot be opened is warned of: pings are judged without. */
void ledger_door_open(struct service *service);
void ledger_door_close(struct service *service);

#endif
