/* SPDX-License-Identifier: Apache-2.0 */
#include "web/tiles_file.h"

#include "adapter/gzip.h"

#include <endian.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PACKED_NOT = 1, PACKED_GZIP = 2 };

/* Where the parts of the head are. */
enum {
    AT_VERSION = 7,
    AT_PARTS = 8, // offset and length each: root, metadata, leaves, tiles
    AT_INTERNAL = 97,
    AT_TILES_PACKED = 98,
    AT_KIND = 99,
    AT_MIN_ZOOM = 100,
    AT_MAX_ZOOM = 101
};

enum part_of { PART_ROOT, PART_METADATA, PART_LEAVES, PART_TILES, PARTS };

struct part {
    uint64_t at, n;
};

/* As the kinds of tiles are numbered; the page draws these. */
static const char *const kinds[] = { NULL, "vector", "png", "jpeg", "webp" };

static struct part part_of_head(const unsigned char *head, enum part_of which)
{
    uint64_t pair[2];

    memcpy(pair, head + AT_PARTS + (size_t)which * sizeof pair, sizeof pair);
    return (struct part){ le64toh(pair[0]), le64toh(pair[1]) };
}

static bool is_whole(const unsigned char *head, uint64_t size, struct fault *why)
{
    for (enum part_of which = PART_ROOT; which < PARTS; which++) {
        struct part part = part_of_head(head, which);

        if (part.at > size || part.n > size - part.at)
            return fault_set(why, "is cut: it has %" PRIu64 " bytes, and a part of it ends behind",
                             size);
    }
    return true;
}

static bool is_packed(const unsigned char *head, size_t at)
{
    return head[at] == PACKED_NOT || head[at] == PACKED_GZIP;
}

static bool is_drawable(const unsigned char *head, struct fault *why)
{
    struct part root = part_of_head(head, PART_ROOT);

    if (memcmp(head, "PMTiles", 7) != 0)
        return fault_set(why, "is no PMTiles file");
    if (head[AT_VERSION] != 3)
        return fault_set(why, "is PMTiles of version %d, and 3 is wanted", head[AT_VERSION]);
    if (!is_packed(head, AT_INTERNAL) || !is_packed(head, AT_TILES_PACKED))
        return fault_set(why, "is packed by something else than gzip");
    if (head[AT_KIND] >= sizeof kinds / sizeof *kinds || kinds[head[AT_KIND]] == NULL)
        return fault_set(why, "its tiles are of kind %d: 1..4, vector, png, jpeg, webp, are drawn",
                         head[AT_KIND]);
    if (head[AT_MIN_ZOOM] > head[AT_MAX_ZOOM] || head[AT_MAX_ZOOM] > TILES_ZOOM_MAX)
        return fault_set(why, "its zooms are %d..%d, and 0..%d are drawn", head[AT_MIN_ZOOM],
                         head[AT_MAX_ZOOM], TILES_ZOOM_MAX);
    if (root.n == 0 || root.at < TILES_HEAD || root.at > TILES_ROOT_MAX ||
        root.n > TILES_ROOT_MAX - root.at)
        return fault_set(why, "its root directory is not within the first %d bytes",
                         TILES_ROOT_MAX);
    return true;
}

/* ---- whose work it is ---- */

static bool names_somebody(const char *bytes, size_t n)
{
    json_t *json = json_loadb(bytes, n, 0, NULL);
    const char *credit = json_string_value(json_object_get(json, "attribution"));
    bool names = credit != NULL && credit[strspn(credit, " \t\r\n")] != '\0';

    json_decref(json);
    return names;
}

static bool names_in_gzip(const char *bytes, size_t n)
{
    char *unpacked = malloc(TILES_UNPACKED_MAX);
    size_t got;
    bool names = unpacked != NULL &&
                 gzip_unpack_bytes(bytes, n, unpacked, TILES_UNPACKED_MAX, &got) &&
                 names_somebody(unpacked, got);

    free(unpacked);
    return names;
}

/* What cannot be read credits nobody. */
static bool is_credited(int fd, const unsigned char *head)
{
    struct part part = part_of_head(head, PART_METADATA);
    char *bytes = part.n <= TILES_METADATA_MAX ? malloc(part.n + 1) : NULL;
    bool names = bytes != NULL && pread(fd, bytes, part.n, (off_t)part.at) == (ssize_t)part.n &&
                 (head[AT_INTERNAL] == PACKED_GZIP ? names_in_gzip(bytes, part.n)
                                                   : names_somebody(bytes, part.n));

    free(bytes);
    return names;
}

bool tiles_file_check(int fd, uint64_t size, struct tiles_facts *out, struct fault *why)
{
    unsigned char head[TILES_HEAD];

    if (pread(fd, head, sizeof head, 0) != (ssize_t)sizeof head)
        return fault_set(why, "is no PMTiles file: it has not even a head");
    if (!is_drawable(head, why) || !is_whole(head, size, why))
        return false;
    *out = (struct tiles_facts){ .kind = kinds[head[AT_KIND]],
                                 .min_zoom = head[AT_MIN_ZOOM],
                                 .max_zoom = head[AT_MAX_ZOOM],
                                 .credited = is_credited(fd, head) };
    return true;
}
