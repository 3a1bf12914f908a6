/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive.c - what is over goes into a compressed, signed file that verify and replay read, and
 * then leaves the ledger.
 */
#include "adapter/ledger/archive.h"

#include "adapter/clock.h"
#include "adapter/gzip.h"
#include "adapter/ledger/ledger_writer.h"
#include "adapter/ledger/signature.h"
#include "adapter/ledger/snapshot.h"
#include "adapter/print.h"
#include "ctl/access.h"
#include "ctl/command.h"
#include "ctl/line.h"
#include "ctl/meter.h"
#include "ctl/staging.h"
#include "ctl/walk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* In `staging` until all of it is there; FILE and FILE.sig only then. */

struct archive {
    const char *to;
    char to_signature[STAGING_PATH_MAX];
    struct staging staging;
    char copy[STAGING_PATH_MAX], file[STAGING_PATH_MAX], signature[STAGING_PATH_MAX];
    char digest[GZIP_DIGEST_HEX];
    struct utc before;
    uint64_t newest; // link of the copy
    struct access record;
    char reason[128];
};

static void on_progress(uint64_t done, uint64_t total, void *arg)
{
    struct meter *meter = arg;

    meter->total = total;
    meter_at(meter, done);
}

static void count_break(uint64_t entry, const char *why, void *arg)
{
    (void)entry;
    (void)why;
    ++*(uint64_t *)arg;
}

static bool holds(struct ledger_reader *reader, const char *path, struct fault *why)
{
    struct anchors none = { 0 };
    uint64_t breaks = 0;
    struct walk walk = {
        .on_break = count_break, .arg = &breaks, .anchors = &none, .what = "verify"
    };

    return walk_ledger(&walk, reader, why) &&
           (breaks == 0 ||
            fault_set(why, "%.300s: the chain is broken: breachctl verify tells where", path));
}

static bool holds_at(const char *path, struct fault *why)
{
    struct ledger_reader *reader = NULL;
    bool ok = ledger_reader_open(path, &reader, why) && holds(reader, path, why);

    ledger_reader_close(reader);
    return ok;
}

/* ---- the file ---- */

static bool copy_it(const struct ctl_source *source, struct archive *archive, struct fault *why)
{
    char record[LEDGER_REQUEST_BODY_MAX];
    struct meter meter;
    bool ok;

    meter_begin(&meter, "copy", 1);
    ok = snapshot_make(source->reader, archive->copy, on_progress, &meter, why);
    meter_end(&meter);
    // Of the same moment as the copy, which the reader holds.
    return ok && ledger_reader_newest(source->reader, &archive->newest, why) &&
           access_record(&archive->record, record, why) &&
           archive_trim(archive->copy, archive->before, record, why) &&
           holds_at(archive->copy, why);
}

static bool compress_it(struct archive *archive, struct fault *why)
{
    struct meter meter;
    bool ok;

    meter_begin(&meter, "compress", 1);
    ok = gzip_make(archive->copy, archive->file, on_progress, &meter, archive->digest, why);
    meter_end(&meter);
    return ok;
}

/* {"sha256":…,"before":…,"signature":…,"key":…}: the signature is over the line's first two. */
static bool sign_it(const struct ctl_source *source, const struct archive *archive,
                    struct fault *why)
{
    char text[160], before[UTC_TEXT_MAX], made[SIGNATURE_TEXT] = "", key[SIGNATURE_KEY_MAX] = "";
    int n =
        snprintf(text, sizeof text, "%s %s\n", archive->digest, utc_print(archive->before, before));
    json_t *json;
    FILE *out;
    bool ok;

    if (source->signing_key[0] != '\0' &&
        !signature_make(source->signing_key, text, (size_t)n, made, key, why))
        return false;
    out = fopen(archive->signature, "wxe");
    json = json_pack("{s:s,s:s,s:s,s:s}", "sha256", archive->digest, "before", before, "signature",
                     made, "key", key);
    ok = out != NULL && line_json(out, json) && fflush(out) == 0 && fsync(fileno(out)) == 0;
    json_decref(json);
    if (out != NULL && fclose(out) != 0)
        ok = false;
    return ok || fault_set(why, "%.300s: %s", archive->signature, strerror(errno));
}

