/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tiles_file.h - a file of map tiles, PMTiles version 3, as far as the server looks into it:
 * whether it can be drawn at all, and whose work it is. Browsers read the rest by ranges, and
 * believe none of it. (github.com/protomaps/PMTiles, spec/v3: the head is 127 bytes.)
 */
#ifndef WEB_TILES_FILE_H
#define WEB_TILES_FILE_H

#include "core/fault.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    TILES_HEAD = 127,
    TILES_ROOT_MAX = 16384,              /* the root directory ends there, by the specification */
    TILES_ZOOM_MAX = 26,                 /* finer: a tile's number is no exact double */
    TILES_METADATA_MAX = 1024 * 1024,    /* bytes of it in the file, */
    TILES_UNPACKED_MAX = 4 * 1024 * 1024 /* and unpacked */
};

struct tiles_facts {
    const char *kind; /* "vector", "png", "jpeg" or "webp" */
    int min_zoom, max_zoom;
    bool credited; /* its metadata say whose work it is */
};

/*
 * Looks at the file `fd` of `size` bytes. False with the reason, without the file's name, when no
 * browser could draw it: it is something else, of another version, cut, or of a kind that the page
 * does not know.
 */
bool tiles_file_check(int fd, uint64_t size, struct tiles_facts *out, struct fault *why);

#endif
