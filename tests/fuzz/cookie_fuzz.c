/* SPDX-License-Identifier: Apache-2.0 */
/* Any Cookie and Range header: an id of 64 digits that stands in it, bytes that lie in the file. */
#include "web/byte_range.h"
#include "web/cookie.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

static void try_cookie(const char *text, bool secure)
{
    char id[SECRET_HEX];

    if (!cookie_read(text, secure, id))
        return;
    promise(strlen(id) == SECRET_HEX - 1 && strspn(id, "0123456789abcdef") == SECRET_HEX - 1);
    promise(strstr(text, id) != NULL && strstr(text, secure ? "__Host-breachd=" : "breachd="));
}

static void try_range(const char *text, uint64_t size, uint64_t most)
{
    uint64_t from = 0, n = 0;

    if (byte_range_read(text, size, most, &from, &n) != RANGE_PART)
        return;
    promise(n > 0 && n <= most && from < size && n <= size - from);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *text = as_text(bytes, n);

    try_cookie(text, false);
    try_cookie(text, true);
    try_range(text, 100, 50);
    try_range(text, UINT64_MAX, UINT64_MAX);
    try_range(text, 0, 50);
    free(text);
    return 0;
}
