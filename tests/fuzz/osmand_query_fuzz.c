/* SPDX-License-Identifier: Apache-2.0 */
/* Any query of OsmAnd or a Traccar Client. */
#include "adapter/osmand_query.h"

#include "fuzz/fuzz.h"
#include "fuzz/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    readers_try(osmand_query_read, bytes, n);
    return 0;
}
