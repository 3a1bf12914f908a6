/* SPDX-License-Identifier: Apache-2.0 */
#include "support/house.h"

#include <stdio.h>
#include <stdlib.h>

static char preload[512], flag[300], sanitizer[512];

void house_disk_fit(struct house *house)
{
    const char *options = getenv("ASAN_OPTIONS");

    snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", FULLDISK_SHIM);
    snprintf(flag, sizeof(flag), "FULLDISK_FLAG=%s", house_path(house, "full").text);
    snprintf(sanitizer, sizeof(sanitizer), "ASAN_OPTIONS=%s%sverify_asan_link_order=0",
             options == NULL ? "" : options, options == NULL ? "" : ":");
    house_environment(house, preload);
    house_environment(house, flag);
    house_environment(house, sanitizer);
}

void house_disk_fill(struct house *house)
{
    house_print(house, "full", "yes\n");
}

void house_disk_drain(struct house *house)
{
    house_remove(house, "full");
}
