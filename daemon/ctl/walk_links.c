/* SPDX-License-Identifier: Apache-2.0 */
/* walk_links.c - does every link follow from the one before, and every body fit its link? */
#include "adapter/ledger/store_closing.h"
#include "ctl/walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void tell(struct walk *walk, const struct read_entry *entry, const char *why)
{
    walk->on_break(entry->number, why, walk->arg);
}

/* ---- its place ---- */

static bool follows(struct walk *walk, const struct read_entry *entry)
{
    bool made = entry->old
                    ? chain_extend_1(&walk->chain, entry->kind, entry->at, entry->body_digest)
                    : chain_extend(&walk->chain, &entry->link);

    return made && memcmp(walk->chain.digest, entry->digest, CHAIN_DIGEST) == 0;
}

/* By the old rule is all up to where the chain was closed, and nothing after it. */
static bool is_of_its_time(const struct walk *walk, const struct read_entry *entry)
{
    const struct statement_closing *closing = &walk->statements.closing;

    return entry->old == (closing->link != 0 && entry->number <= closing->number);
}

static void check_place(struct walk *walk, const struct read_entry *entry)
{
    char why[96];

    if (entry->number <= walk->chain.number) {
        tell(walk, entry, "stands twice: two alerts claim it");
    } else if (entry->number != walk->chain.number + 1) {
        snprintf(why, sizeof why, "the %" PRIu64 " before it are missing",
                 entry->number - walk->chain.number - 1);
        tell(walk, entry, why);
    } else if (!follows(walk, entry)) {
        tell(walk, entry, "does not follow from the one before");
    } else if (!is_of_its_time(walk, entry)) {
        tell(walk, entry, "was made by another rule than its time had");
    }
    if (entry->odd)
        tell(walk, entry, "a column is of another type, or holds a zero byte");
    // From what stands there on, so that each break is told once.
    walk->chain.number = entry->number;
    memcpy(walk->chain.digest, entry->digest, CHAIN_DIGEST);
}

static void check_anchors(struct walk *walk, const struct read_entry *entry)
{
    struct anchors *anchors = walk->anchors;
    char hex[CHAIN_HEX];

    chain_hex(entry->digest, hex);
    for (; anchors->next < anchors->n && anchors->all[anchors->next].number <= entry->number;
         anchors->next++) {
        const struct anchor *anchor = &anchors->all[anchors->next];

        if (anchor->number < entry->number)
            walk->on_break(anchor->number, "was told outside, and is missing", walk->arg);
        else if (strcmp(anchor->digest, hex) != 0)
            tell(walk, entry, "is not the link that was told outside: the chain was made anew");
        else
            walk->anchored++;
    }
}

/* ---- its body ---- */

/* Retention takes the bodies of questions, alerts, and nothing else. */
static bool is_question(const struct read_entry *entry)
{
    return strcmp(entry->kind, "ping") == 0 || strcmp(entry->kind, "time") == 0 ||
           strcmp(entry->kind, "rules") == 0;
}

static bool is_alert(const struct read_entry *entry)
{
    return strcmp(entry->kind, "alert") == 0 || strcmp(entry->kind, "notice") == 0;
}

/* What an incident keeps beside its questions and alerts; and whom it is about. */
static bool is_beside(const struct read_entry *entry, bool texts)
{
    return strcmp(entry->kind, "withdrawn") == 0 || strcmp(entry->kind, "ack") == 0 ||
           (texts && strcmp(entry->kind, "order") == 0);
}

/* By a link that takes evidence: when its time is over, or its respondent is forgotten. */
static bool may_evidence_be_gone(const struct read_entry *entry,
                                 const struct statement_taken *taken)
{
    return (is_question(entry) || is_alert(entry) || is_beside(entry, taken->forgotten)) &&
           taken->alerts == is_alert(entry) &&
           (taken->forgotten || entry->at.ms < taken->before.ms);
}

