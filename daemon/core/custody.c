/* SPDX-License-Identifier: Apache-2.0 */
#include "core/custody.h"

#include <stdio.h>
#include <string.h>

static const char *const acts[] = { "ack", "close" };
_Static_assert(sizeof acts / sizeof *acts == CUSTODY_ACTS, "a word for each act");

static const char *const reasons[] = {
    "drift",      "authorised", "reasonable-excuse", "victim-approached",
    "attended",   "arrested",   "prosecuted",        "fined",
    "imprisoned", "other"
};

bool custody_act_of(const char *word, enum custody_act *out_act)
{
    for (int i = 0; i < CUSTODY_ACTS; i++) {
        if (strcmp(acts[i], word) == 0) {
            *out_act = (enum custody_act)i;
            return true;
        }
    }
    return false;
}

bool custody_reason_check(const char *reason, struct fault *why)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (strcmp(reasons[i], reason) == 0)
            return true;
    }
    return fault_set(why,
                     "reason: \"%.40s\" is none of drift authorised reasonable-excuse "
                     "victim-approached attended arrested prosecuted fined imprisoned "
                     "other",
                     reason);
}

void custody_alarm(struct custody *custody, struct utc at)
{
    custody->since = at;
    custody->reminded = 0;
    custody->taken = false;
}

bool custody_put(struct custody *custody, enum custody_act act, const char *by, const char *reason,
                 struct fault *why)
{
    if (by[0] == '\0' || strlen(by) >= CUSTODY_BY_MAX)
        return fault_set(why, "by: 1..%d characters are wanted", CUSTODY_BY_MAX - 1);
    if ((reason[0] != '\0' || act == CUSTODY_CLOSE) && !custody_reason_check(reason, why))
        return false;
    if (custody->closed)
        return fault_set(why, "closed already, by %s", custody->by);
    if (act == CUSTODY_ACK && custody->taken)
        return fault_set(why, "taken already, by %s", custody->by);
    custody->taken = true;
    custody->closed = act == CUSTODY_CLOSE;
    custody->told++;
    snprintf(custody->by, sizeof custody->by, "%s", by);
    return true;
}

void custody_note(struct custody *custody, const char *note)
{
    size_t n = strlen(note);

    if (n == 0)
        return;
    for (n = n < CUSTODY_NOTE_MAX ? n : CUSTODY_NOTE_MAX - 1; (note[n] & 0xC0) == 0x80; n--)
        ;
    memcpy(custody->note, note, n);
    custody->note[n] = '\0';
}

struct utc custody_due(const struct custody *custody, int64_t remind_ms)
{
    bool waits = custody->since.ms != 0 && !custody->taken && !custody->closed;

    return waits && custody->reminded < CUSTODY_REMINDERS
               ? utc_plus(custody->since, remind_ms << custody->reminded)
               : UTC_NEVER;
}
