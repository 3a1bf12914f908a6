/* SPDX-License-Identifier: Apache-2.0 */
/* report_removals.c - what somebody had taken out of the ledger in a period. */
#include "ctl/removals.h"
#include "ctl/report.h"

#include "ctl/line.h"

#include <string.h>

struct reading {
    struct period period;
    struct removals gone; // in it
    struct removals ever;
    struct utc said; // when Redis was last known to have all
    json_int_t lost; // alerts that Redis had and this ledger never
    struct utc lost_before;
    bool broken; // out of memory
};

/*
 * Numbers that the stream in Redis had given when a ledger that had not given them came: a new one,
 * after one was lost, or an older copy. When is known as far as this: not before Redis last said
 * that it had all of this ledger's.
 */
static void take_lost(struct reading *reading, const struct read_entry *entry, const json_t *body)
{
    if (strcmp(entry->kind, "published") == 0)
        reading->said = entry->at;
    if (strcmp(entry->kind, "renumbered") != 0 || entry->at.ms < reading->period.from.ms ||
        reading->said.ms >= reading->period.to.ms)
        return;
    reading->lost += json_integer_value(json_object_get(body, "from")) -
                     json_integer_value(json_object_get(body, "after"));
    reading->lost_before = entry->at;
}

static bool on_entry(const struct read_entry *entry, void *arg)
{
    struct reading *reading = arg;
    bool is_in = entry->at.ms >= reading->period.from.ms && entry->at.ms < reading->period.to.ms;
    json_t *body;

    if (entry->body == NULL)
        return true;
    body = json_loadb(entry->body, entry->size, 0, NULL);
    reading->broken = body == NULL || !removals_take(&reading->ever, entry, body) ||
                      (is_in && !removals_take(&reading->gone, entry, body));
    take_lost(reading, entry, body);
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

static json_t *print(const struct reading *reading, const struct report_ledgers *ledgers)
{
    char text[UTC_TEXT_MAX], expired[UTC_TEXT_MAX], lost[UTC_TEXT_MAX];
    struct utc before;
    size_t missing = find_missing(reading, ledgers, &before);

    // What the period may lack by it does not depend on when that went.
    return json_pack("{s:i,s:i,s:i,s:s?,s:I,s:I,s:s?,s:I,s:s?}", "forgotten",
                     (int)json_array_size(reading->gone.forgotten), "archived",
                     (int)json_array_size(reading->gone.archived), "missing", (int)missing,
                     "missing_before", missing > 0 ? utc_print(before, text) : NULL,
                     "expired_bodies", reading->gone.expired_bodies, "expired_alerts",
                     reading->gone.expired_alerts, "expired_before",
                     reading->ever.expired_before.ms > reading->period.from.ms
                         ? utc_print(reading->ever.expired_before, expired)
                         : NULL,
                     "lost_alerts", reading->lost, "lost_before",
                     reading->lost > 0 ? utc_print(reading->lost_before, lost) : NULL);
}

json_t *report_removals(const struct report_ledgers *ledgers, struct period period,
                        struct fault *why)
{
    struct reading reading = { .period = period };
    bool ok = ledger_reader_each_saying(ledgers->of[ledgers->n - 1].source.reader, on_entry,
                                        &reading, why);
    json_t *json = NULL;

    if (ok && reading.broken)
        ok = fault_set(why, "a link that says what was taken cannot be read: breachctl verify");
    if (ok)
        json = print(&reading, ledgers);
    removals_fini(&reading.gone);
    removals_fini(&reading.ever);
    return json;
}
