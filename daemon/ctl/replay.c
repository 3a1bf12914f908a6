/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c - does the same come out when what the ledger kept is judged again? */
#include "adapter/print.h"
#include "ctl/command.h"
#include "ctl/line.h"
#include "ctl/meter.h"
#include "ctl/rejudge.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

static void print_difference(uint64_t entry, const char *recorded, const char *now, void *arg)
{
    const struct ctl_options *options = arg;
    json_t *json;

    if (!options->json) {
        print_line(stdout, "entry %" PRIu64, entry);
        print_line(stdout, "  told: %s", recorded[0] ? recorded : "nothing");
        print_line(stdout, "  now:  %s", now[0] ? now : "nothing");
        return;
    }
    json = json_pack("{s:I,s:s,s:s}", "entry", (json_int_t)entry, "told", recorded, "now", now);
    line_json(stdout, json);
    json_decref(json);
}

struct judging {
    struct rejudge *rejudge;
    struct meter meter;
};

static bool on_entry(const struct read_entry *entry, void *arg)
{
    struct judging *judging = arg;

    rejudge_entry(judging->rejudge, entry);
    meter_at(&judging->meter, entry->number);
    return true;
}

static bool judge_all(struct rejudge *rejudge, struct ledger_reader *reader, struct fault *why)
{
    struct judging judging = { .rejudge = rejudge };
    uint64_t newest;
    bool ok = ledger_reader_newest(reader, &newest, why);

    if (ok)
        meter_begin(&judging.meter, "replay", newest);
    ok = ok && ledger_reader_each(reader, 0, INT64_MAX, on_entry, &judging, why);
    meter_end(&judging.meter);
    return ok;
}

static void print_counts(const struct rejudge_counts *counts, const struct ctl_options *options)
{
    if (options->json)
        print_line(stdout,
                   "{\"questions\":%" PRIu64 ",\"alerts\":%" PRIu64 ",\"skipped\":%" PRIu64
                   ",\"older\":%" PRIu64 ",\"differences\":%" PRIu64 "}",
                   counts->questions, counts->alerts, counts->skipped, counts->older,
                   counts->differences);
    else
        print_line(stdout,
                   "%" PRIu64 " questions asked again, %" PRIu64 " alerts compared, %" PRIu64
                   " questions skipped, %" PRIu64 " differences",
                   counts->questions, counts->alerts, counts->skipped, counts->differences);
    if (counts->older > 0)
        print_line(stderr,
                   "breachctl: %" PRIu64
                   " questions were judged by an engine other than %d, of this "
                   "release; the breachctl of their release judges them again",
                   counts->older, (int)WATCH_ENGINE);
}

int ctl_replay(int argc, char **argv)
{
    struct ctl_options options;
    struct ctl_source source = { 0 };
    struct rejudge *rejudge;
    struct rejudge_counts counts = { 0 };
    struct fault why;
    int rest;
    bool ok;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_no_more(argc, argv, rest + 1))
        return ctl_misused("replay");
    if (rest + 1 == argc)
        return ctl_tune(&options, argv[rest]);
    if (options.orders != NULL || options.against != NULL || options.against_conf != NULL) {
        ctl_wrong("%s: PINGS must be given", options.orders    ? "--orders"
                                             : options.against ? "--against"
                                                               : "--against-conf");
        return ctl_misused("replay");
    }
    rejudge = rejudge_create(print_difference, &options);
    ok = (rejudge != NULL || fault_set(&why, "out of memory")) &&
         ctl_source_open(&options, &source, &why) && judge_all(rejudge, source.reader, &why);
    if (ok) {
        counts = rejudge_end(rejudge);
        print_counts(&counts, &options);
    }
    ctl_source_close(&source);
    rejudge_destroy(rejudge);
    if (!ok)
        return ctl_refuse("%s", why.text);
    if (counts.questions == 0)
        return ctl_refuse(counts.older > 0 ? "nothing judged: another engine has judged all of it"
                                           : "nothing judged: no question is left in this ledger");
    return counts.differences == 0 ? CTL_DONE : CTL_FAILED;
}
