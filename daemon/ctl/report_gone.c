/* SPDX-License-Identifier: Apache-2.0 */
/* report_gone.c - what somebody had taken out of the ledger in a period. */
#include "ctl/gone.h"
#include "ctl/report.h"

#include "ctl/line.h"

#include <string.h>

struct reading {
    struct period period;
    struct gone gone; // in it
    struct gone ever;
    bool broken; // out of memory
};

static bool on_entry(const struct read_entry *entry, void *arg)
{
    struct reading *reading = arg;
    bool is_in = entry->at.ms >= reading->period.from.ms && entry->at.ms < reading->period.to.ms;
    json_t *body;

    if (entry->body == NULL)
        return true;
    body = json_loadb(entry->body, entry->size, 0, NULL);
    reading->broken = body == NULL || !gone_take(&reading->ever, entry, body) ||
                      (is_in && !gone_take(&reading->gone, entry, body));
    json_decref(body);
    return !reading->broken;
}

/* Of "archived, sha256 DIGEST"; "" when that is not said. */
static const char *sha256_of(const json_t *archived)
{
    static const char lead[] = "archived, sha256 ";
    const char *reason = line_text(archived, "reason");

    return strncmp(reason, lead, sizeof lead - 1) == 0 ? reason + sizeof lead - 1 : "";
}

/* Archives of what was before an instant that lies behind the period's beginning. */
static size_t find_missing(const struct reading *reading, const struct report_ledgers *ledgers,
                           struct utc *out_before)
{
    const json_t *one;
    size_t i, n = 0;

    *out_before = (struct utc){ 0 };
    json_array_foreach(reading->ever.archived, i, one)
    {
        struct utc before;

        if (!utc_parse(line_text(one, "before"), &before) || before.ms <= reading->period.from.ms ||
            report_ledgers_has(ledgers, sha256_of(one)))
            continue;
        n++;
        if (before.ms > out_before->ms)
            *out_before = before;
    }
    return n;
}

json_t *report_gone(const struct report_ledgers *ledgers, struct period period, struct fault *why)
{
    struct reading reading = { .period = period };
    bool ok = ledger_reader_each_saying(ledgers->of[ledgers->n - 1].source.reader, on_entry,
                                        &reading, why);
    char text[UTC_TEXT_MAX], expired[UTC_TEXT_MAX];
    struct utc before;
    json_t *json = NULL;
    size_t missing;

    if (ok && reading.broken)
        ok = fault_set(why, "a link that says what was taken cannot be read: breachctl verify");
    if (ok) {
        missing = find_missing(&reading, ledgers, &before);
        // What the period may lack by it does not depend on when that went.
        json = json_pack("{s:i,s:i,s:i,s:s?,s:I,s:I,s:s?}", "forgotten",
                         (int)json_array_size(reading.gone.forgotten), "archived",
                         (int)json_array_size(reading.gone.archived), "missing", (int)missing,
                         "missing_before", missing > 0 ? utc_print(before, text) : NULL,
                         "expired_bodies", reading.gone.expired_bodies, "expired_alerts",
                         reading.gone.expired_alerts, "expired_before",
                         reading.ever.expired_before.ms > period.from.ms
                             ? utc_print(reading.ever.expired_before, expired)
                             : NULL);
    }
    gone_fini(&reading.gone);
    gone_fini(&reading.ever);
    return json;
}
