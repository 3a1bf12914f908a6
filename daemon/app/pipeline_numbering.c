/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_numbering.h"

#include "adapter/clock.h"
#include "app/pipeline_parts.h"
#include "core/numbering.h"

#include <stdlib.h>

bool pipeline_lacks_numbering(const struct pipeline *pipeline)
{
    return !roster_has_numbering(pipeline->roster) && ledger_sequence(pipeline->ledger) == 0;
}

bool pipeline_start_numbering(struct pipeline *pipeline, uint32_t after)
{
    struct incident row = { .numbers = after };

    return roster_start_numbering(pipeline->roster, after) &&
           ledger_put_incident(pipeline->ledger, "birth", &row);
}

uint32_t pipeline_epoch(const struct pipeline *pipeline)
{
    return roster_epoch(pipeline->roster);
}

uint32_t pipeline_numbered_after(const struct pipeline *pipeline)
{
    return roster_numbered_after(pipeline->roster);
}

bool pipeline_begin_epoch(struct pipeline *pipeline, uint32_t seen)
{
    // One more than what was seen: by that one itself leftovers are told.
    struct incident row = { .numbers = numbering_start(true, clock_utc(), seen, arc4random()) + 1 };
    uint32_t before = roster_epoch(pipeline->roster),
             start = roster_numbered_after(pipeline->roster);
    struct changes_place begin = ledger_begin(pipeline->ledger);

    if (row.numbers <= before || row.numbers <= start)
        row.numbers = (before > start ? before : start) + 1;
    if (ledger_put_incident(pipeline->ledger, "epoch", &row) &&
        roster_begin_epoch(pipeline->roster, row.numbers))
        return true;
    ledger_drop(pipeline->ledger, &begin);
    return false;
}
