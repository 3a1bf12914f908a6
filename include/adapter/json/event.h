/* SPDX-License-Identifier: Apache-2.0 */
/* event.h - an alert as the CloudEvents 1.0 event that subscribers read (CONTRACT 7). */
#ifndef ADAPTER_JSON_EVENT_H
#define ADAPTER_JSON_EVENT_H

#include "core/alert.h"

#include <stdint.h>

enum { EVENT_ID_MAX = 4 * (NAME_MAX_CHARS + 1) + 2 * 11 };

struct event_source {
    const char *site;
    bool exercise;
    bool no_position; /* leave out where a ping was: [alerts] position = none */
};

/*
 * "DVPO-2020-0113/home/1", "device/tag-0042/tamper/1", "blind/1", "senders/1"; empty for an
 * alert about our clock or the chain.
 */
void event_incident(const struct alert *alert, char out[EVENT_ID_MAX]);

/*
 * "essex/DVPO-2020-0113/home/1/2", "essex/device/tag-0042/3", "essex/blind/1/1",
 * "essex/clock/1", "essex/chain/1592943245".
 */
void event_id(const struct alert *alert, const char *site, char out[EVENT_ID_MAX]);

/*
 * The event without its sequence, which the ledger gives. The
 * caller frees; NULL when memory is out.
 */
char *event_print(const struct alert *alert, const struct event_source *source);

/*
 * The same with `"sequence":"412","age":3` put in: whole seconds from data.received to `now`; 0
 * when that is not after it, as UTC_ALWAYS never is. What is no object, an empty text too, is
 * numbered as an empty one, `{"sequence":"412","age":0}`, so that subscribers see no gap and what
 * comes after it goes out. The caller frees; NULL when memory is out.
 */
char *event_number(const char *event, uint64_t sequence, struct utc now);

/* What stands in {PREFIX}:todo beside an alert; texts are borrowed, and NULL and "" are null. */
struct event_holder {
    const char *by, *note;
    struct utc shelved; /* until when; 0: it is not */
    const char *shelved_by;
};

/*
 * What stands in {PREFIX}:todo:
 * `{"alert":EVENT,"by":"PC 42","note":null,"shelved":{"by":"PC 42","until":"…"}}`, and without an
 * event what follows it. The caller frees; NULL when memory is out.
 */
char *event_need(const char *event, const struct event_holder *holder);

#endif
