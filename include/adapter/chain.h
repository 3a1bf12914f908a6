/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chain.h - the chain of digests that shows whether what is kept was changed. A link's digest is
 * SHA-256 of the line
 *
 *     DIGEST-BEFORE NUMBER KIND AT BODY-DIGEST
 *
 * with one blank between, a newline at the end, digests as 64 lower-case hex digits, and AT in
 * milliseconds since 1970; BODY-DIGEST is SHA-256 of the body's bytes. Numbers rise by one from 1;
 * before the first stand 64 zeros. A body may be taken away in time: the links still hold.
 */
#ifndef ADAPTER_CHAIN_H
#define ADAPTER_CHAIN_H

#include "core/instant.h"

#include <stddef.h>

enum { CHAIN_DIGEST = 32, CHAIN_HEX = 2 * CHAIN_DIGEST + 1 };

/* The newest link. Zeroed is the place before the first. */
struct chain {
    uint64_t number;
    unsigned char digest[CHAIN_DIGEST];
};

bool chain_digest(const void *bytes, size_t n, unsigned char out[CHAIN_DIGEST]);

/* Moves *chain on to its next link. False when the library fails: *chain is as it was. */
bool chain_extend(struct chain *chain, const char *kind, struct utc at,
                  const unsigned char body[CHAIN_DIGEST]);

/* 64 hex digits. Returns `text`. */
char *chain_hex(const unsigned char digest[CHAIN_DIGEST], char text[CHAIN_HEX]);

#endif
