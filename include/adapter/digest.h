/* SPDX-License-Identifier: Apache-2.0 */
/*
 * digest.h - SHA-256 over fields of which none can run into the next: each goes in as a netstring,
 * its length in bytes as a decimal number, a colon, the bytes, a comma.
 */
#ifndef ADAPTER_DIGEST_H
#define ADAPTER_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DIGEST_BYTES = 32, DIGEST_HEX = 2 * DIGEST_BYTES + 1 };

/* From digest_begin to digest_end; what fails in between is told by the latter. */
struct digest {
    void *sum;
    bool ok;
    size_t n; /* gathered, so that a digest of many short fields is one call of the library's */
    char gathered[512];
};

void digest_begin(struct digest *digest);
void digest_bytes(struct digest *digest, const void *bytes, size_t n); /* as one field */
void digest_text(struct digest *digest, const char *text);
void digest_number(struct digest *digest, int64_t number);
void digest_hex(struct digest *digest, const unsigned char *bytes,
                size_t n); /* as lower-case hex */

/* False when the library has failed: *out is zeros then. */
bool digest_end(struct digest *digest, unsigned char out[DIGEST_BYTES]);

/* Of these bytes as they are, as sha256sum(1) does it. */
bool digest_of(const void *bytes, size_t n, unsigned char out[DIGEST_BYTES]);

/* Lower-case hex digits of `n` bytes, with an end. Returns `text`. */
char *digest_print(const unsigned char *bytes, size_t n, char *text);

#endif
