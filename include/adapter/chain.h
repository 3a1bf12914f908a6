/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chain.h - the chain of digests that shows whether what is kept was changed: breachd-evidence/2.
 * A digest is SHA-256, told as 64 lower-case hex digits; before the first link stand 64 zeros. A
 * link's is that of these fields, one after the other as netstrings (digest.h):
 *
 *     "breachd-evidence/2" DIGEST-BEFORE PARTITION NUMBER KIND AT CONTENT
 *
 * Numbers rise by one from 1 in each partition, AT is milliseconds since 1970. CONTENT is the
 * digest of
 *
 *     SALT RESPONDENT EVIDENCE START ONCE BODY ROW
 *
 * SALT is 32 hex digits of chance, so that nobody to whom only CONTENT is shown can guess whose it
 * is; EVIDENCE is as it was when the link was made; flags are 0 or 1; BODY is the digest of the
 * body's bytes as they are; ROW is empty, or of an alert the digest of
 *
 *     ID TYPE AREA SEVERITY INCIDENT EFFECT TODO BY NOTE
 *
 * A body may be taken away in time: the links still hold. breachd-evidence/1, before it, had as a
 * link's digest that of the line, with a newline at its end,
 *
 *     DIGEST-BEFORE NUMBER KIND AT BODY
 */
#ifndef ADAPTER_CHAIN_H
#define ADAPTER_CHAIN_H

#include "adapter/digest.h"
#include "core/instant.h"

#include <stddef.h>

#define CHAIN_FORMAT   "breachd-evidence/2"
#define CHAIN_FORMAT_1 "breachd-evidence/1"

enum { CHAIN_DIGEST = DIGEST_BYTES, CHAIN_HEX = DIGEST_HEX, CHAIN_SALT = 16 };

/* The newest link. Zeroed is the place before the first. */
struct chain {
    uint64_t number;
    unsigned char digest[CHAIN_DIGEST];
};

/* All that a link's digest is made of beside its place. Texts have no zero inside. */
struct chain_link {
    int64_t partition;
    const char *kind;
    struct utc at;
    unsigned char salt[CHAIN_SALT];
    const char *respondent;
    bool evidence, start, once;
    unsigned char body[CHAIN_DIGEST];
    bool has_row;
    unsigned char row[CHAIN_DIGEST]; /* of an alert */
};

/* The columns of an alert that its event does not hold, or that must say the same. */
struct chain_row {
    const char *id, *type, *area, *severity, *incident;
    int64_t effect, todo;
    const char *by, *note;
};

bool chain_digest(const void *bytes, size_t n, unsigned char out[CHAIN_DIGEST]);
bool chain_salt(unsigned char out[CHAIN_SALT]);
bool chain_row_digest(const struct chain_row *row, unsigned char out[CHAIN_DIGEST]);
bool chain_content(const struct chain_link *link, unsigned char out[CHAIN_DIGEST]);

/* Moves *chain on to its next link. False when the library fails: *chain is as it was. */
bool chain_extend(struct chain *chain, const struct chain_link *link);

/* The same by the rule of breachd-evidence/1. */
bool chain_extend_1(struct chain *chain, const char *kind, struct utc at,
                    const unsigned char body[CHAIN_DIGEST]);

/* 64 hex digits. Returns `text`. */
char *chain_hex(const unsigned char digest[CHAIN_DIGEST], char text[CHAIN_HEX]);

#endif
