/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export.c - the evidence of an incident as one file of JSON lines: a head, the texts it was judged
 * by, every link of the chain from the first sign to the minutes after, and a signature. Bodies are
 * only those of its respondent. The form, and how to check it by sha256sum and openssl, is told in
 * breachctl(1).
 */
#include "adapter/clock.h"
#include "adapter/input_json.h"
#include "adapter/signature.h"
#include "ctl/access.h"
#include "ctl/command.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { AROUND_MS = 10 * 60 * 1000 };

enum { CITED_MAX = 1024 };

struct evidence {
    struct read_span span;
    FILE *out;
    struct chain before; /* the link before the first */
    size_t n_cited;
    char (*cited)[CHAIN_HEX]; /* digests: of settings whole, of orders as alerts carry them */
};

/* ---- which texts it was judged by ---- */

static bool is_cited(const struct evidence *evidence, const char *digest)
{
    for (size_t i = 0; i < evidence->n_cited; i++) {
        if (strcmp(evidence->cited[i], digest) == 0)
            return true;
    }
    return false;
}

static void cite(struct evidence *evidence, const char *digest)
{
    if (digest[0] != '\0' && evidence->n_cited < CITED_MAX && !is_cited(evidence, digest))
        snprintf(evidence->cited[evidence->n_cited++], CHAIN_HEX, "%s", digest);
}

static bool on_cited(const struct read_entry *entry, void *arg)
{
    struct evidence *evidence = arg;
    struct kept_question *kept;
    struct kept_withdrawal gone;
    struct fault why;

    if (!entry->start || entry->body == NULL ||
        strcmp(entry->respondent, evidence->span.respondent) != 0)
        return true;
    if (strcmp(entry->kind, "withdrawn") == 0) {
        if (input_read_withdrawn(entry->body, &gone, &why))
            cite(evidence, gone.order);
        return true;
    }
    kept = malloc(sizeof *kept);
    if (kept != NULL && input_read(entry->kind, entry->body, kept, &why)) {
        cite(evidence, kept->settings);
        for (size_t i = 0; i < kept->n_orders; i++)
            cite(evidence, kept->orders[i]);
    }
    free(kept);
    return true;
}

/* A text that it was judged by; those of others are nobody's business here. */
static bool is_its_text(const struct evidence *evidence, const struct read_entry *entry)
{
    char digest[CHAIN_HEX];

    if (entry->body == NULL)
        return false;
    if (strcmp(entry->kind, "settings") == 0)
        return is_cited(evidence, chain_hex(entry->body_digest, digest));
    if (strcmp(entry->kind, "order") != 0)
        return false;
    free(input_read_order(entry->body, digest));
    return is_cited(evidence, digest);
}

/* ---- the lines ---- */

static void put_line(FILE *out, json_t *json)
{
    json_dumpf(json, out, JSON_COMPACT);
    fputc('\n', out);
    json_decref(json);
}

static json_t *link_json(const struct read_entry *entry, bool with_body)
{
    char body_digest[CHAIN_HEX], digest[CHAIN_HEX];
    json_t *json = json_pack("{s:I,s:s,s:I,s:s,s:s}", "number", (json_int_t)entry->number, "kind",
                             entry->kind, "at", (json_int_t)entry->at.ms, "body_digest",
                             chain_hex(entry->body_digest, body_digest), "digest",
                             chain_hex(entry->digest, digest));

    if (with_body && entry->body != NULL)
        json_object_set_new(json, "body", json_string(entry->body));
    return json;
}

static bool on_earlier(const struct read_entry *entry, void *arg)
{
    struct evidence *evidence = arg;

    if (is_its_text(evidence, entry))
        put_line(evidence->out, json_pack("{s:o}", "text", link_json(entry, true)));
    evidence->before.number = entry->number;
    memcpy(evidence->before.digest, entry->digest, CHAIN_DIGEST);
    return true;
}

static bool on_link(const struct read_entry *entry, void *arg)
{
    struct evidence *evidence = arg;
    bool theirs = strcmp(entry->respondent, evidence->span.respondent) == 0;
    bool published = strcmp(entry->kind, "published") == 0;

    put_line(evidence->out,
             json_pack("{s:o}", "link",
                       link_json(entry, theirs || published || is_its_text(evidence, entry))));
    return true;
}

