/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/report_ledgers.h"

#include <stdlib.h>
#include <string.h>

static bool open_one(const char *path, struct report_ledger *out, struct fault *why)
{
    const struct ctl_options options = { .ledger = path };

    return ctl_source_open(&options, &out->source, why) &&
           ledger_reader_newest(out->source.reader, &out->newest, why);
}

/* One that is of this ledger begins with the same link. */
static bool open_archive(const char *path, const char *first, struct report_ledger *out,
                         struct fault *why)
{
    char hex[CHAIN_HEX];

    return gzip_digest(path, out->sha256, why) &&
           (gzip_is(path) || fault_set(why, "%.300s: is no archive of breachctl", path)) &&
           open_one(path, out, why) && ledger_reader_first(out->source.reader, hex, why) &&
           (strcmp(hex, first) == 0 ||
            fault_set(why, "%.300s: is an archive of another ledger", path));
}

static int by_newest(const void *a, const void *b)
{
    const struct report_ledger *one = a, *other = b;

    return (one->newest > other->newest) - (one->newest < other->newest);
}

bool report_ledgers_open(const char *ledger, char *const *archives, size_t n_archives,
                         struct report_ledgers *out, struct fault *why)
{
    char first[CHAIN_HEX];
    bool ok;

    *out = (struct report_ledgers){ 0 };
    if (n_archives > REPORT_ARCHIVES_MAX)
        return fault_set(why, "more than %d archives", REPORT_ARCHIVES_MAX);
    out->of = calloc(n_archives + 1, sizeof *out->of);
    if (out->of == NULL)
        return fault_set(why, FAULT_MEMORY);
    out->n = n_archives + 1;
    ok = open_one(ledger, &out->of[n_archives], why) &&
         ledger_reader_first(out->of[n_archives].source.reader, first, why);
    for (size_t i = 0; ok && i < n_archives; i++)
        ok = open_archive(archives[i], first, &out->of[i], why);
    if (ok)
        qsort(out->of, n_archives, sizeof *out->of, by_newest);
    return ok;
}

void report_ledgers_close(struct report_ledgers *ledgers)
{
    for (size_t i = 0; i < ledgers->n; i++)
        ctl_source_close(&ledgers->of[i].source);
    free(ledgers->of);
    *ledgers = (struct report_ledgers){ 0 };
}

bool report_ledgers_has(const struct report_ledgers *ledgers, const char *sha256)
{
    for (size_t i = 0; i < ledgers->n; i++) {
        if (strcmp(ledgers->of[i].sha256, sha256) == 0)
            return true;
    }
    return false;
}
