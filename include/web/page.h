/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.h - the page's files, read once: what is asked for is looked up by name in memory, so no
 * path of a request ever goes to the file system. Map tiles, files *.pmtiles, stay on disk and
 * open: they are large, and asked for by ranges.
 */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "core/fault.h"
#include "web/tiles_file.h"

#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum {
    PAGE_FILES_MAX = 1024,
    PAGE_NAME_MAX = 200,               /* of a path below the folder, with its zero */
    PAGE_DEPTH_MAX = 8,                /* folders in folders */
    PAGE_FILE_MAX = 16 * 1024 * 1024,  /* bytes of one file, */
    PAGE_BYTES_MAX = 64 * 1024 * 1024, /* and of all, but tiles */
    PAGE_RANGE_MAX = 1024 * 1024,      /* bytes of tiles in one answer */
    PAGE_ETAG_MAX = 40
};

struct page_file {
    char name[PAGE_NAME_MAX]; /* "/index.html", "/ol/ol.js" */
    const char *type;
    char etag[PAGE_ETAG_MAX]; /* with its quotes */
    uint64_t size;
    char *bytes; /* NULL: tiles, */
    int fd;      /* of which this is the file; else -1 */
    struct timespec written;
};

struct page;

/*
 * All regular files of the folder whose names are made of letters, digits, - _ . and do not begin
 * with a dot; links are passed over. `tiles` ("": none) is there as "/tiles.pmtiles", unless it
 * cannot be drawn: page_tiles says why, and all else is there. False with the reason, which names
 * the file.
 */
bool page_load(const char *folder, const char *tiles, struct page **out, struct fault *why);
void page_destroy(struct page *page); /* NULL is fine */

/* By the path of a request as it was sent; "/" is "/index.html". NULL: there is none. */
const struct page_file *page_find(const struct page *page, const char *path);
size_t page_count(const struct page *page);

/* What is known of the file of tiles that was named; NULL with the reason, or "" as none was. */
const struct tiles_facts *page_tiles(const struct page *page, const char **out_why);

/* Bytes of tiles into `out`; false when they cannot be read, or the file is not as it was. */
bool page_read(const struct page_file *tiles, uint64_t from, size_t n, char *out);

/* Whether an If-None-Match header (NULL: absent) has this entity tag. */
bool page_etag_matches(const char *header, const char *etag);

#endif
