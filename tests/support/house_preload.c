/* SPDX-License-Identifier: Apache-2.0 */
#include "support/house.h"

#include <stdio.h>
#include <stdlib.h>

void house_preload(struct house *house, const char *shim)
{
    static char preload[512], sanitizer[512];
    const char *options = getenv("ASAN_OPTIONS");

    snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", shim);
    snprintf(sanitizer, sizeof(sanitizer), "ASAN_OPTIONS=%s%sverify_asan_link_order=0",
             options == NULL ? "" : options, options == NULL ? "" : ":");
    house_environment(house, preload);
    house_environment(house, sanitizer);
}

void house_gate_fit(struct house *house)
{
    static char gate[128];

    snprintf(gate, sizeof gate, "SLOWREAD_GATE=%s", house_path(house, "gate").text);
    house_preload(house, SLOWREAD_SHIM);
    house_environment(house, gate);
}

void house_shift_fit(struct house *house)
{
    static char file[128];

    snprintf(file, sizeof file, "SHIFTCLOCK_FILE=%s", house_path(house, "ahead").text);
    house_preload(house, SHIFTCLOCK_SHIM);
    house_environment(house, file);
}
