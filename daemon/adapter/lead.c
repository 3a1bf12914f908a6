/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/lead.h"

#include <string.h>

#define NOT_UTF_8  "not UTF-8: save it as UTF-8"
#define COMPRESSED "compressed: only plain text is read"

/* The longer before the shorter that it begins with. */
static const struct lead {
    const char *bytes;
    size_t n;
    const char *name, *what; // NULL: the mark of UTF-8
} leads[] = {
    { "\xEF\xBB\xBF", 3, NULL, NULL },
    { "\xFF\xFE\0\0", 4, "UTF-32", NOT_UTF_8 },
    { "\0\0\xFE\xFF", 4, "UTF-32", NOT_UTF_8 },
    { "\xFF\xFE", 2, "UTF-16", NOT_UTF_8 },
    { "\xFE\xFF", 2, "UTF-16", NOT_UTF_8 },
    { "\x1F\x8B", 2, "gzip", COMPRESSED }, // RFC 1952, 2.3.1
    { "\x78\x01", 2, "zlib", COMPRESSED }, // RFC 1950: HTTP calls it deflate
    { "\x78\x9C", 2, "zlib", COMPRESSED },
    { "\x78\xDA", 2, "zlib", COMPRESSED },
    { "\x28\xB5\x2F\xFD", 4, "zstd", COMPRESSED }, // RFC 8878, 3.1.1
    { "\xFD"
      "7zXZ\0",
      6, "xz", COMPRESSED },
    { "PK\x03\x04", 4, "zip, as .xlsx and .kmz are", COMPRESSED },
};

bool lead_skip(const char **bytes, size_t *n, struct fault *why)
{
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
        const struct lead *lead = &leads[i];

        if (*n < lead->n || memcmp(*bytes, lead->bytes, lead->n) != 0)
            continue;
        if (lead->name != NULL)
            return fault_set(why, "%s, %s", lead->name, lead->what);
        *bytes += lead->n;
        *n -= lead->n;
        return true;
    }
    return true;
}