static bool check_back(const struct archive *archive, struct fault *why)
{
    char unpacked[GZIP_PATH_MAX];
    bool ok = gzip_unpack(archive->file, unpacked, why);

    if (ok) {
        ok = holds_at(unpacked, why);
        unlink(unpacked);
    }
    return ok;
}

/* Over nothing that was there; of two names both, or none. */
static bool publish(const struct archive *archive, struct fault *why)
{
    if (!staging_publish(&archive->staging, STAGING_ARCHIVE, archive->to, why))
        return false;
    if (staging_publish(&archive->staging, STAGING_SIGNATURE, archive->to_signature, why))
        return true;
    unlink(archive->to);
    return false;
}

static bool is_free(const char *path, struct fault *why)
{
    struct stat about;

    return lstat(path, &about) != 0 || fault_set(why, "%.300s: %s", path, strerror(EEXIST));
}

static bool write_it(const struct ctl_source *source, struct archive *archive, struct fault *why)
{
    bool ok;

    if (!is_free(archive->to, why) || !is_free(archive->to_signature, why) ||
        !staging_open(&archive->staging, archive->to, why))
        return false;
    staging_path(&archive->staging, STAGING_LEDGER, archive->copy);
    staging_path(&archive->staging, STAGING_ARCHIVE, archive->file);
    staging_path(&archive->staging, STAGING_SIGNATURE, archive->signature);
    ok = copy_it(source, archive, why) && compress_it(archive, why) &&
         sign_it(source, archive, why) && check_back(archive, why) && publish(archive, why);
    staging_close(&archive->staging);
    return ok;
}

/* ---- the ledger ---- */

/* Only once the file is whole, on disk, and read back. */
static bool let_go(const struct ctl_source *source, struct archive *archive, struct fault *why)
{
    struct ledger_request request = { .kind = LEDGER_REQUEST_LET_GO, .newest = archive->newest };
    struct letting_go what = { .now = clock_utc(),
                               .before = archive->before,
                               .newest = archive->newest,
                               .record = request.body };
    bool nobody;

    snprintf(archive->reason, sizeof archive->reason, "archived, sha256 %s", archive->digest);
    archive->record.reason = archive->reason;
    return access_record(&archive->record, request.body, why) &&
           (access_ask(source->ledger, &request, &nobody, why) ||
            (nobody && ledger_writer_let_go(source->ledger, &what, why)));
}

/* ---- the command ---- */

/* A day is that of UTC. */
static bool read_before(const char *text, struct utc *out)
{
    char midnight[UTC_TEXT_MAX];

    snprintf(midnight, sizeof midnight, "%.10sT00:00:00Z", text);
    return strlen(text) == 10 ? utc_parse(midnight, out) : utc_parse(text, out);
}

int ctl_archive(int argc, char **argv)
{
    struct archive archive = { .record = { .command = "archive", .reason = "archived" } };
    struct ctl_source source = { 0 };
    struct ctl_options options;
    char before[UTC_TEXT_MAX];
    struct fault why;
    int rest;
    bool ok;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_one(argc, argv, rest, "FILE") ||
        !ctl_given(options.before, "--before DATE"))
        return ctl_misused("archive");
    if (!read_before(options.before, &archive.before) || archive.before.ms > clock_utc().ms)
        return ctl_wrong("--before: %.60s is no day (2025-01-01) or time that is over",
                         options.before);
    archive.to = argv[rest];
    archive.record.by = options.by;
    archive.record.of = utc_print(archive.before, before);
    snprintf(archive.to_signature, sizeof archive.to_signature, "%s.sig", archive.to);
    ok = ctl_source_open(&options, &source, &why) && holds(source.reader, source.ledger, &why);
    ctl_source_close(&source); // what it holds open would keep the log from being emptied
    ok = ok && ledger_reader_open(source.ledger, &source.reader, &why) &&
         write_it(&source, &archive, &why);
    ctl_source_close(&source);
    ok = ok && let_go(&source, &archive, &why);
    if (!ok)
        return ctl_refuse("%s", why.text);
    print_line(stdout, "%s: sha256 %s%s", archive.to, archive.digest,
               source.signing_key[0] != '\0' ? "" : ", not signed: no signing-key is known");
    return CTL_DONE;
}
