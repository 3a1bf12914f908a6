/* SPDX-License-Identifier: Apache-2.0 */
/* Any body, as one JSON and as lines of it. */
#include "adapter/ping_json.h"

#include <math.h>

#include "fuzz/fuzz.h"

static void take(const struct ping *ping, size_t index, const char *why, void *arg)
{
    size_t *expected = arg;

    promise(index == (*expected)++);
    promise((ping == NULL) == (why != NULL));
    if (ping == NULL) {
        promise(why[0] != '\0' && is_utf8(why));
        return;
    }
    promise(name_valid(ping->device));
    promise(lonlat_valid(ping->at));
    promise(ping->time.ms >= -86400000 && ping->time.ms < 7289740800000); // with an offset
    promise(isnan(ping->accuracy) || ping->accuracy > 0);
    promise(isnan(ping->battery) || (ping->battery >= 0 && ping->battery <= 100));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    for (int lines = 0; lines < 2; lines++) {
        struct fault why = { .text = "" };
        size_t taken = 0;
        bool ok = ping_json_read(n > 0 ? (const char *)bytes : "", n, lines, take, &taken, &why);

        promise(ok || (taken == 0 && why.text[0] != '\0' && is_utf8(why.text)));
        promise(ok || !lines);
    }
    return 0;
}
