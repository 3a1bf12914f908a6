/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testbed.h"

#include "support/test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char preload[512], flag[300], sanitizer[512];

void testbed_disk_fit(struct testbed *testbed)
{
    const char *options = getenv("ASAN_OPTIONS");

    snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", FULLDISK_SHIM);
    snprintf(flag, sizeof(flag), "FULLDISK_FLAG=%s", testbed_path(testbed, "full").text);
    snprintf(sanitizer, sizeof(sanitizer), "ASAN_OPTIONS=%s%sverify_asan_link_order=0",
             options == NULL ? "" : options, options == NULL ? "" : ":");
    testbed_environment(testbed, preload);
    testbed_environment(testbed, flag);
    testbed_environment(testbed, sanitizer);
}

void testbed_disk_fill(struct testbed *testbed)
{
    testbed_print(testbed, "full", "yes\n");
}

void testbed_disk_drain(struct testbed *testbed)
{
    testbed_remove(testbed, "full");
}

long testbed_disk_kib(const struct testbed *testbed)
{
    DIR *folder = opendir(testbed_path(testbed, "").text);
    const struct dirent *entry;
    struct stat about;
    long long bytes = 0;

    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        if (strncmp(entry->d_name, "ledger", 6) == 0 &&
            stat(testbed_path(testbed, entry->d_name).text, &about) == 0)
            bytes += about.st_size;
    }
    closedir(folder);
    return (long)(bytes / 1024);
}
