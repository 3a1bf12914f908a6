/* SPDX-License-Identifier: Apache-2.0 */
/* gzip.h - a file compressed and unpacked, by zlib, as gzip(1) does it (RFC 1952). */
#ifndef ADAPTER_GZIP_H
#define ADAPTER_GZIP_H

#include "core/fault.h"

#include <stddef.h>
#include <stdint.h>

enum { GZIP_DIGEST_HEX = 65 };

/* How many bytes of how many are done. */
typedef void gzip_progress(uint64_t done, uint64_t total, void *arg);

/*
 * Compresses `from` into `to`, which must not be there, and is on disk when it returns true;
 * nothing is left of one that fails. *hex is the SHA-256 of the compressed bytes.
 */
bool gzip_make(const char *from, const char *to, gzip_progress *on_progress, void *arg,
               char hex[GZIP_DIGEST_HEX], struct fault *why);

/* The SHA-256 of a file's bytes, as gzip_make told it. */
bool gzip_digest(const char *path, char hex[GZIP_DIGEST_HEX], struct fault *why);

/* Whether a file begins as one that gzip made. */
bool gzip_is(const char *path);

/*
 * Unpacks `path` into a new file beside others that are passing, whose name goes to `out`: the
 * caller's to remove. A file whose end or checksum is not right is refused.
 */
enum { GZIP_PATH_MAX = 512 };
bool gzip_unpack(const char *path, char out[GZIP_PATH_MAX], struct fault *why);

/*
 * Unpacks one member of `n` bytes, of somebody who may mean harm, into `out`. False: it is none, is
 * cut, or is more than `room` bytes when unpacked; then *out_n is untouched, and of `out` anything
 * may be written.
 */
bool gzip_unpack_bytes(const void *bytes, size_t n, void *out, size_t room, size_t *out_n);

#endif
