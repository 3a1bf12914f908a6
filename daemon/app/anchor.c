/* SPDX-License-Identifier: Apache-2.0 */
#include "app/anchor.h"

#include "adapter/ledger/ledger.h"
#include "adapter/log.h"
#include "app/pipeline_put.h"
#include "app/pipeline_state.h"

#include <inttypes.h>
#include <stdio.h>

enum { DAY_MS = 24 * 60 * 60 * 1000 };

/* A day since the last, by a clock that may have been set either way. */
static bool is_due(struct anchor_teller *teller, struct utc now)
{
    struct utc last = ledger_anchored(teller->ledger);

    if (last.ms == UTC_ALWAYS.ms) {
        if (teller->begun.ms == 0)
            teller->begun = now;
        last = teller->begun;
    }
    return now.ms - last.ms >= DAY_MS || last.ms - now.ms >= DAY_MS;
}

/* Seconds since 1970: also a new ledger of the same site gives no number again. */
static struct alert make_alert(const struct chain *head, const char *removed, struct utc now)
{
    struct alert alert = alert_make(ALERT_CHAIN, now, now);
    char hex[CHAIN_HEX];

    alert.nth = (uint32_t)(now.ms / 1000);
    snprintf(alert.reason, sizeof alert.reason, "newest link %" PRIu64 " %s%s%s%s", head->number,
             chain_hex(head->digest, hex), removed[0] != '\0' ? " (" : "", removed,
             removed[0] != '\0' ? ")" : "");
    return alert;
}

/* First what is known becomes a link, so that the one that is told holds it too. */
static void put_state(struct anchor_teller *teller, struct utc now)
{
    struct changes_place begin = ledger_begin(teller->ledger);

    if (!ledger_put_state(teller->ledger, now, false)) {
        ledger_drop(teller->ledger, &begin); // tried a second later
        return;
    }
    teller->state_in = ledger_gathering(teller->ledger);
    ledger_flush(teller->ledger);
}

static void tell(struct anchor_teller *teller, struct utc now)
{
    struct chain head = ledger_head(teller->ledger);
    struct alert alert = make_alert(&head, ledger_removed(teller->ledger), now);

    if (!pipeline_tell(teller->pipeline, &alert))
        return; // tried a second later
    log_info("chain: %s", alert.reason);
    teller->asked = false;
    teller->reported_in = ledger_gathering(teller->ledger);
    ledger_flush(teller->ledger);
}

void anchor_tick(struct anchor_teller *teller)
{
    struct utc now = pipeline_now(teller->pipeline);
    uint64_t committed = ledger_committed(teller->ledger);

    if (pipeline_closed(teller->pipeline) != NULL) {
        teller->state_in = teller->reported_in = 0; // what was not committed is given up
        return;
    }
    if (teller->reported_in != 0 && committed >= teller->reported_in)
        teller->state_in = teller->reported_in = 0;
    if (teller->reported_in != 0 ||
        (teller->state_in == 0 && !teller->asked && !is_due(teller, now) &&
         ledger_removed(teller->ledger)[0] == '\0'))
        return;
    if (teller->state_in == 0)
        put_state(teller, now);
    else if (committed >= teller->state_in)
        tell(teller, now);
}
