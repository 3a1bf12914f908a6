/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lead.h - the first bytes of what should be UTF-8 text, where they say how it is written: a byte
 * order mark, or the magic of something else. Pure.
 */
#ifndef ADAPTER_LEAD_H
#define ADAPTER_LEAD_H

#include "core/fault.h"

#include <stddef.h>

enum { LEAD_MAX = 6 }; /* as many bytes as are looked at */

/*
 * Moves past the mark of UTF-8. False, and what it is, when the bytes begin like UTF-16, UTF-32, or
 * what gzip, zlib, zstd, xz or zip have made; nothing that is read here as text does.
 */
bool lead_skip(const char **bytes, size_t *n, struct fault *why);

#endif