/* Whether a body that is not there may be gone: by a link that took it, before it was evidence. */
static bool may_be_gone(const struct walk *walk, const struct read_entry *entry,
                        const struct statement_taken *taken, uint64_t evidence)
{
    if (taken != NULL && (taken->evidence || taken->forgotten))
        return may_evidence_be_gone(entry, taken);
    if (!(is_question(entry) || is_alert(entry)) || entry->link.evidence)
        return false;
    if (taken == NULL) // before there were such links: the closing one says which
        return is_question(entry) && entry->old && entry->number <= walk->statements.closing.number;
    if (taken->alerts != is_alert(entry))
        return false;
    return entry->at.ms < taken->before.ms && (evidence == 0 || evidence > taken->link);
}

static void check_body(struct walk *walk, const struct read_entry *entry, uint64_t evidence)
{
    const struct statement_taken *taken = statement_taken(&walk->statements, entry->number);
    unsigned char digest[CHAIN_DIGEST];

    if (entry->body == NULL) {
        walk->taken++;
        walk->gone[taken != NULL ? taken->why : REMOVED_BY_RETENTION]++;
        if (!may_be_gone(walk, entry, taken, evidence))
            tell(walk, entry, "evidence: its body is missing");
    } else if (!chain_digest(entry->body, entry->size, digest) ||
               memcmp(digest, entry->body_digest, CHAIN_DIGEST) != 0) {
        tell(walk, entry, "its body was changed");
    } else if (taken != NULL) {
        tell(walk, entry, "its body is there although retention took it");
    }
    if (entry->number <= walk->statements.closing.number)
        store_closing_add_entry(&walk->closing, entry->number, &entry->link,
                                entry->kept || taken != NULL);
}

static bool on_entry(const struct read_entry *entry, void *arg)
{
    struct walk *walk = arg;
    uint64_t evidence = statement_evidence(&walk->statements, entry);

    check_place(walk, entry);
    check_anchors(walk, entry);
    if (!entry->link.evidence && entry->became != (evidence != 0))
        tell(walk, entry,
             entry->became ? "calls itself evidence, and no entry made it so"
                           : "was made evidence, and calls itself none");
    check_body(walk, entry, evidence);
    walk->accesses += strcmp(entry->kind, "access") == 0;
    if (walk->entries++ == 0)
        walk->first = entry->at;
    walk->last = entry->at;
    meter_at(&walk->meter, entry->number);
    return true;
}

/* ---- what the closing link closed ---- */

/* `digest` is of what the old rule left out. */
static void check_closed(struct walk *walk, const unsigned char digest[CHAIN_DIGEST],
                         const struct chain *head)
{
    const struct statement_closing *closing = &walk->statements.closing;
    char hex[CHAIN_HEX], why[128];

    snprintf(why, sizeof why,
             "of the entries up to %" PRIu64 ", which it closed, whose they are, a flag or a body "
             "was changed",
             closing->number);
    if (strcmp(chain_hex(digest, hex), closing->entries) != 0)
        walk->on_break(closing->link, why, walk->arg);
    if (head->number != closing->number ||
        strcmp(chain_hex(head->digest, hex), closing->digest) != 0)
        walk->on_break(closing->link, "names another link than the newest of the chain it closed",
                       walk->arg);
}

bool walk_links(struct walk *walk, struct ledger_reader *reader, struct fault *why)
{
    const struct statement_closing *closing = &walk->statements.closing;
    unsigned char digest[CHAIN_DIGEST];
    struct chain head;
    bool ok;

    digest_begin(&walk->closing);
    ok = ledger_reader_each(reader, 0, closing->number, on_entry, walk, why);
    head = walk->chain;
    ok = (digest_end(&walk->closing, digest) || fault_set(why, "out of memory")) && ok;
    if (ok && closing->link != 0)
        check_closed(walk, digest, &head);
    if (!ok || !ledger_reader_each(reader, closing->number + 1, INT64_MAX, on_entry, walk, why))
        return false;
    for (; walk->anchors->next < walk->anchors->n; walk->anchors->next++)
        walk->on_break(walk->anchors->all[walk->anchors->next].number,
                       "was told outside, and is missing: the end was taken away", walk->arg);
    return true;
}
