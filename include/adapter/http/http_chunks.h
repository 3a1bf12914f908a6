/* SPDX-License-Identifier: Apache-2.0 */
/* http_chunks.h - where the data lies in a body that comes in chunks (RFC 9112, 7.1). Pure. */
#ifndef ADAPTER_HTTP_HTTP_CHUNKS_H
#define ADAPTER_HTTP_HTTP_CHUNKS_H

#include "core/fault.h"

#include <stddef.h>
#include <stdint.h>

enum {
    HTTP_CHUNK_LINE_MAX = 256,   /* bytes of a chunk's size with its extensions, or of a trailer */
    HTTP_TRAILERS_MAX = 4 * 1024 /* bytes of all trailers */
};

/* Zeroed is at the beginning. */
struct http_chunks {
    enum { CHUNKS_SIZE, CHUNKS_DATA_END, CHUNKS_TRAILER } at;
    int64_t left; /* bytes of data that come next: the caller takes them and counts them down */
    size_t trailers;
};

enum http_chunk { CHUNK_PART, CHUNK_DATA, CHUNK_END, CHUNK_BAD };

/*
 * Takes what is not data: the first *out_taken bytes. CHUNK_PART: more must come before the rest of
 * `bytes` can be taken. CHUNK_DATA: chunks->left bytes of data follow; call again when they are
 * counted down to 0. CHUNK_END: the body is over. CHUNK_BAD: *why is set. Needs to see no more than
 * HTTP_CHUNK_LINE_MAX bytes at a time.
 */
enum http_chunk http_chunks_take(struct http_chunks *chunks, const char *bytes, size_t n,
                                 size_t *out_taken, struct fault *why);

#endif
