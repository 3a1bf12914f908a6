/* SPDX-License-Identifier: Apache-2.0 */
/* last_good_copy.c - LEDGER-rules is written while files are read, and put in place as a whole. */
#include "adapter/last_good_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct shape {
    struct shape *next;
    char digest[DIGEST_HEX];
    char name[];
};

struct last_good_copy {
    FILE *file; // PATH.new, or what stands for it before that has a name; NULL: nothing is written
    char *head; // of that
    size_t n_head;
    char path[LAST_GOOD_PATH_MAX], fresh[LAST_GOOD_PATH_MAX + 8];
    bool in_place, failed, closed;
    struct fault why; // the first failure
    struct digest text, all;
    struct shape *shapes; // that the newest file of orders has named
};

static void fail_to(struct last_good_copy *copy, const char *what, const char *why)
{
    if (!copy->failed)
        fault_set(&copy->why, "%.300s: %s", what, why);
    copy->failed = true;
}

struct last_good_copy *last_good_copy_create(void)
{
    struct last_good_copy *copy = calloc(1, sizeof *copy);

    if (copy == NULL)
        return NULL;
    copy->file = open_memstream(&copy->head, &copy->n_head);
    if (copy->file == NULL) {
        free(copy);
        return NULL;
    }
    digest_begin(&copy->text);
    digest_begin(&copy->all);
    fputs(LAST_GOOD_HEAD "\n", copy->file);
    return copy;
}

static void forget_shapes(struct last_good_copy *copy)
{
    while (copy->shapes != NULL) { // each is freed
        struct shape *next = copy->shapes->next;

        free(copy->shapes);
        copy->shapes = next;
    }
}

static void close_digests(struct last_good_copy *copy)
{
    unsigned char unused[DIGEST_BYTES];

    if (copy->closed)
        return;
    digest_end(&copy->text, unused);
    digest_end(&copy->all, unused);
}

/* Not a newer one of that name. */
static bool is_there(const struct last_good_copy *copy)
{
    struct stat ours, there;

    return copy->file != NULL && copy->fresh[0] != '\0' && fstat(fileno(copy->file), &ours) == 0 &&
           stat(copy->fresh, &there) == 0 && ours.st_ino == there.st_ino &&
           ours.st_dev == there.st_dev;
}

void last_good_copy_destroy(struct last_good_copy *copy)
{
    if (copy == NULL)
        return;
    close_digests(copy);
    if (!copy->in_place && is_there(copy))
        unlink(copy->fresh);
    if (copy->file != NULL)
        fclose(copy->file);
    forget_shapes(copy);
    free(copy->head);
    free(copy);
}

void last_good_copy_to(struct last_good_copy *copy, const char *path)
{
    int fd;

    fclose(copy->file); // copy->head is whole now
    copy->file = NULL;
    if (path == NULL)
        return;
    snprintf(copy->path, sizeof copy->path, "%s", path);
    snprintf(copy->fresh, sizeof copy->fresh, "%s.new", path);
    unlink(copy->fresh); // of a breachd that was killed
    fd = open(copy->fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 || (copy->file = fdopen(fd, "w")) == NULL) {
        fail_to(copy, copy->fresh, strerror(errno));
        if (fd >= 0)
            close(fd);
        return;
    }
    fwrite(copy->head, 1, copy->n_head, copy->file);
}

/* Whether it was copied already; a second time it must say the same. */
static bool is_again(struct last_good_copy *copy, const char *name, const char *digest)
{
    // The shapes of one file of orders.
    for (const struct shape *shape = copy->shapes; shape != NULL; shape = shape->next) {
        if (strcmp(shape->name, name) != 0)
            continue;
        if (strcmp(shape->digest, digest) != 0)
            fail_to(copy, name, "has changed while it was read");
        return true;
    }
    return false;
}

