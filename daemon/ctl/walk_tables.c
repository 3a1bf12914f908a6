/* SPDX-License-Identifier: Apache-2.0 */
/* walk_tables.c - do the tables beside the chain say what the chain says? */
#include "adapter/ledger/audit.h"
#include "adapter/ledger/store_closing.h"
#include "core/alert.h"
#include "ctl/walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool is_closed(const struct walk *walk, const struct read_alert *alert)
{
    return walk->statements.closing.link != 0 && alert->entry <= walk->statements.closing.number;
}

/* ---- sequences ---- */

/* What has become of a number that was given when `moved` renumberings had been. */
static int64_t moved_on(const struct walk *walk, int64_t sequence)
{
    for (size_t i = walk->moved; i < walk->statements.n_renumbered; i++) {
        const struct statement_renumbered *one = &walk->statements.renumbered[i];

        if (sequence > one->after)
            sequence += one->from - one->after;
    }
    return sequence;
}

/* The other way round: what was given, so that it has become this. */
static int64_t moved_back(const struct walk *walk, int64_t sequence)
{
    for (size_t i = walk->statements.n_renumbered; i > walk->moved; i--) {
        const struct statement_renumbered *one = &walk->statements.renumbered[i - 1];

        if (sequence > one->from)
            sequence -= one->from - one->after;
    }
    return sequence;
}

/* Renumberings up to that link move what is to be given next. */
static void move_until(struct walk *walk, uint64_t link)
{
    for (; walk->moved < walk->statements.n_renumbered &&
           walk->statements.renumbered[walk->moved].link < link;
         walk->moved++) {
        const struct statement_renumbered *one = &walk->statements.renumbered[walk->moved];

        walk->sequence += one->from - one->after;
    }
}

/* Alerts that retention took before that link had the numbers in between. */
static void count_taken(struct walk *walk, uint64_t link)
{
    const struct statements *statements = &walk->statements;

    for (; walk->passed < statements->n_taken && statements->taken[walk->passed].until < link;
         walk->passed++) {
        const struct statement_taken *one = &statements->taken[walk->passed];

        if (one->alerts)
            walk->sequence += (int64_t)(one->until - one->from + 1);
    }
}

static void check_sequence(struct walk *walk, const struct read_alert *alert)
{
    int64_t want;
    char why[96];

    move_until(walk, alert->entry);
    count_taken(walk, alert->entry);
    want = moved_on(walk, ++walk->sequence);
    if (alert->sequence == want)
        return;
    snprintf(why, sizeof why, "its alert has the sequence %" PRId64 ", not %" PRId64,
             alert->sequence, want);
    walk->on_break(alert->entry, why, walk->arg);
    walk->sequence = moved_back(walk, alert->sequence); // a hole is told once
}

/* ---- alerts ---- */

static void on_alert(const struct read_alert *alert, void *arg)
{
    struct walk *walk = arg;
    bool linked = strcmp(alert->linked, "alert") == 0 || strcmp(alert->linked, "notice") == 0;

    if (alert->odd)
        walk->on_break(alert->entry,
                       "a column of the alert is of another type, or holds a zero "
                       "byte",
                       walk->arg);
    if (is_closed(walk, alert)) {
        store_closing_add_alert(&walk->closing, moved_back(walk, alert->sequence), alert->entry,
                                &alert->row, alert->event ? alert->event : "", alert->size);
        return;
    }
    if (!linked) {
        walk->orphans++;
        return;
    }
    check_sequence(walk, alert);
    if (alert->mismatched)
        walk->on_break(alert->entry, "the alert's row does not say what its event says", walk->arg);
    if (strcmp(alert->row.type, alert_type_name(ALERT_CHAIN)) == 0 &&
        alert->entry > walk->anchored_by) {
        walk->anchored_by = alert->entry;
        walk->anchored_at = alert->at;
    }
}

static bool check_alerts(struct walk *walk, struct ledger_reader *reader, struct fault *why)
{
    const struct statement_closing *closing = &walk->statements.closing;
    unsigned char digest[CHAIN_DIGEST];
    char hex[CHAIN_HEX];

    walk->sequence = closing->sequence;
    digest_begin(&walk->closing);
    if (!audit_alerts(reader, on_alert, walk, why)) {
        digest_end(&walk->closing, digest);
        return false;
    }
    if (digest_end(&walk->closing, digest) && closing->link != 0 &&
        strcmp(chain_hex(digest, hex), closing->alerts) != 0)
        walk->on_break(closing->link, "an alert of before it was changed, put in or taken out",
                       walk->arg);
    if (walk->orphans > 0)
        walk->on_break(0, "alerts stand in no entry", walk->arg);
    move_until(walk, UINT64_MAX);
    count_taken(walk, UINT64_MAX);
    return true;
}

/* ---- the rest ---- */

static void on_odd_incident(const char *table, const char *incident, void *arg)
{
    struct walk *walk = arg;
    char why[160];

    snprintf(why, sizeof why, "the table %s does not say of %.80s what its alerts say", table,
             incident);
    walk->on_break(0, why, walk->arg);
}

static void check_mark(struct walk *walk, const char *name, int64_t is, int64_t want)
{
    char why[128];

    if (is == want)
        return;
    snprintf(why, sizeof why, "the mark %s says %" PRId64 ", the chain %" PRId64, name, is, want);
    walk->on_break(0, why, walk->arg);
}

static bool check_marks(struct walk *walk, struct ledger_reader *reader, struct fault *why)
{
    struct audit_marks marks;

    if (!audit_marks(reader, &marks, why))
        return false;
    check_mark(walk, "sequence", marks.sequence, walk->sequence);
    check_mark(walk, "published", marks.published, walk->statements.published);
    check_mark(walk, "newest", marks.newest, (int64_t)walk->chain.number);
    check_mark(walk, "anchored", marks.anchored, walk->anchored_at.ms);
    if (marks.odd != 0)
        walk->on_break(0, "a mark, or what is known, is of another type or name", walk->arg);
    if (memcmp(marks.known, marks.found, CHAIN_DIGEST) != 0)
        walk->on_break(0,
                       "what is known of devices, incidents, custodies, or was heard, was changed",
                       walk->arg);
    return true;
}

bool walk_tables(struct walk *walk, struct ledger_reader *reader, struct fault *why)
{
    return check_alerts(walk, reader, why) && audit_incidents(reader, on_odd_incident, walk, why) &&
           check_marks(walk, reader, why);
}

bool walk_ledger(struct walk *walk, struct ledger_reader *reader, struct fault *why)
{
    uint64_t newest;
    bool ok;

    walk->statements.on_odd = walk->on_break;
    walk->statements.arg = walk->arg;
    anchors_sort(walk->anchors);
    ok = ledger_reader_hold(reader, why) && ledger_reader_newest(reader, &newest, why);
    if (ok)
        meter_begin(&walk->meter, walk->what, newest);
    ok = ok && statements_read(reader, &walk->statements, why) && walk_links(walk, reader, why) &&
         walk_tables(walk, reader, why);
    meter_end(&walk->meter);
    if (walk->removed != NULL) {
        *walk->removed = walk->statements.gone;
        walk->statements.gone = (struct removals){ 0 };
    }
    statements_fini(&walk->statements);
    return ok;
}
