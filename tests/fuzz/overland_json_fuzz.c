/* SPDX-License-Identifier: Apache-2.0 */
/* Any body of Overland and of the plugin family. */
#include "adapter/ping/overland.h"

#include "fuzz/fuzz.h"
#include "fuzz/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    readers_try(overland_read, bytes, n);
    return 0;
}
