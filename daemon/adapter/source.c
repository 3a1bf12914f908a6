/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/source.h"

#include "adapter/textfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { NAME_ROOM = LAST_GOOD_LINE_MAX };

bool source_is_held(const struct sources *sources, const char *orders)
{
    for (size_t i = 0; i < sources->n_held; i++) {
        if (strcmp(sources->held[i], orders) == 0)
            return true;
    }
    return false;
}

static const char *name_of(const char *path, const char *orders, char out[NAME_ROOM])
{
    snprintf(out, NAME_ROOM, "%s%s%s", path, orders != NULL ? "\t" : "", orders ? orders : "");
    return out;
}

/* The whole file, of a size that textfile_open has looked at; what it grows by meanwhile is not. */
static char *read_all(FILE *file, size_t *out_n, struct fault *why)
{
    struct stat what;
    char *bytes;

    if (fstat(fileno(file), &what) != 0 || (bytes = malloc((size_t)what.st_size + 1)) == NULL) {
        fault_set(why, "%s", strerror(errno));
        return NULL;
    }
    *out_n = fread(bytes, 1, (size_t)what.st_size, file);
    if (!ferror(file))
        return bytes;
    fault_set(why, "%s", strerror(errno));
    free(bytes);
    return NULL;
}

/* A stream over bytes that stay; a stream over none cannot be had of all libcs. */
static FILE *stream_over(const char *bytes, size_t n)
{
    union {
        const char *ours;
        char *theirs; // which is only read
    } same = { bytes };

    return n > 0 ? fmemopen(same.theirs, n, "r") : fopen("/dev/null", "re");
}

static bool open_last(const struct sources *sources, enum last_good_kind kind, const char *name,
                      struct source *out, struct fault *why)
{
    const struct last_good_text *text = last_good_find(sources->last, kind, name);

    if (text == NULL)
        return fault_set(why, "%s", strerror(ENOENT));
    if (sources->copy != NULL)
        last_good_copy_add(sources->copy, kind, name, text->bytes, text->n);
    *out = (struct source){ .file = stream_over(text->bytes, text->n) };
    return out->file != NULL || fault_set(why, "%s", strerror(errno));
}

/* What is judged is what is copied, whatever happens to the file meanwhile. */
static bool open_copied(const struct sources *sources, enum last_good_kind kind, const char *name,
                        struct source *out, struct fault *why)
{
    FILE *file = out->file;
    size_t n;

    out->owned = read_all(file, &n, why);
    fclose(file);
    out->file = NULL;
    if (out->owned == NULL)
        return false;
    last_good_copy_add(sources->copy, kind, name, out->owned, n);
    out->file = stream_over(out->owned, n);
    if (out->file != NULL)
        return true;
    fault_set(why, "%s", strerror(errno));
    free(out->owned);
    return false;
}

bool source_open(const struct sources *sources, enum last_good_kind kind, const char *path,
                 const char *orders, long long max, struct source *out, struct fault *why)
{
    const char *file_of_orders = kind == LAST_GOOD_ORDERS ? path : orders;
    char name[NAME_ROOM];
    bool held =
        sources != NULL && file_of_orders != NULL && source_is_held(sources, file_of_orders);

    name_of(path, orders, name);
    if (sources != NULL && sources->last != NULL && (sources->by_last || held))
        return open_last(sources, kind, name, out, why);
    *out = (struct source){ .file = textfile_open(path, max, why) };
    if (out->file == NULL)
        return false;
    return sources == NULL || sources->copy == NULL || open_copied(sources, kind, name, out, why);
}

void source_close(struct source *source)
{
    fclose(source->file);
    free(source->owned);
    *source = (struct source){ 0 };
}

bool source_is_unchanged(const struct last_good_text *text, long long max)
{
    char path[NAME_ROOM], *bytes;
    struct fault unused;
    FILE *file;
    size_t n = 0;
    bool same;

    snprintf(path, sizeof path, "%.*s", (int)strcspn(text->name, "\t"), text->name);
    file = textfile_open(path, max, &unused);
    if (file == NULL)
        return false;
    bytes = read_all(file, &n, &unused);
    same = bytes != NULL && n == text->n && memcmp(bytes, text->bytes, n) == 0;
    free(bytes);
    fclose(file);
    return same;
}
