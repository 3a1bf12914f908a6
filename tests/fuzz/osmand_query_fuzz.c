/* SPDX-License-Identifier: Apache-2.0 */
/* Any query of OsmAnd or a Traccar Client, and one value out of it. */
#include "adapter/ping/osmand_query.h"

#include "adapter/query.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/readers.h"

static void try_values(const uint8_t *bytes, size_t n)
{
    static const char *const keys[] = { "id", "token", "d" };
    char *query = n > 0 ? strndup((const char *)bytes, n) : strdup(""), value[16];

    for (size_t i = 0; query != NULL && i < sizeof keys / sizeof *keys; i++) {
        bool found = query_value(query, keys[i], value, sizeof value);

        promise(found == (value[0] != '\0') && strlen(value) < sizeof value);
    }
    free(query);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    readers_try(osmand_query_read, bytes, n);
    try_values(bytes, n);
    return 0;
}
