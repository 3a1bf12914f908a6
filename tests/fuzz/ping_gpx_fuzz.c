/* SPDX-License-Identifier: Apache-2.0 */
/* Any file that says to be GPX. */
#include "adapter/ping/ping_gpx.h"

#include "fuzz/fuzz.h"
#include "fuzz/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    readers_try(ping_gpx_read, bytes, n);
    return 0;
}
