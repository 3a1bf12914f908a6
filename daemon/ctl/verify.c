/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify.c - does every link of the chain follow from the one before, and everything fit its link?
 */
#include "adapter/print.h"
#include "ctl/access.h"
#include "ctl/command.h"
#include "ctl/line.h"
#include "ctl/walk.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct report {
    struct walk walk;
    struct removals removed;
    struct access_counts access; // of LEDGER-access
    bool json;
    json_t *breaks;
    uint64_t n_breaks;
};

static void note_break(uint64_t entry, const char *why, void *arg)
{
    struct report *report = arg;

    report->n_breaks++;
    if (report->json)
        json_array_append_new(report->breaks,
                              json_pack("{s:I,s:s}", "entry", (json_int_t)entry, "why", why));
    else
        print_line(stdout, "entry %" PRIu64 ": %s", entry, why);
}

static bool holds(const struct report *report)
{
    return report->walk.entries > 0 && report->n_breaks == 0;
}

/* Up to there nobody can make it anew without whoever kept the stream, or the log, seeing it. */
static void print_anchored(const struct walk *walk)
{
    char at[UTC_TEXT_MAX];

    if (walk->anchored_by > 0)
        print_line(stdout, "last told outside in entry %" PRIu64 ", at %s; %" PRIu64 " came since",
                   walk->anchored_by, utc_print(walk->anchored_at, at),
                   walk->chain.number - walk->anchored_by);
    else if (walk->entries > 0)
        print_line(stdout, "no link of it was told outside yet: who makes it all anew is not seen");
}

/* What somebody had taken away is told by name, apart from what time took. */
static void print_gone(const struct walk *walk)
{
    static const char *const words[] = { [REMOVED_FORGOTTEN] = "of who was forgotten",
                                         [REMOVED_ARCHIVED] = "let go into an archive",
                                         [REMOVED_LEFT_OUT] =
                                             "of later, left out of this archive" };

    for (int why = REMOVED_FORGOTTEN; why <= REMOVED_LEFT_OUT; why++) {
        if (walk->gone[why] > 0)
            print_line(stdout, "%" PRIu64 " bodies %s", walk->gone[why], words[why]);
    }
    removals_print(walk->removed);
}

static void print_text(const struct report *report)
{
    const struct walk *walk = &report->walk;
    char first[UTC_TEXT_MAX], last[UTC_TEXT_MAX], hex[CHAIN_HEX];

    if (walk->entries > 0)
        print_line(stdout,
                   "%" PRIu64 " entries from %s to %s, %" PRIu64 " bodies taken away by retention",
                   walk->entries, utc_print(walk->first, first), utc_print(walk->last, last),
                   walk->gone[REMOVED_BY_RETENTION]);
    else
        print_line(stdout,
                   "no entries, so nothing is proven: a copy made without its log (-wal) lacks "
                   "what is in that");
    if (walk->orphans > 0)
        print_line(stdout, "%" PRIu64 " alerts stand in no entry", walk->orphans);
    print_gone(walk);
    print_line(stdout, "%" PRIu64 " looks at it are noted",
               walk->accesses + report->access.accesses);
    if (report->access.torn > 0)
        print_line(stdout,
                   "%" PRIu64 " torn lines stand among them: somebody who looked was cut off",
                   report->access.torn);
    print_anchored(walk);
    if (walk->anchors->n > 0)
        print_line(stdout, "%" PRIu64 " of %zu links told outside are in it", walk->anchored,
                   walk->anchors->n);
    if (report->n_breaks > 0)
        print_line(stdout, "the chain is broken in %" PRIu64 " places", report->n_breaks);
    else if (walk->entries > 0)
        puts("the chain holds");
    print_line(stdout, "newest link %" PRIu64 " %s", walk->chain.number,
               chain_hex(walk->chain.digest, hex));
}

static void set_list(json_t *json, const char *name, json_t *list)
{
    json_object_set_new(json, name, list != NULL ? json_incref(list) : json_array());
}

static void print_json(const struct report *report)
{
    const struct walk *walk = &report->walk;
    char first[UTC_TEXT_MAX], last[UTC_TEXT_MAX], hex[CHAIN_HEX];
    json_t *json = json_pack(
        "{s:b,s:I,s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:O,s:{s:I,s:s}}", "holds", holds(report),
        "entries", (json_int_t)walk->entries, "from", utc_print(walk->first, first), "until",
        utc_print(walk->last, last), "taken", (json_int_t)walk->taken, "loose_alerts",
        (json_int_t)walk->orphans, "looks", (json_int_t)(walk->accesses + report->access.accesses),
        "torn_looks", (json_int_t)report->access.torn, "anchored", (json_int_t)walk->anchored,
        "told_in", (json_int_t)walk->anchored_by, "breaks", report->breaks, "newest", "number",
        (json_int_t)walk->chain.number, "digest", chain_hex(walk->chain.digest, hex));

    json_object_set_new(json, "taken_by_retention",
                        json_integer((json_int_t)walk->gone[REMOVED_BY_RETENTION]));
    set_list(json, "forgotten", walk->removed->forgotten);
    set_list(json, "archived", walk->removed->archived);
    line_json(stdout, json);
    json_decref(json);
}

static bool take_anchors(const struct ctl_options *options, struct anchors *anchors,
                         struct fault *why)
{
    return (options->anchor == NULL || anchors_take(anchors, options->anchor, why)) &&
           (options->anchors == NULL || anchors_read(anchors, options->anchors, why));
}

/* Whoever wants it told can wait: it is in the stream and in the log some seconds later. */
static bool ask_for_anchor(const struct ctl_source *source, struct fault *why)
{
    struct ledger_request request = { .kind = LEDGER_REQUEST_CHAIN };
    struct fault cause;
    bool nobody;

    return access_ask(source->ledger, &request, &nobody, &cause) ||
           fault_set(why, "the newest link is not told: %.500s", cause.text);
}

static bool verify(struct report *report, const struct ctl_source *source, bool tell,
                   struct fault *why)
{
    struct fault broken;

    if (tell && !ask_for_anchor(source, why))
        return false;
    if (!walk_ledger(&report->walk, source->reader, why))
        return false;
    if (!access_verify(source->ledger, &report->access, &broken))
        note_break(0, broken.text, report);
    (report->json ? print_json : print_text)(report);
    return true;
}

int ctl_verify(int argc, char **argv)
{
    struct anchors anchors = { 0 };
    struct report report = { .walk = {
                                 .on_break = note_break, .anchors = &anchors, .what = "verify" } };
    struct ctl_options options;
    struct ctl_source source = { 0 };
    struct fault why;
    int rest;
    bool ok;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_no_more(argc, argv, rest))
        return ctl_misused("verify");
    report.walk.arg = &report;
    report.walk.removed = &report.removed;
    report.json = options.json;
    report.breaks = json_array();
    ok = take_anchors(&options, &anchors, &why) && ctl_source_open(&options, &source, &why) &&
         verify(&report, &source, options.tell, &why);
    ctl_source_close(&source);
    json_decref(report.breaks);
    removals_fini(&report.removed);
    anchors_fini(&anchors);
    if (!ok)
        return ctl_refuse("%s", why.text);
    return holds(&report) ? CTL_DONE : CTL_FAILED;
}
