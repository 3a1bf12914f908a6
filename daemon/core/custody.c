/* SPDX-License-Identifier: Apache-2.0 */
#include "core/custody.h"

#include <stdio.h>
#include <string.h>

static const char *const acts[] = { "ack", "close", "hand", "shelve", "note" };
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
    custody->outgrown = custody->shelved.ms != 0;
}

bool custody_grows(struct custody *custody, uint32_t severity)
{
    if (custody->shelved.ms == 0 || custody->outgrown || severity <= custody->shelved_at)
        return false;
    custody->outgrown = true;
    return true;
}

static bool is_name(const char *name, const char *field, struct fault *why)
{
    return (name[0] != '\0' && strlen(name) < CUSTODY_BY_MAX) ||
           fault_set(why, "%s: 1..%d characters are wanted", field, CUSTODY_BY_MAX - 1);
}

bool custody_put(struct custody *custody, enum custody_act act, const char *by, const char *reason,
                 struct fault *why)
{
    if (!is_name(by, "by", why))
        return false;
    if ((reason[0] != '\0' || act == CUSTODY_CLOSE) && !custody_reason_check(reason, why))
        return false;
    if (custody->closed)
        return fault_set(why, "closed already, by %s", custody->by);
    if (act == CUSTODY_ACK && custody->taken)
        return fault_set(why, "taken already, by %s", custody->by);
    custody->taken = true;
    custody->closed = act == CUSTODY_CLOSE;
    custody->alerts++;
    snprintf(custody->by, sizeof custody->by, "%s", by);
    if (custody->closed)
        custody_unshelve(custody);
    return true;
}

bool custody_hand(struct custody *custody, const char *by, const char *to, struct fault *why)
{
    if (!is_name(by, "by", why) || !is_name(to, "to", why))
        return false;
    if (custody->closed)
        return fault_set(why, "closed already, by %s", custody->by);
    if (!custody->taken)
        return fault_set(why, "nobody has it: ack takes it");
    if (strcmp(custody->by, to) == 0)
        return fault_set(why, "%s has it already", to);
    custody->alerts++;
    snprintf(custody->by, sizeof custody->by, "%s", to);
    return true;
}

/* A shelf that is not over is theirs: of the one who filled it, and of the one who has it now. */
static bool may_shelve(const struct custody *custody, const struct custody_shelf *shelf,
                       struct fault *why)
{
    if (custody->closed)
        return fault_set(why, "closed already, by %s", custody->by);
    if (custody->since.ms != 0 && !custody->taken)
        return fault_set(why, "nobody has seen it: ack takes it");
    return custody->shelved.ms == 0 || strcmp(custody->shelved_by, shelf->by) == 0 ||
           (custody->taken && strcmp(custody->by, shelf->by) == 0) ||
           fault_set(why, "shelved already, by %s: whoever has it may say another time",
                     custody->shelved_by);
}

bool custody_shelve(struct custody *custody, const struct custody_shelf *shelf, struct fault *why)
{
    struct utc last = utc_plus(shelf->now, CUSTODY_SHELF_MS);

    if (!is_name(shelf->by, "by", why) || !may_shelve(custody, shelf, why))
        return false;
    if (shelf->until.ms <= shelf->now.ms)
        return fault_set(why, "until: that is over");
    if (shelf->until.ms - CUSTODY_SHELF_SLACK_MS > last.ms)
        return fault_set(why, "until: more than %d hours away", CUSTODY_SHELF_MS / 3600000);
    custody->shelved = utc_earlier(shelf->until, last);
    custody->shelved_at = shelf->severity;
    custody->outgrown = false;
    custody->alerts++;
    snprintf(custody->shelved_by, sizeof custody->shelved_by, "%s", shelf->by);
    return true;
}

void custody_unshelve(struct custody *custody)
{
    custody->shelved.ms = 0;
    custody->shelved_at = 0;
    custody->outgrown = false;
    memset(custody->shelved_by, 0, sizeof custody->shelved_by);
}

bool custody_may_note(const struct custody *custody, const char *by, const char *note,
                      struct fault *why)
{
    if (!is_name(by, "by", why))
        return false;
    if (note[strspn(note, " \t")] == '\0')
        return fault_set(why, "note: it says nothing");
    return !custody->closed || fault_set(why, "closed already, by %s", custody->by);
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

bool custody_shelf_is_over(const struct custody *custody, struct utc now)
{
    return custody->shelved.ms != 0 && (custody->outgrown || custody->shelved.ms <= now.ms);
}

static struct utc escalation_due(const struct custody *custody, int64_t remind_ms)
{
    bool waits = custody->since.ms != 0 && !custody->taken && !custody->closed;

    return waits && custody->reminded < CUSTODY_REMINDERS
               ? utc_plus(custody->since, remind_ms << custody->reminded)
               : UTC_NEVER;
}

struct utc custody_due(const struct custody *custody, int64_t remind_ms)
{
    if (custody->outgrown)
        return (struct utc){ 1 }; // at once, whatever the time is
    return utc_earlier(custody->shelved.ms != 0 ? custody->shelved : UTC_NEVER,
                       escalation_due(custody, remind_ms));
}
