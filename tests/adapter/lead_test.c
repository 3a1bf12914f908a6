/* SPDX-License-Identifier: Apache-2.0 */
/* What a text may begin with, and what is told of it when it is none. */
#include "adapter/lead.h"

#include <stdlib.h>
#include <string.h>

#include "support/rows.h"

#define TEXT(literal) literal, sizeof literal - 1

/* `want` is what is left, or the reason. */
static const struct row {
    const char *says, *bytes;
    size_t n;
    const char *want;
} rows[] = {
    { "nothing", TEXT(""), "" },
    { "text", TEXT("{}"), "{}" },
    { "the mark of UTF-8", TEXT("\xEF\xBB\xBF{}"), "{}" },
    { "the mark alone", TEXT("\xEF\xBB\xBF"), "" },
    { "two of them: the second is text", TEXT("\xEF\xBB\xBF\xEF\xBB\xBF"), "\xEF\xBB\xBF" },
    { "half a mark", TEXT("\xEF\xBB"), "\xEF\xBB" },
    { "UTF-16 of Windows", TEXT("\xFF\xFE{\0}\0"), "UTF-16, not UTF-8: save it as UTF-8" },
    { "UTF-16, the other way", TEXT("\xFE\xFF\0{"), "UTF-16, not UTF-8: save it as UTF-8" },
    { "UTF-32", TEXT("\xFF\xFE\0\0{\0\0\0"), "UTF-32, not UTF-8: save it as UTF-8" },
    { "UTF-32, the other way", TEXT("\0\0\xFE\xFF"), "UTF-32, not UTF-8: save it as UTF-8" },
    // HarperFast/harper#1438, google/certificate-transparency#1109: "Unexpected token".
    { "gzip", TEXT("\x1F\x8B\x08\0\0"), "gzip, compressed: only plain text is read" },
    { "half of gzip", TEXT("\x1F"), "\x1F" },
    { "deflate", TEXT("\x78\x9C\xAB"), "zlib, compressed: only plain text is read" },
    { "an x", TEXT("x,y"), "x,y" },
    { "zstd", TEXT("\x28\xB5\x2F\xFD\x04"), "zstd, compressed: only plain text is read" },
    { "xz", TEXT("\xFD\x37zXZ\0\0"), "xz, compressed: only plain text is read" },
    { "a spreadsheet", TEXT("PK\x03\x04\x14"),
      "zip, as .xlsx and .kmz are, compressed: only plain text is read" },
    { "a P and a K", TEXT("PK"), "PK" },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    char *copy = malloc(row->n + 1); // of its size: nothing behind it is looked at
    const char *at = copy;
    size_t n = row->n;
    struct fault why;

    assert_non_null(copy);
    memcpy(copy, row->bytes, n);
    if (lead_skip(&at, &n, &why)) {
        assert_int_equal(n, strlen(row->want));
        assert_memory_equal(at, row->want, n);
    } else {
        assert_string_equal(why.text, row->want);
        assert_int_equal(n, row->n);
    }
    free(copy);
}

int main(void)
{
    return rows_hold("leads", rows, row_holds);
}
