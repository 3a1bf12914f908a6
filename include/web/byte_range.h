/* SPDX-License-Identifier: Apache-2.0 */
/* byte_range.h - which bytes of a file a Range header asks for (RFC 9110, 14). Pure. */
#ifndef WEB_BYTE_RANGE_H
#define WEB_BYTE_RANGE_H

#include <stdint.h>

/* RANGE_ALL: there is no header, or one that a server may ignore: it asks for several ranges. */
enum byte_range_is { RANGE_ALL, RANGE_PART, RANGE_NONE /* it cannot be had: 416 */ };

/*
 * Of a file of `size` bytes; RANGE_PART sets both, which lie in it: the first byte, and how many,
 * `most` at the most.
 */
enum byte_range_is byte_range_read(const char *header, uint64_t size, uint64_t most,
                                   uint64_t *out_from, uint64_t *out_n);

#endif
