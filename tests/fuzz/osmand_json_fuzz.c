/* SPDX-License-Identifier: Apache-2.0 */
/* Any JSON body of a Traccar Client. */
#include "adapter/ping/osmand.h"

#include "fuzz/fuzz.h"
#include "fuzz/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    readers_try(osmand_read, bytes, n);
    return 0;
}
