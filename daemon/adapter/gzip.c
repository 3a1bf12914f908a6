/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/gzip.h"

#include "adapter/digest.h"
#include "adapter/textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { PIECE = 256 * 1024, WITH_GZIP_HEAD = 16 }; // the latter of inflateInit2, beside its window

static bool say(const char *path, struct fault *why)
{
    return fault_set(why, "%.300s: %s", path, errno != 0 ? strerror(errno) : "cannot be read");
}

static bool pack(FILE *from, gzFile to, uint64_t total, gzip_progress *on_progress, void *arg)
{
    unsigned char *piece = malloc(PIECE);
    uint64_t done = 0;
    bool ok = piece != NULL;
    size_t n;

    // PIECE bytes each turn, to the end of the file.
    while (ok && (n = fread(piece, 1, PIECE, from)) > 0) {
        ok = gzwrite(to, piece, (unsigned)n) == (int)n;
        done += n;
        on_progress(done, total, arg);
    }
    free(piece);
    return ok && !ferror(from);
}

static bool digest_file(int fd, char hex[GZIP_DIGEST_HEX])
{
    unsigned char digest[DIGEST_BYTES];
    struct stat about;
    void *bytes;
    bool ok;

    if (fstat(fd, &about) != 0 || about.st_size == 0)
        return false;
    bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED)
        return false;
    ok = digest_of(bytes, (size_t)about.st_size, digest);
    munmap(bytes, (size_t)about.st_size);
    digest_print(digest, DIGEST_BYTES, hex);
    return ok;
}

/* gzclose closes its own descriptor of the file. */
static bool fill(FILE *from, int fd, gzip_progress *on_progress, void *arg)
{
    struct stat about;
    int own = dup(fd);
    gzFile to = own >= 0 ? gzdopen(own, "wb6") : NULL;
    bool ok = to != NULL && fstat(fileno(from), &about) == 0 &&
              pack(from, to, (uint64_t)about.st_size, on_progress, arg);

    if (to == NULL && own >= 0)
        close(own);
    return to != NULL && gzclose(to) == Z_OK && ok && fsync(fd) == 0;
}

bool gzip_make(const char *from, const char *to, gzip_progress *on_progress, void *arg,
               char hex[GZIP_DIGEST_HEX], struct fault *why)
{
    FILE *in = fopen(from, "re");
    int fd = in != NULL ? open(to, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
    bool ok;

    if (fd < 0) {
        say(in != NULL ? to : from, why);
        if (in != NULL)
            fclose(in);
        return false;
    }
    errno = 0;
    ok = fill(in, fd, on_progress, arg) && digest_file(fd, hex);
    if (!ok) {
        say(to, why);
        unlink(to);
    }
    fclose(in);
    close(fd);
    return ok;
}

bool gzip_digest(const char *path, char hex[GZIP_DIGEST_HEX], struct fault *why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool ok = fd >= 0 && digest_file(fd, hex);

    if (!ok)
        say(path, why);
    if (fd >= 0)
        close(fd);
    return ok;
}

bool gzip_is(const char *path)
{
    unsigned char head[2] = { 0 };
    struct fault unheard; // whoever opens it says it
    FILE *file = textfile_open(path, INT64_MAX, &unheard);
    bool is = file != NULL && fread(head, sizeof head, 1, file) == 1 && head[0] == 0x1F &&
              head[1] == 0x8B;

    if (file != NULL)
        fclose(file);
    return is;
}

static bool unpack(gzFile from, FILE *to)
{
    unsigned char *piece = malloc(PIECE);
    bool ok = piece != NULL;
    int n = 0;

    // PIECE bytes each turn, to the end of the file.
    while (ok && (n = gzread(from, piece, PIECE)) > 0)
        ok = fwrite(piece, 1, (size_t)n, to) == (size_t)n;
    free(piece);
    return ok && n == 0 && gzeof(from) && !gzdirect(from);
}

static bool open_packed(const char *path, gzFile *out, struct fault *why)
{
    struct fault cause;
    FILE *file = textfile_open(path, INT64_MAX, &cause);
    int own = file != NULL ? fcntl(fileno(file), F_DUPFD_CLOEXEC, 0) : -1;

    *out = own >= 0 ? gzdopen(own, "rb") : NULL;
    if (*out == NULL && own >= 0)
        close(own);
    if (file == NULL)
        return fault_set(why, "%.300s: %.200s", path, cause.text);
    fclose(file);
    return *out != NULL || say(path, why);
}

bool gzip_unpack(const char *path, char out[GZIP_PATH_MAX], struct fault *why)
{
    const char *folder = getenv("TMPDIR");
    gzFile from;
    FILE *to = NULL;
    bool ok;
    int fd;

    if (!open_packed(path, &from, why))
        return false;
    snprintf(out, GZIP_PATH_MAX, "%.400s/breachctl-XXXXXX", folder != NULL ? folder : "/tmp");
    fd = mkostemp(out, O_CLOEXEC); // 0600
    to = fd >= 0 ? fdopen(fd, "w") : NULL;
    ok = to != NULL && unpack(from, to);
    if (gzclose(from) != Z_OK || !ok) // of a file that was cut off only the end says so
        ok = fault_set(why, "%.300s: cannot be unpacked: %s", path,
                       to == NULL ? strerror(errno) : "cut off, or changed");
    if (to != NULL && fclose(to) != 0 && ok)
        ok = say(out, why);
    if (!ok && fd >= 0)
        unlink(out);
    return ok;
}

bool gzip_unpack_bytes(const void *bytes, size_t n, void *out, size_t room, size_t *out_n)
{
    z_stream stream = { .next_in = (z_const Bytef *)bytes,
                        .avail_in = (uInt)n,
                        .next_out = out,
                        .avail_out = (uInt)room };
    bool whole;

    if (n > UINT_MAX || room > UINT_MAX ||
        inflateInit2(&stream, MAX_WBITS + WITH_GZIP_HEAD) != Z_OK)
        return false;
    whole = inflate(&stream, Z_FINISH) == Z_STREAM_END;
    if (whole)
        *out_n = stream.total_out;
    inflateEnd(&stream);
    return whole;
}
