/* SPDX-License-Identifier: Apache-2.0 */
/* Any file of map tiles: what can be drawn says so of itself, and nothing else is believed. */
#include "web/tiles_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    int fd = memfd_create("tiles", MFD_CLOEXEC);
    struct tiles_facts facts;
    struct fault why;

    promise(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
    if (tiles_file_check(fd, n, &facts, &why))
        promise(n >= TILES_HEAD && memcmp(bytes, "PMTiles\3", 8) == 0 && facts.kind != NULL &&
                facts.min_zoom <= facts.max_zoom && facts.max_zoom <= TILES_ZOOM_MAX);
    close(fd);
    return 0;
}
