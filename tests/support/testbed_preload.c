/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testbed.h"

#include <stdio.h>
#include <stdlib.h>

void testbed_preload(struct testbed *testbed, const char *shim)
{
    static char preload[512], sanitizer[512];
    const char *options = getenv("ASAN_OPTIONS");

    snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", shim);
    snprintf(sanitizer, sizeof(sanitizer), "ASAN_OPTIONS=%s%sverify_asan_link_order=0",
             options == NULL ? "" : options, options == NULL ? "" : ":");
    testbed_environment(testbed, preload);
    testbed_environment(testbed, sanitizer);
}

void testbed_gate_fit(struct testbed *testbed)
{
    static char gate[128];

    snprintf(gate, sizeof gate, "SLOWREAD_GATE=%s", testbed_path(testbed, "gate").text);
    testbed_preload(testbed, SLOWREAD_SHIM);
    testbed_environment(testbed, gate);
}

void testbed_shift_fit(struct testbed *testbed)
{
    static char file[128];

    snprintf(file, sizeof file, "SHIFTCLOCK_FILE=%s", testbed_path(testbed, "ahead").text);
    testbed_preload(testbed, SHIFTCLOCK_SHIM);
    testbed_environment(testbed, file);
}
