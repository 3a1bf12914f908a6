/* SPDX-License-Identifier: Apache-2.0 */
#include "web/page.h"

#include "adapter/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct page {
    size_t n;
    uint64_t bytes; // of all that is in memory
    struct page_file files[PAGE_FILES_MAX];
    struct tiles_facts tiles;
    struct fault tiles_why; // "" and no facts: none was named
};

static const struct {
    const char *end, *type;
} types[] = {
    { ".html", "text/html; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".mjs", "text/javascript; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" },
    { ".json", "application/json" },
    { ".geojson", "application/geo+json" },
    { ".map", "application/json" },
    { ".webmanifest", "application/manifest+json" },
    { ".svg", "image/svg+xml" },
    { ".png", "image/png" },
    { ".jpg", "image/jpeg" },
    { ".webp", "image/webp" },
    { ".ico", "image/x-icon" },
    { ".woff2", "font/woff2" },
    { ".txt", "text/plain; charset=utf-8" },
    { ".mp3", "audio/mpeg" },
    { ".ogg", "audio/ogg" },
    { ".wav", "audio/wav" },
    { ".pmtiles", "application/vnd.pmtiles" },
    { ".pbf", "application/x-protobuf" },
};

static const char *type_of(const char *name)
{
    size_t n = strlen(name);

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t end = strlen(types[i].end);

        if (n > end && strcmp(name + n - end, types[i].end) == 0)
            return types[i].type;
    }
    return "application/octet-stream";
}

static bool is_tiles(const char *name)
{
    return strcmp(type_of(name), "application/vnd.pmtiles") == 0;
}

static bool is_plain(const char *name)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./";

    return name[strspn(name, letters)] == '\0' && strstr(name, "/.") == NULL;
}

/* ---- a file ---- */

static bool say(const char *path, struct fault *why)
{
    return fault_set(why, "%.300s: %s", path, strerror(errno));
}

static bool read_bytes(int fd, struct page_file *file)
{
    unsigned char digest[DIGEST_BYTES];
    char hex[DIGEST_HEX];

    file->bytes = malloc(file->size + 1);
    if (file->bytes == NULL || pread(fd, file->bytes, file->size, 0) != (ssize_t)file->size ||
        !digest_of(file->bytes, file->size, digest))
        return false;
    snprintf(file->etag, sizeof file->etag, "\"%.32s\"", digest_print(digest, sizeof digest, hex));
    return true;
}

/* Of tiles, which are not read whole: when they were written, and how large they are. */
static void tag_tiles(struct page_file *file, const struct stat *what)
{
    snprintf(file->etag, sizeof file->etag, "\"%llx-%llx\"", (unsigned long long)what->st_mtime,
             (unsigned long long)file->size);
    file->written = what->st_mtim;
}

/* Into memory, or held open; `fd` is the caller's as long as file->fd is another. */
static bool take_open(struct page *page, const char *path, int fd, struct page_file *file,
                      struct fault *why)
{
    struct stat what;

    if (fstat(fd, &what) != 0)
        return say(path, why);
    if (!S_ISREG(what.st_mode))
        return fault_set(why, "%.300s: is no regular file", path);
    file->size = (uint64_t)what.st_size;
    file->type = type_of(file->name);
    if (is_tiles(file->name)) {
        tag_tiles(file, &what);
        file->fd = fd;
        return true;
    }
    page->bytes += file->size;
    if (file->size > PAGE_FILE_MAX || page->bytes > PAGE_BYTES_MAX)
        return fault_set(why, "%.300s: is over %d MiB, or all files are over %d MiB", path,
                         PAGE_FILE_MAX >> 20, PAGE_BYTES_MAX >> 20);
    return read_bytes(fd, file) || say(path, why);
}

static bool take(struct page *page, const char *path, struct page_file *file, struct fault *why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool taken = fd >= 0 ? take_open(page, path, fd, file, why) : say(path, why);

    if (fd >= 0 && file->fd != fd)
        close(fd);
    return taken;
}

static bool add(struct page *page, const char *path, const char *name, struct fault *why)
{
    struct page_file *file = &page->files[page->n];

    if (page->n == PAGE_FILES_MAX)
        return fault_set(why, "%.300s: more than %d files", path, PAGE_FILES_MAX);
    *file = (struct page_file){ .fd = -1 };
    if (snprintf(file->name, PAGE_NAME_MAX, "%s", name) >= PAGE_NAME_MAX)
        return fault_set(why, "%.300s: its name is over %d characters", path, PAGE_NAME_MAX - 1);
    page->n++;
    return take(page, path, file, why);
}

