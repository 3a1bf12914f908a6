/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tiles.h - a file of map tiles, PMTiles version 3, of vector tiles from zoom 0 to 14, whose
 * metadata say whose work it is; its directory and tiles are nothing that anybody could draw.
 */
#ifndef SUPPORT_TILES_H
#define SUPPORT_TILES_H

#include <string.h>

#define TILES_SAID "{\"attribution\":\"The town\"}"

enum { TILES_SIZE = 127 + 5 + sizeof TILES_SAID - 1 + 8, TILES_SAID_AT = 127 + 5 };

static inline void tiles_put(unsigned char *at, unsigned value)
{
    for (int i = 0; i < 8; i++)
        at[i] = (unsigned char)(i < 4 ? value >> (8 * i) : 0);
}

/* Into `out`, of TILES_SIZE bytes. */
static inline void tiles_make(unsigned char *out)
{
    const unsigned parts[][2] = {
        { 127, 5 },
        { TILES_SAID_AT, sizeof TILES_SAID - 1 },
        { 0, 0 },
        { TILES_SIZE - 8, 8 },
    };

    memset(out, 0, TILES_SIZE);
    memcpy(out, "PMTiles\3", 8);
    for (size_t i = 0; i < 4; i++) {
        tiles_put(out + 8 + 16 * i, parts[i][0]);
        tiles_put(out + 16 + 16 * i, parts[i][1]);
    }
    memcpy(out + 97, "\1\1\1\0\16", 5); /* packed by nothing, vector, zoom 0..14 */
    memcpy(out + TILES_SAID_AT, TILES_SAID, sizeof TILES_SAID - 1);
}

#endif
