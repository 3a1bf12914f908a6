/* SPDX-License-Identifier: Apache-2.0 */
/* Any message of OwnTracks, by HTTP and by MQTT. */
#include "adapter/ping/owntracks.h"

#include "fuzz/fuzz.h"
#include "fuzz/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    readers_try(owntracks_read, bytes, n);
    readers_try(owntracks_read_any, bytes, n);
    return 0;
}