/* ---- all of them ---- */

static bool walk(struct page *page, const char *folder, FTS *fts, struct fault *why)
{
    size_t root = strlen(folder);
    FTSENT *one;

    while ((one = fts_read(fts)) != NULL) {
        const char *name = one->fts_path + root;

        if (one->fts_info == FTS_ERR || one->fts_info == FTS_DNR || one->fts_info == FTS_NS) {
            errno = one->fts_errno;
            return say(one->fts_path, why);
        }
        if (one->fts_info == FTS_D && (one->fts_level > PAGE_DEPTH_MAX || !is_plain(name)))
            fts_set(fts, one, FTS_SKIP);
        else if (one->fts_info == FTS_F && is_plain(name) &&
                 !add(page, one->fts_accpath, name, why))
            return false;
    }
    return true;
}

static bool load_folder(struct page *page, const char *folder, struct fault *why)
{
    char root[1024];
    char *const roots[] = { root, NULL };
    size_t n = (size_t)snprintf(root, sizeof root, "%s", folder);
    FTS *fts;
    bool good;

    while (n > 1 && n < sizeof root && root[n - 1] == '/')
        root[--n] = '\0';
    fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    if (fts == NULL)
        return say(folder, why);
    good = walk(page, root, fts, why);
    fts_close(fts);
    return good;
}

/* Whatever is wrong with it, the page goes on without, and says why, without the file's name. */
static void load_tiles(struct page *page, const char *path)
{
    size_t n = page->n, named = strnlen(path, 300) + 2; // "path: ", as say() has it
    struct fault why;

    if (!add(page, path, "/tiles.pmtiles", &why)) {
        fault_set(&page->tiles_why, "%s", strlen(why.text) > named ? why.text + named : why.text);
        page->n = n; // what was begun of it is no file
    } else if (!tiles_file_check(page->files[n].fd, page->files[n].size, &page->tiles, &why)) {
        page->tiles_why = why;
        close(page->files[n].fd);
        page->n = n;
    }
}

bool page_load(const char *folder, const char *tiles, struct page **out, struct fault *why)
{
    struct page *page = calloc(1, sizeof *page);

    if (page == NULL)
        return fault_set(why, FAULT_MEMORY);
    if (!load_folder(page, folder, why)) {
        page_destroy(page);
        return false;
    }
    if (tiles[0] != '\0')
        load_tiles(page, tiles);
    *out = page;
    return true;
}

void page_destroy(struct page *page)
{
    if (page == NULL)
        return;
    for (size_t i = 0; i < page->n; i++) {
        free(page->files[i].bytes);
        if (page->files[i].fd >= 0)
            close(page->files[i].fd);
    }
    free(page);
}

/* ---- what is asked ---- */

const struct page_file *page_find(const struct page *page, const char *path)
{
    const char *name = strcmp(path, "/") == 0 ? "/index.html" : path;

    for (size_t i = page->n; i-- > 0;) { // the last one first: tiles that were named by themselves
        if (strcmp(page->files[i].name, name) == 0)
            return &page->files[i];
    }
    return NULL;
}

size_t page_count(const struct page *page)
{
    return page->n;
}

/* Written over in place, a directory would be of before, and a tile of now. */
static bool is_as_it_was(const struct page_file *tiles)
{
    struct stat what;

    return fstat(tiles->fd, &what) == 0 && (uint64_t)what.st_size == tiles->size &&
           what.st_mtim.tv_sec == tiles->written.tv_sec &&
           what.st_mtim.tv_nsec == tiles->written.tv_nsec;
}

const struct tiles_facts *page_tiles(const struct page *page, const char **out_why)
{
    *out_why = page->tiles_why.text;
    if (page->tiles.kind == NULL)
        return NULL;
    if (is_as_it_was(page_find(page, "/tiles.pmtiles")))
        return &page->tiles;
    *out_why = "the file was written over in place: reload";
    return NULL;
}

bool page_read(const struct page_file *tiles, uint64_t from, size_t n, char *out)
{
    size_t got = 0;
    ssize_t one = 1;

    if (!is_as_it_was(tiles))
        return false;
    // At most PAGE_RANGE_MAX bytes, and one at least each turn.
    while (got < n && (one = pread(tiles->fd, out + got, n - got, (off_t)(from + got))) > 0)
        got += (size_t)one;
    return got == n;
}

bool page_etag_matches(const char *header, const char *etag)
{
    return header != NULL && (strcmp(header, "*") == 0 || strstr(header, etag) != NULL);
}
