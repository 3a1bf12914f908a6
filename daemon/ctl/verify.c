/* SPDX-License-Identifier: Apache-2.0 */
/* verify.c - does every link of the chain follow from the one before, and every body fit its link?
 */
#include "adapter/print.h"
#include "ctl/access.h"
#include "ctl/command.h"
#include "ctl/line.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct walk {
    struct chain chain; // as far as it was walked
    uint64_t entries, taken, loose;
    struct access_counts access; // of LEDGER-access
    struct utc first, last;
    bool json;
    json_t *breaks;
    uint64_t n_breaks;
};

static void note_break(struct walk *walk, uint64_t number, const char *why)
{
    walk->n_breaks++;
    if (walk->json)
        json_array_append_new(walk->breaks,
                              json_pack("{s:I,s:s}", "entry", (json_int_t)number, "why", why));
    else
        print_line(stdout, "entry %" PRIu64 ": %s", number, why);
}

/* Retention takes the bodies of questions, and alerts of devices, where they are no evidence. */
static bool may_be_taken(const struct read_entry *entry)
{
    bool question = strcmp(entry->kind, "ping") == 0 || strcmp(entry->kind, "time") == 0 ||
                    strcmp(entry->kind, "rules") == 0 || strcmp(entry->kind, "alert") == 0;

    return question && !entry->evidence;
}

/* What is wrong with a body; NULL: it is as it should be. */
static const char *fault_of_body(const struct read_entry *entry)
{
    unsigned char digest[CHAIN_DIGEST];

    if (entry->body == NULL)
        return may_be_taken(entry) ? NULL : "evidence: its body is missing";
    if (!chain_digest(entry->body, entry->size, digest))
        return "its body's digest cannot be made";
    return memcmp(digest, entry->body_digest, CHAIN_DIGEST) == 0 ? NULL : "its body was changed";
}

static bool on_entry(const struct read_entry *entry, void *arg)
{
    struct walk *walk = arg;
    const char *body = fault_of_body(entry);
    char why[96];

    if (entry->number <= walk->chain.number) {
        note_break(walk, entry->number, "stands twice: two alerts claim it");
    } else if (entry->number != walk->chain.number + 1) {
        snprintf(why, sizeof why, "the %" PRIu64 " before it are missing",
                 entry->number - walk->chain.number - 1);
        note_break(walk, entry->number, why);
    } else if (!chain_extend(&walk->chain, entry->kind, entry->at, entry->body_digest) ||
               memcmp(walk->chain.digest, entry->digest, CHAIN_DIGEST) != 0) {
        note_break(walk, entry->number, "does not follow from the one before");
    }
    if (body != NULL)
        note_break(walk, entry->number, body);
    // From what stands there on, so that each break is told once.
    walk->chain.number = entry->number;
    memcpy(walk->chain.digest, entry->digest, CHAIN_DIGEST);
    if (walk->entries++ == 0)
        walk->first = entry->at;
    walk->last = entry->at;
    walk->taken += entry->body == NULL;
    return true;
}

static void on_crooked(uint64_t entry, void *walk)
{
    note_break(walk, entry, "the alert's row does not say what its event says");
}

static bool holds(const struct walk *walk)
{
    return walk->entries > 0 && walk->n_breaks == 0;
}

static void print_text(const struct walk *walk)
{
    char first[UTC_TEXT_MAX], last[UTC_TEXT_MAX], hex[CHAIN_HEX];

    if (walk->entries > 0)
        print_line(
            stdout, "%" PRIu64 " entries from %s to %s, %" PRIu64 " bodies taken away by retention",
            walk->entries, utc_print(walk->first, first), utc_print(walk->last, last), walk->taken);
    else
        print_line(stdout,
                   "no entries, so nothing is proven: a copy made without its log (-wal) lacks "
                   "what is in that");
    if (walk->loose > 0)
        print_line(stdout, "%" PRIu64 " alerts stand in no entry", walk->loose);
    print_line(stdout, "%" PRIu64 " looks at it are noted", walk->access.looks);
    if (walk->access.torn > 0)
        print_line(stdout,
                   "%" PRIu64 " torn lines stand among them: somebody who looked was cut off",
                   walk->access.torn);
    if (walk->n_breaks > 0)
        print_line(stdout, "the chain is broken in %" PRIu64 " places", walk->n_breaks);
    else if (walk->entries > 0)
        puts("the chain holds");
    print_line(stdout, "newest link %" PRIu64 " %s", walk->chain.number,
               chain_hex(walk->chain.digest, hex));
}

static void print_json(const struct walk *walk)
{
    char first[UTC_TEXT_MAX], last[UTC_TEXT_MAX], hex[CHAIN_HEX];
    json_t *json = json_pack(
        "{s:b,s:I,s:s,s:s,s:I,s:I,s:I,s:I,s:O,s:{s:I,s:s}}", "holds", holds(walk), "entries",
        (json_int_t)walk->entries, "from", utc_print(walk->first, first), "until",
        utc_print(walk->last, last), "taken", (json_int_t)walk->taken, "loose_alerts",
        (json_int_t)walk->loose, "looks", (json_int_t)walk->access.looks, "torn_looks",
        (json_int_t)walk->access.torn, "breaks", walk->breaks, "newest", "number",
        (json_int_t)walk->chain.number, "digest", chain_hex(walk->chain.digest, hex));

    line_json(stdout, json);
    json_decref(json);
}

int ctl_verify(int argc, char **argv)
{
    struct walk walk = { 0 };
    struct ctl_options options;
    struct ctl_source source;
    struct fault why, broken;
    int rest;
    bool ok;

    if (!ctl_options(argc, argv, &options, &rest) || rest != argc)
        return ctl_misused("verify");
    walk.json = options.json;
    walk.breaks = json_array();
    ok = ctl_source_open(&options, &source, &why) &&
         reader_each(source.reader, 0, INT64_MAX, on_entry, &walk, &why) &&
         reader_crooked_alerts(source.reader, on_crooked, &walk, &why);
    if (ok) {
        walk.loose = reader_loose_alerts(source.reader);
        if (walk.loose > 0)
            note_break(&walk, 0, "alerts stand in no entry");
        if (!access_verify(source.ledger, &walk.access, &broken))
            note_break(&walk, 0, broken.text);
        (options.json ? print_json : print_text)(&walk);
    }
    ctl_source_close(&source);
    json_decref(walk.breaks);
    if (!ok)
        return ctl_refuse("%s", why.text);
    return holds(&walk) ? CTL_DONE : CTL_FAILED;
}
