/* SPDX-License-Identifier: Apache-2.0 */
/* report_gone.c - what somebody had taken out of the ledger in a period. */
#include "ctl/gone.h"
#include "ctl/report.h"

struct reading {
    struct period period;
    struct gone gone;
    bool broken; // out of memory
};

static bool on_entry(const struct read_entry *entry, void *arg)
{
    struct reading *reading = arg;
    json_t *body;

    if (entry->body == NULL || entry->at.ms < reading->period.from.ms ||
        entry->at.ms >= reading->period.to.ms)
        return true;
    body = json_loadb(entry->body, entry->size, 0, NULL);
    reading->broken = body == NULL || !gone_take(&reading->gone, entry, body);
    json_decref(body);
    return !reading->broken;
}

json_t *report_gone(struct ledger_reader *reader, struct period period, struct fault *why)
{
    struct reading reading = { .period = period };
    bool ok = ledger_reader_each_saying(reader, on_entry, &reading, why);
    json_t *json = NULL;

    if (ok && reading.broken)
        ok = fault_set(why, "a link that says what was taken cannot be read: breachctl verify");
    if (ok)
        json = json_pack("{s:i,s:i}", "forgotten", (int)json_array_size(reading.gone.forgotten),
                         "archived", (int)json_array_size(reading.gone.archived));
    gone_fini(&reading.gone);
    return json;
}
