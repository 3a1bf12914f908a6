/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export.c - the evidence of an incident as one file of JSON lines: a head, the texts it was
 * judged by, every link of the chain from the first sign to the minutes after, and a signature.
 * Bodies are only those of its respondent. The form, and how to check it by sha256sum and
 * openssl, is told in breachctl(1).
 */
#include "adapter/clock.h"
#include "adapter/json/input.h"
#include "adapter/ledger/signature.h"
#include "adapter/print.h"
#include "ctl/access.h"
#include "ctl/command.h"
#include "ctl/line.h"
#include "ctl/walk.h"

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
    bool incomplete;     // a line could not be made, or too many texts are cited
    uint64_t breaks;     // of the whole ledger
    struct chain before; // the link before the first
    size_t n_cited;
    char (*cited)[CHAIN_HEX]; // digests: of settings whole, of orders as alerts carry them
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

/* By the rule of its time: see chain.h. */
static json_t *place_json(const struct read_entry *entry)
{
    char content[CHAIN_HEX], digest[CHAIN_HEX];
    unsigned char made[CHAIN_DIGEST];

    if (entry->old)
        chain_hex(entry->body_digest, content);
    else
        chain_hex(chain_content(&entry->link, made) ? made : entry->digest, content);
    return json_pack("{s:I,s:s,s:I,s:s,s:s}", "number", (json_int_t)entry->number, "kind",
                     entry->kind, "at", (json_int_t)entry->at.ms,
                     entry->old ? "body_digest" : "content", content, "digest",
                     chain_hex(entry->digest, digest));
}

/* What the digest of its content is made of: of nobody else, or he could be found in it. */
static void show_content(json_t *json, const struct read_entry *entry)
{
    char salt[2 * CHAIN_SALT + 1], body[CHAIN_HEX], row[CHAIN_HEX] = "";
    const struct chain_link *link = &entry->link;

    if (link->has_row)
        chain_hex(link->row, row);
    json_object_update_new(json,
                           json_pack("{s:s,s:s,s:i,s:i,s:i,s:s,s:s}", "salt",
                                     digest_print(link->salt, CHAIN_SALT, salt), "respondent",
                                     entry->respondent, "evidence", (int)link->evidence, "start",
                                     (int)link->start, "once", (int)link->once, "body_digest",
                                     chain_hex(entry->body_digest, body), "row", row));
}

static json_t *link_json(const struct read_entry *entry, bool shown)
{
    json_t *json = place_json(entry);

    if (shown && !entry->old)
        show_content(json, entry);
    if (shown && entry->body != NULL)
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

/* What is about nobody, and by which others are to be read. */
static bool is_about_nobody(const struct read_entry *entry)
{
    return strcmp(entry->kind, "published") == 0 || strcmp(entry->kind, "renumbered") == 0 ||
           strcmp(entry->kind, "migrated") == 0;
}

/* Who looked at this incident. */
static bool is_its_access(const struct evidence *evidence, const struct read_entry *entry)
{
    json_t *body;
    const char *of;
    bool is;

    if (strcmp(entry->kind, "access") != 0 || entry->body == NULL)
        return false;
    body = json_loadb(entry->body, entry->size, 0, NULL);
    of = json_string_value(json_object_get(body, "of"));
    is = of != NULL && strcmp(of, evidence->incident) == 0;
    json_decref(body);
    return is;
}

/* The incident's own alerts too: those about breachd, or about an order long gone, have nobody. */
static bool is_shown(const struct evidence *evidence, const struct read_entry *entry)
{
    return is_theirs(evidence, entry) || strcmp(entry->incident, evidence->incident) == 0 ||
           is_about_nobody(entry) || is_its_access(evidence, entry) || is_its_text(evidence, entry);
}

static bool on_link(const struct read_entry *entry, void *arg)
{
    struct evidence *evidence = arg;

    put(evidence, json_pack("{s:o}", "link", link_json(entry, is_shown(evidence, entry))));
    return true;
}

static void put_head(struct evidence *evidence, const char *by)
{
    char now[UTC_TEXT_MAX];

    put(evidence,
        json_pack("{s:s,s:i,s:s,s:s,s:I,s:I,s:s,s:s*,s:I}", "format", CHAIN_FORMAT, "partition", 0,
                  "incident", evidence->incident, "respondent", evidence->span.respondent, "from",
                  (json_int_t)evidence->span.from, "until", (json_int_t)evidence->span.until,
                  "exported", utc_print(clock_utc(), now), "by", by, "breaks",
                  (json_int_t)evidence->breaks));
}

static void put_before(struct evidence *evidence)
{
    char hex[CHAIN_HEX];

    put(evidence,
        json_pack("{s:{s:I,s:s}}", "before", "number", (json_int_t)evidence->before.number,
                  "digest", chain_hex(evidence->before.digest, hex)));
}

static void count_break(uint64_t entry, const char *why, void *evidence)
{
    (void)entry;
    (void)why;
    ((struct evidence *)evidence)->breaks++;
}

/* An export of a ledger that was changed is written all the same, and says so. */
static bool verify(struct evidence *evidence, struct ledger_reader *reader, struct fault *why)
{
    struct anchors none = { 0 };
    struct walk walk = {
        .on_break = count_break, .arg = evidence, .anchors = &none, .what = "verify"
    };

    if (!walk_ledger(&walk, reader, why))
        return false;
    if (evidence->breaks > 0)
        print_line(stderr,
                   "breachctl: the ledger was changed behind breachd's back, and the export says "
                   "so: breachctl verify tells where");
    return true;
}

static bool write_lines(struct evidence *evidence, struct ledger_reader *reader, const char *by,
                        struct fault *why)
{
    uint64_t from = evidence->span.from, until = evidence->span.until;

    if (!verify(evidence, reader, why) ||
        !ledger_reader_each(reader, from, until, on_cited, evidence, why))
        return false;
    put_head(evidence, by);
    if (!ledger_reader_each(reader, 0, from - 1, on_earlier, evidence, why))
        return false;
    put_before(evidence);
    return ledger_reader_each(reader, from, until, on_link, evidence, why) &&
           (!evidence->incomplete ||
            fault_set(why,
                      "a line cannot be made: no memory, text that is not UTF-8, or more than "
                      "%d texts of orders and settings",
                      CITED_MAX));
}

/* Everything but the signature, as text that the caller frees. */
static char *write_evidence(struct ledger_reader *reader, const char *incident, const char *by,
                            size_t *out_size, struct fault *why)
{
    struct evidence evidence = { .incident = incident,
                                 .cited = calloc(CITED_MAX, sizeof *evidence.cited) };
    char *text = NULL;
    bool ok = ledger_reader_incident(reader, incident, AROUND_MS, &evidence.span, why);

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

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_one(argc, argv, rest, "INCIDENT") ||
        !ctl_given(options.reason, "--reason WHY"))
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
