/* SPDX-License-Identifier: Apache-2.0 */
#include "app/frugality.h"

#include "adapter/log.h"

void frugality_tick(struct service *service)
{
    enum room room = ledger_room(service->ledger);

    if (room == service->room)
        return;
    if (room == ROOM_AMPLE)
        log_info("ledger: its disk has room again: everything is kept");
    else if (room == ROOM_TIGHT)
        log_error("ledger: its disk gets full: what is told again is left out, and pings of who "
                  "sends more than others are not kept; every ping is judged; make room");
    else
        log_error("ledger: its disk is nearly full: only what opens, gets graver or is cleared is "
                  "kept; every ping is judged; make room now, or it will be blind");
    service->room = room;
}