static void note_shape(struct last_good_copy *copy, const char *name, const char *digest)
{
    size_t length = strlen(name) + 1;
    const char *orders = strchr(name, '\t');
    struct shape *shape;

    // Those of one file of orders come one after the other.
    if (copy->shapes != NULL && orders != NULL &&
        strcmp(strchr(copy->shapes->name, '\t'), orders) != 0)
        forget_shapes(copy);
    shape = malloc(sizeof *shape + length);
    if (shape == NULL) {
        fail_to(copy, name, FAULT_MEMORY);
        return;
    }
    memcpy(shape->name, name, length);
    strcpy(shape->digest, digest);
    shape->next = copy->shapes;
    copy->shapes = shape;
}

void last_good_copy_add(struct last_good_copy *copy, enum last_good_kind kind, const char *name,
                        const void *bytes, size_t n)
{
    unsigned char digest[DIGEST_BYTES];
    char hex[DIGEST_HEX];

    if (!digest_of(bytes, n, digest))
        fail_to(copy, name, "it has no digest");
    digest_print(digest, sizeof digest, hex);
    if (kind == LAST_GOOD_SHAPE && is_again(copy, name, hex))
        return;
    if (kind == LAST_GOOD_SHAPE)
        note_shape(copy, name, hex);
    if (strchr(name, '\n') != NULL || strlen(name) > LAST_GOOD_LINE_MAX / 2)
        fail_to(copy, name, "the name has a line end, or is too long");
    last_good_digest_text(&copy->text, kind, name, hex);
    if (copy->file == NULL || copy->failed)
        return;
    fprintf(copy->file, "%s %s %zu %s\n", last_good_names[kind], hex, n, name);
    fwrite(bytes, 1, n, copy->file);
    fputc('\n', copy->file);
}

void last_good_copy_order(struct last_good_copy *copy, const char *id, struct utc until)
{
    last_good_digest_order(&copy->all, id, until);
    if (copy->file != NULL && !copy->failed)
        fprintf(copy->file, "order %s %" PRId64 "\n", id, until.ms);
}

bool last_good_copy_end(struct last_good_copy *copy, struct utc at, char out_digest[DIGEST_HEX],
                        struct fault *why)
{
    unsigned char text[DIGEST_BYTES], all[DIGEST_BYTES];
    char hex[DIGEST_HEX];
    bool ok = digest_end(&copy->text, text);

    digest_print(text, sizeof text, out_digest);
    last_good_digest_end(&copy->all, at, out_digest);
    ok = digest_end(&copy->all, all) && ok;
    copy->closed = true;
    if (!ok)
        fail_to(copy, copy->path, "it has no digest");
    if (copy->file != NULL && !copy->failed &&
        (fprintf(copy->file, "end %" PRId64 " %s %s\n", at.ms, out_digest,
                 digest_print(all, sizeof all, hex)) < 0 ||
         fflush(copy->file) != 0 || ferror(copy->file)))
        fail_to(copy, copy->fresh, strerror(errno));
    if (copy->failed)
        *why = copy->why;
    return !copy->failed;
}

/* The folder's entry, so that a power cut leaves the one or the other. */
static bool sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char folder[LAST_GOOD_PATH_MAX];
    int fd;
    bool ok;

    snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash - path + 1) : 1,
             slash != NULL ? path : ".");
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

bool last_good_copy_commit(struct last_good_copy *copy, struct fault *why)
{
    if (copy->failed || copy->file == NULL || copy->fresh[0] == '\0') {
        *why = copy->why;
        return false;
    }
    if (!is_there(copy))
        return fault_set(why, "%.300s: was taken away", copy->fresh);
    if (fsync(fileno(copy->file)) != 0)
        return fault_set(why, "%.300s: %s", copy->fresh, strerror(errno));
    if (rename(copy->fresh, copy->path) != 0)
        return fault_set(why, "%.300s: %s", copy->path, strerror(errno));
    copy->in_place = true;
    return sync_folder(copy->path) || fault_set(why, "%.300s: %s", copy->path, strerror(errno));
}