static void put_head(const struct evidence *evidence, const char *incident, const char *by)
{
    char now[UTC_TEXT_MAX];

    put_line(evidence->out,
             json_pack("{s:s,s:s,s:s,s:I,s:I,s:s,s:s*}", "format", "breachd-evidence/1", "incident",
                       incident, "respondent", evidence->span.respondent, "from",
                       (json_int_t)evidence->span.from, "until", (json_int_t)evidence->span.until,
                       "exported", utc_print(clock_utc(), now), "by", by));
}

/* Everything but the signature, as text that the caller frees. */
static char *write_evidence(struct reader *reader, const char *incident, const char *by,
                            size_t *out_size, struct fault *why)
{
    struct evidence evidence = { .cited = calloc(CITED_MAX, sizeof *evidence.cited) };
    char *text = NULL, hex[CHAIN_HEX];
    bool ok = reader_incident(reader, incident, AROUND_MS, &evidence.span, why);
    uint64_t from = evidence.span.from, until = evidence.span.until;

    evidence.out = open_memstream(&text, out_size);
    if (evidence.out == NULL || evidence.cited == NULL)
        ok = fault_set(why, "out of memory");
    ok = ok && reader_each(reader, from, until, on_cited, &evidence, why);
    if (ok) {
        put_head(&evidence, incident, by);
        ok = reader_each(reader, 0, from - 1, on_earlier, &evidence, why);
        put_line(evidence.out,
                 json_pack("{s:{s:I,s:s}}", "before", "number", (json_int_t)evidence.before.number,
                           "digest", chain_hex(evidence.before.digest, hex)));
        ok = ok && reader_each(reader, from, until, on_link, &evidence, why);
    }
    if (evidence.out != NULL && fclose(evidence.out) != 0 && ok)
        ok = fault_set(why, "out of memory");
    free(evidence.cited);
    if (ok)
        return text;
    free(text);
    return NULL;
}

static bool put_signature(FILE *out, const char *key_file, const char *text, size_t size,
                          struct fault *why)
{
    char signature[SIGNATURE_TEXT], key[SIGNATURE_KEY_MAX];

    if (key_file == NULL || key_file[0] == '\0')
        return true;
    if (!signature_make(key_file, text, size, signature, key, why))
        return false;
    put_line(out, json_pack("{s:s,s:s}", "signature", signature, "key", key));
    return true;
}

static bool write_file(const struct ctl_options *options, const char *key_file, const char *text,
                       size_t size, struct fault *why)
{
    FILE *out = options->out != NULL ? fopen(options->out, "wxe") : stdout;
    bool ok;

    if (out == NULL)
        return fault_set(why, "%.300s: %s", options->out, strerror(errno));
    ok = (fwrite(text, 1, size, out) == size || fault_set(why, "cannot be written")) &&
         put_signature(out, key_file, text, size, why);
    if ((out == stdout ? fflush(out) : fclose(out)) != 0 && ok)
        ok = fault_set(why, "cannot be written: %s", strerror(errno));
    if (!ok && options->out != NULL)
        unlink(options->out);
    return ok;
}

int ctl_export(int argc, char **argv)
{
    struct ctl_options options;
    struct settings settings = { 0 };
    char ledger[SETTINGS_PATH_MAX];
    struct reader *reader = NULL;
    char *text = NULL;
    size_t size = 0;
    struct fault why;
    int rest;
    bool ok;

    if (!ctl_options(argc, argv, &options, &rest) || rest + 1 != argc)
        return ctl_misused("export");
    // The key is of the settings; a ledger that is only named has none, unless they are named too.
    if (options.ledger == NULL || options.settings != NULL)
        ctl_settings(&options, &settings);
    ok = ctl_ledger_path(&options, ledger, &why) && reader_open(ledger, &reader, &why) &&
         (text = write_evidence(reader, argv[rest], options.by, &size, &why)) != NULL &&
         access_note(ledger, &(struct access){ "export", argv[rest], options.by, options.reason },
                     &why) &&
         write_file(&options, settings.signing_key, text, size, &why);
    explicit_bzero(settings.password, sizeof settings.password);
    free(text);
    reader_close(reader);
    return ok ? CTL_DONE : ctl_refuse("%s", why.text);
}
