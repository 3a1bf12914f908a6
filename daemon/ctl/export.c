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
#include "ctl/line.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { AROUND_MS = 10 * 60 * 1000, CITED_MAX = 1024 };

struct evidence {
    const char *incident;
    struct read_span span;
    FILE *out;
    bool incomplete;     /* a line could not be made, or too many texts are cited */
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
    if (digest[0] == '\0' || is_cited(evidence, digest))
        return;
    evidence->incomplete |= evidence->n_cited == CITED_MAX;
    if (!evidence->incomplete)
        snprintf(evidence->cited[evidence->n_cited++], CHAIN_HEX, "%s", digest);
}

static bool is_theirs(const struct evidence *evidence, const struct read_entry *entry)
{
    return entry->respondent[0] != '\0' &&
           strcmp(entry->respondent, evidence->span.respondent) == 0;
}

static void cite_question(struct evidence *evidence, const struct read_entry *entry)
{
    struct kept_question *kept = malloc(sizeof *kept);
    struct fault why;

    evidence->incomplete |= kept == NULL;
    if (kept != NULL && input_read(entry->kind, entry->body, kept, &why)) {
        cite(evidence, kept->settings);
        for (size_t i = 0; i < kept->n_orders; i++)
            cite(evidence, kept->orders[i]);
    }
    free(kept);
}

static bool on_cited(const struct read_entry *entry, void *arg)
{
    struct evidence *evidence = arg;
    struct kept_withdrawal gone;
    struct fault why;

    if (!entry->start || entry->body == NULL || !is_theirs(evidence, entry))
        return true;
    if (strcmp(entry->kind, "withdrawn") != 0) {
        cite_question(evidence, entry);
    } else if (input_read_withdrawn(entry->body, &gone, &why)) {
        cite(evidence, gone.settings);
        cite(evidence, gone.order);
    }
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

static bool put_line(FILE *out, json_t *json)
{
    bool ok = line_json(out, json);

    json_decref(json);
    return ok;
}

static void put(struct evidence *evidence, json_t *json)
{
    evidence->incomplete |= !put_line(evidence->out, json);
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
        put(evidence, json_pack("{s:o}", "text", link_json(entry, true)));
    evidence->before.number = entry->number;
    memcpy(evidence->before.digest, entry->digest, CHAIN_DIGEST);
    return true;
}

/* The incident's own alerts too: those about breachd, or about an order long gone, have nobody. */
static bool shows_body(const struct evidence *evidence, const struct read_entry *entry)
{
    return is_theirs(evidence, entry) || strcmp(entry->incident, evidence->incident) == 0 ||
           strcmp(entry->kind, "published") == 0 || is_its_text(evidence, entry);
}

static bool on_link(const struct read_entry *entry, void *arg)
{
    struct evidence *evidence = arg;

    put(evidence, json_pack("{s:o}", "link", link_json(entry, shows_body(evidence, entry))));
    return true;
}

static void put_head(struct evidence *evidence, const char *by)
{
    char now[UTC_TEXT_MAX];

    put(evidence,
        json_pack("{s:s,s:s,s:s,s:I,s:I,s:s,s:s*}", "format", "breachd-evidence/1", "incident",
                  evidence->incident, "respondent", evidence->span.respondent, "from",
                  (json_int_t)evidence->span.from, "until", (json_int_t)evidence->span.until,
                  "exported", utc_print(clock_utc(), now), "by", by));
}

static void put_before(struct evidence *evidence)
{
    char hex[CHAIN_HEX];

    put(evidence,
        json_pack("{s:{s:I,s:s}}", "before", "number", (json_int_t)evidence->before.number,
                  "digest", chain_hex(evidence->before.digest, hex)));
}

static bool write_lines(struct evidence *evidence, struct reader *reader, const char *by,
                        struct fault *why)
{
    uint64_t from = evidence->span.from, until = evidence->span.until;

    if (!reader_each(reader, from, until, on_cited, evidence, why))
        return false;
    put_head(evidence, by);
    if (!reader_each(reader, 0, from - 1, on_earlier, evidence, why))
        return false;
    put_before(evidence);
    return reader_each(reader, from, until, on_link, evidence, why) &&
           (!evidence->incomplete ||
            fault_set(why,
                      "a line cannot be made: no memory, text that is not UTF-8, or more than "
                      "%d texts of orders and settings",
                      CITED_MAX));
}

/* Everything but the signature, as text that the caller frees. */
static char *write_evidence(struct reader *reader, const char *incident, const char *by,
                            size_t *out_size, struct fault *why)
{
    struct evidence evidence = { .incident = incident,
                                 .cited = calloc(CITED_MAX, sizeof *evidence.cited) };
    char *text = NULL;
    bool ok = reader_incident(reader, incident, AROUND_MS, &evidence.span, why);

    evidence.out = open_memstream(&text, out_size);
    if (evidence.out == NULL || evidence.cited == NULL)
        ok = fault_set(why, "out of memory");
    ok = ok && write_lines(&evidence, reader, by, why);
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
    return put_line(out, json_pack("{s:s,s:s}", "signature", signature, "key", key)) ||
           fault_set(why, "the signature cannot be written");
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
    struct ctl_source source;
    char *text = NULL;
    size_t size = 0;
    struct fault why;
    int rest;
    bool ok;

    if (!ctl_options(argc, argv, &options, &rest) || rest + 1 != argc)
        return ctl_misused("export");
    ok = ctl_source_open(&options, &source, &why) &&
         (text = write_evidence(source.reader, argv[rest], options.by, &size, &why)) != NULL &&
         access_note(source.ledger,
                     &(struct access){ "export", argv[rest], options.by, options.reason }, &why) &&
         write_file(&options, source.signing_key, text, size, &why);
    free(text);
    ctl_source_close(&source);
    return ok ? CTL_DONE : ctl_refuse("%s", why.text);
}
