/* SPDX-License-Identifier: Apache-2.0 */
/* Any body, as one JSON and as lines of it. */
#include "adapter/ping/ping_json.h"

#include "fuzz/fuzz.h"
#include "fuzz/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    readers_try(ping_json_read, bytes, n);
    readers_try(ping_json_read_lines, bytes, n);
    return 0;
}
