/* SPDX-License-Identifier: Apache-2.0 */
/* Anything a Traccar server might forward. */
#include "adapter/ping/traccar.h"

#include "fuzz/fuzz.h"
#include "fuzz/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    readers_try(traccar_read, bytes, n);
    return 0;
}
